"""A changed parameter: what is computed again, and frames that arrive late."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Route, expect

from tests.browser import expected
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor


@contextmanager
def hold_back(visitor: Visitor, pattern: str) -> Iterator[list[Route]]:
    """Delay requests until the end of the block."""
    late: list[Route] = []

    def hold(route: Route) -> None:
        late.append(route)

    visitor.page.route(pattern, hold)
    yield late
    visitor.page.unroute(pattern)
    for route in late:
        route.continue_()


def test_a_longer_sequence_has_a_new_surface_new_kernels_and_a_new_verdict(fresh_visit: Visit) -> None:
    visitor = fresh_visit()
    said = visitor.verdict("without")
    visitor.type("landscape.sequence_length", "80")
    key = expected.picture("?landscape.sequence_length=80")
    visitor.until("(key) => document.getElementById('map').dataset.key === key", key)
    visitor.until("() => location.search === '?landscape.sequence_length=80'")
    assert visitor.verdicts() == expected.verdicts("landscape.sequence_length=80")
    assert visitor.verdict("without") != said
    assert any("sequence_length=80" in url for url in visitor.requests if "/kernels/" in url)


def test_a_number_of_the_landscape_changes_the_surface_and_no_kernel(visit: Visit) -> None:
    visitor = visit()
    expect(visitor.page.locator("#map[data-columns='513']")).to_be_visible()
    key, count = visitor.page.locator("#map").get_attribute("data-key"), len(visitor.requests)
    visitor.type("landscape.target", "0.4")
    visitor.until(
        "(key) => { const { dataset } = document.getElementById('map'); "
        "return dataset.key !== key && dataset.columns === '513'; }",
        key,
    )
    visitor.until("() => location.search === '?landscape.target=0.4'")
    assert visitor.verdicts() == expected.verdicts("landscape.target=0.4")
    assert [url for url in visitor.requests[count:] if "/kernels/" in url] == []


def test_the_old_picture_stays_until_the_new_one_is_there(visit: Visit) -> None:
    """The surface never goes blank, and the verdict changes once."""
    visitor = visit()
    expect(visitor.page.locator("#map[data-columns='513']")).to_be_visible()
    visitor.page.evaluate("""() => {
      const own = (window.seen = []);
      const heat = document.getElementById('heat');
      const look = () => {
        const { data } = heat.getContext('2d').getImageData(heat.width / 2, heat.height / 2, 1, 1);
        own.push([data[3], document.querySelector('.verdict.with .sentence').textContent]);
        if (window.seen === own) requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    }""")
    before, after = expected.verdicts(""), expected.verdicts("landscape.sequence_length=60")
    visitor.type("landscape.sequence_length", "60")
    expect(visitor.sentence("with")).to_have_text(after["with"].partition(": ")[2])
    # A second change of the verdict would follow within a few frames.
    visitor.frames(10)
    seen = visitor.page.evaluate("seen")
    assert all(opacity == 255 for opacity, _ in seen)
    texts = list(dict.fromkeys(text for _, text in seen))
    assert texts == [before["with"].partition(": ")[2], after["with"].partition(": ")[2]]


def test_quick_slider_moves_end_at_the_last_value(visit: Visit) -> None:
    visitor = visit()
    slider = visitor.slider("landscape.sequence_length")
    slider.focus()
    for _ in range(7):
        visitor.page.keyboard.press("ArrowRight")
    expect(visitor.field("landscape.sequence_length")).to_have_value("57")
    visitor.until("() => history.state.scene.landscape.sequence_length === 57")
    said = expected.verdicts(visitor.link())
    for run, sentence in said.items():
        expect(visitor.sentence(run)).to_have_text(sentence.partition(": ")[2])
    expect(visitor.page.locator("#map[data-columns='513']")).to_be_visible()


def test_late_kernels_do_not_replace_the_current_ones(visit: Visit) -> None:
    visitor = visit()
    expect(visitor.page.locator("#map[data-columns='513']")).to_be_visible()
    with hold_back(visitor, "**/kernels/*sequence_length=51*") as late:
        visitor.type("landscape.sequence_length", "51")
        while not late:
            visitor.frames(2)
        visitor.type("landscape.sequence_length", "50")
        visitor.until("() => location.search === ''")
    # Time for the late kernels to arrive. Then a new start shows which kernels the page uses.
    visitor.frames(20)
    visitor.type("start.0", "4.5")
    visitor.until("() => location.search.includes('start=4.5')")
    assert visitor.verdicts() == expected.verdicts(visitor.link())


def test_the_finest_picture_stays_when_the_frames_of_another_scene_are_late(visit: Visit) -> None:
    """The request for them is cancelled on the way back, since nothing of this Scene is missing."""
    visitor = visit()
    expect(visitor.page.locator("#map[data-columns='513']")).to_be_visible()
    key = visitor.page.locator("#map").get_attribute("data-key")
    visitor.page.evaluate("""() => {
      window.keys = [];
      const map = document.getElementById('map');
      new MutationObserver(() => keys.push(map.dataset.key)).observe(map, { attributeFilter: ['data-key'] });
    }""")
    with hold_back(visitor, "**/frames") as late:
        visitor.type("landscape.target", "0.6")
        while not late:
            visitor.frames(2)
        visitor.type("landscape.target", "0.7")
        visitor.until("() => location.search === ''")
    visitor.frames(20)
    assert visitor.page.evaluate("keys") == []
    assert visitor.page.locator("#map").get_attribute("data-key") == key


def test_the_finest_picture_is_restored_on_the_way_back(visit: Visit) -> None:
    visitor = visit()
    expect(visitor.page.locator("#map[data-columns='513']")).to_be_visible()
    key = visitor.page.locator("#map").get_attribute("data-key")
    visitor.type("landscape.target", "0.6")
    visitor.until("(key) => document.getElementById('map').dataset.key !== key", key)
    visitor.type("landscape.target", "0.7")
    visitor.until("(key) => document.getElementById('map').dataset.key === key", key)
