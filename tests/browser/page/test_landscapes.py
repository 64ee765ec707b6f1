"""Every landscape and preset of the catalogue, chosen one after the other by one visitor; and their parameters."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Route, expect

from cliffscape.landscapes.catalogue import LANDSCAPES
from tests.browser import expected
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

PRESETS = [f"{entry.kind}/{k}" for entry in LANDSCAPES for k in range(len(entry.presets))]
# The opening preset last, so that each choice is a change.
ORDER = [*PRESETS[1:], PRESETS[0]]
PICTURE = """() => {
  const canvas = document.getElementById('heat');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size;
}"""
KEYS = "() => ['map', 'relief'].map((id) => document.getElementById(id).dataset.key)"


@pytest.fixture(scope="module")
def collector(long_visit: Visit) -> Visitor:
    """Someone who tries everything, before the whole page."""
    return long_visit(relief=True)


def whole(visitor: Visitor, before: list[str]) -> None:
    """Wait for the finest picture and mesh that are not those of before."""
    visitor.until(
        """(before) => ['map', 'relief'].every((id, k) => {
          const { key, columns, lines } = document.getElementById(id).dataset;
          return key !== before[k] && (columns === '513' || lines === '129');
        })""",
        before,
    )


@contextmanager
def held(visitor: Visitor, pattern: str) -> Iterator[list[Route]]:
    """Hold requests back until the end of the block."""
    late: list[Route] = []

    def hold(route: Route) -> None:
        late.append(route)

    visitor.page.route(pattern, hold)
    yield late
    visitor.page.unroute(pattern)
    for route in late:
        route.continue_()


@pytest.mark.parametrize("choice", ORDER)
def test_every_preset_shows_its_landscape(collector: Visitor, choice: str) -> None:
    kind, k = choice.split("/")
    entry = LANDSCAPES[kind]
    preset = entry.presets[int(k)]
    same = kind == collector.page.locator("#field-landscape").input_value().split("/")[0]
    before = collector.page.evaluate(KEYS)
    collector.page.locator("#field-landscape").select_option(choice)
    expect(collector.page).to_have_title(f"{entry.label} · Cliffscape")
    if not same:
        whole(collector, before)
    collector.until(
        """([kind, steps, start, method, rate, threshold, own]) => {
          const { landscape, optimizer, clip, start: place, steps: chosen } = history.state.scene;
          return landscape.kind === kind && chosen === steps && String(place) === String(start)
            && optimizer.kind === method && (optimizer.learning_rate ?? null) === rate
            && clip.threshold === threshold && Object.entries(own).every(([name, value]) => landscape[name] === value);
        }""",
        [
            kind,
            preset.choices["steps"],
            preset.choices.get("start"),
            preset.choices["optimizer"],
            preset.choices.get("optimizer.learning_rate"),
            preset.choices["clip.threshold"],
            {name: preset.choices.get(f"landscape.{name}", value) for name, value in entry.defaults.items()},
        ],
    )
    chosen = expected.scene(collector.link())
    assert chosen.steps == preset.choices["steps"]
    assert collector.start() == preset.choices.get("start", entry.start)
    for run, said in expected.verdicts(collector.link()).items():
        expect(collector.sentence(run)).to_have_text(said.partition(": ")[2])
    assert collector.page.evaluate(PICTURE) > 30
    expect(collector.page.locator("#contours .annotation-text")).to_have_text([entry.axes[1], entry.axes[0]])
    expect(collector.page.locator("#field-landscape")).to_have_value(choice)
    assert collector.troubles == []


def test_the_parameters_of_a_landscape_are_fields(visit: Visit) -> None:
    visitor = visit()
    for entry in LANDSCAPES:
        visitor.page.locator("#field-landscape").select_option(f"{entry.kind}/0")
        names = [f"landscape.{parameter.name}" for parameter in entry.parameters]
        visitor.until(
            """(names) => {
              const fields = [...document.querySelectorAll('.family.landscape .field:not(.select)')];
              return String(fields.map((field) => field.dataset.field)) === String(names);
            }""",
            names,
        )


def test_a_longer_sequence_has_another_surface_other_kernels_and_another_verdict(fresh_visit: Visit) -> None:
    visitor = fresh_visit(relief=True)
    before, said = visitor.page.evaluate(KEYS), visitor.verdict("without")
    visitor.type("landscape.sequence_length", "80")
    whole(visitor, before)
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
    visitor.frames(10)
    seen = visitor.page.evaluate("seen")
    assert all(opacity == 255 for opacity, _ in seen)
    texts = list(dict.fromkeys(text for _, text in seen))
    assert texts == [before["with"].partition(": ")[2], after["with"].partition(": ")[2]]


def test_a_quick_hand_on_the_slider_ends_where_it_stopped(visit: Visit) -> None:
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


def test_kernels_that_come_late_do_not_take_the_place_of_the_wanted_ones(visit: Visit) -> None:
    visitor = visit()
    expect(visitor.page.locator("#map[data-columns='513']")).to_be_visible()
    with held(visitor, "**/kernels/*sequence_length=51*") as late:
        visitor.type("landscape.sequence_length", "51")
        while not late:
            visitor.frames(2)
        visitor.type("landscape.sequence_length", "50")
        visitor.until("() => location.search === ''")
    visitor.frames(20)
    visitor.type("start.0", "4.5")
    visitor.until("() => location.search.includes('start=4.5')")
    assert visitor.verdicts() == expected.verdicts(visitor.link())


def test_the_finest_picture_comes_back_from_a_detour_whose_frames_come_late(visit: Visit) -> None:
    visitor = visit()
    expect(visitor.page.locator("#map[data-columns='513']")).to_be_visible()
    key = visitor.page.locator("#map").get_attribute("data-key")
    visitor.page.evaluate("""() => {
      window.keys = [];
      const map = document.getElementById('map');
      new MutationObserver(() => keys.push(map.dataset.key)).observe(map, { attributeFilter: ['data-key'] });
    }""")
    with held(visitor, "**/frames") as late:
        visitor.type("landscape.target", "0.6")
        while not late:
            visitor.frames(2)
        visitor.type("landscape.target", "0.7")
        visitor.until("() => location.search === ''")
    visitor.until("() => keys.length > 0")
    visitor.until("(key) => document.getElementById('map').dataset.key === key", key)


def test_the_finest_picture_comes_back_after_a_detour(visit: Visit) -> None:
    visitor = visit()
    expect(visitor.page.locator("#map[data-columns='513']")).to_be_visible()
    key = visitor.page.locator("#map").get_attribute("data-key")
    visitor.type("landscape.target", "0.6")
    visitor.until("(key) => document.getElementById('map').dataset.key !== key", key)
    visitor.type("landscape.target", "0.7")
    visitor.until("(key) => document.getElementById('map').dataset.key === key", key)


@pytest.mark.parametrize(("choice", "window"), [("one_unit_rnn/0", "paper"), ("product_of_weights/0", "saddle")])
def test_a_window_of_the_landscape_is_chosen_by_name(visit: Visit, choice: str, window: str) -> None:
    visitor = visit()
    if choice != "one_unit_rnn/0":
        visitor.page.locator("#field-landscape").select_option(choice)
    visitor.field("window").select_option(window)
    visitor.until("(window) => location.search.includes(`window=${window}`)", window)
    expect(visitor.page.locator("#map[data-columns='513']")).to_be_visible()
    for run, said in expected.verdicts(visitor.link()).items():
        expect(visitor.sentence(run)).to_have_text(said.partition(": ")[2])


@pytest.mark.parametrize(("group", "value"), [("colour", "gradient_norm"), ("height", "log")])
def test_the_view_changes_the_picture_and_not_the_runs(visit: Visit, group: str, value: str) -> None:
    visitor = visit()
    expect(visitor.page.locator("#map[data-columns='513']")).to_be_visible()
    sample = """() => {
      const heat = document.getElementById('heat');
      const { data } = heat.getContext('2d').getImageData(60, 20, heat.width - 90, heat.height - 80);
      return data.reduce((sum, value) => sum + value, 0) / data.length;
    }"""
    before, said = visitor.page.evaluate(sample), visitor.verdicts()
    visitor.choose(group, value)
    visitor.until("([group, value]) => location.search === `?${group}=${value}`", [group, value])
    visitor.frames()
    assert abs(visitor.page.evaluate(sample) - before) > 2
    assert visitor.verdicts() == said


def test_every_optimizer_can_be_chosen(visit: Visit) -> None:
    visitor = visit("?landscape=himmelblau&optimizer.learning_rate=0.01&clip.threshold=20")
    for kind in ("momentum", "nesterov", "adam", "gradient_descent"):
        visitor.field("optimizer").select_option(kind)
        visitor.until("(kind) => history.state.scene.optimizer.kind === kind", kind)
        assert expected.scene(visitor.link()).optimizer.learning_rate == 0.01
        for run, said in expected.verdicts(visitor.link()).items():
            expect(visitor.sentence(run)).to_have_text(said.partition(": ")[2])
