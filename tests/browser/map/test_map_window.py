"""The start on the map when the map is resized or shows another window."""

import pytest
from playwright.sync_api import expect

from tests.browser import expected
from tests.browser.conftest import Visit
from tests.browser.map.start_handle import DESCENT, HANDLE, PAPER, near

# Whether there is something below the map's frame, where the numbers of the axis are.
LABELLED = """() => {
  const canvas = document.getElementById('heat');
  const ratio = canvas.width / canvas.clientWidth;
  const box = [48, canvas.clientHeight - 38, canvas.clientWidth - 62, 10].map((length) => Math.round(length * ratio));
  return canvas.getContext('2d').getImageData(...box).data.some((value) => value > 0);
}"""


def test_the_handle_stays_on_the_start_when_the_window_is_resized(visit: Visit) -> None:
    visitor = visit("?start=4.2,-1.9")
    for width, height in ((900, 700), (400, 800), (1600, 1000)):
        visitor.page.set_viewport_size({"width": width, "height": height})
        visitor.until(
            "(width) => Math.abs(document.getElementById('map-overlay').clientWidth - "
            "document.getElementById('map-overlay').width) < 1 && innerWidth === width",
            width,
        )
        visitor.frames()
        assert visitor.centre(HANDLE) == pytest.approx(visitor.mapping(DESCENT).pixel(4.2, -1.9), abs=1)


def test_a_drag_after_a_resize_hits_the_pixel(visit: Visit) -> None:
    visitor = visit()
    visitor.page.set_viewport_size({"width": 900, "height": 900})
    visitor.frames(5)
    x, y = visitor.centre(HANDLE)
    visitor.drag((x, y), (x - 80, y + 10))
    assert near(visitor, (x - 80, y + 10))


def test_the_map_zooms_around_the_start(visit: Visit) -> None:
    visitor = visit()
    before = visitor.centre(HANDLE)
    visitor.page.locator("#zoom-in").click()
    visitor.until("() => location.search.includes('window=')")
    expect(visitor.page.locator("#map[data-columns='513']")).to_be_visible()
    visitor.frames()
    assert visitor.centre(HANDLE) == pytest.approx(before, abs=1)
    chosen = expected.scene(visitor.link()).resolved_window
    assert chosen.right - chosen.left == pytest.approx((5.7 - 3.5) / 2)
    visitor.drag(before, (before[0] + 60, before[1] + 40))
    assert near(visitor, (before[0] + 60, before[1] + 40), tuple(chosen))


def test_a_start_outside_the_window_has_its_handle_at_the_edge(visit: Visit) -> None:
    visitor = visit("?window=paper")
    assert visitor.start() == (4.6, -1.7)
    edge = visitor.mapping(PAPER).pixel(4.6, -1.9)
    assert visitor.centre(HANDLE) == pytest.approx(edge, abs=1)
    visitor.drag(edge, (edge[0] + 30, edge[1] + 40))
    assert near(visitor, (edge[0] + 30, edge[1] + 40), PAPER)


def test_a_window_with_tens_of_thousands_of_hills_has_no_contour_lines_and_says_so(fresh_visit: Visit) -> None:
    """They would darken the whole picture."""
    visitor = fresh_visit("?landscape=ackley&window=-100,100,-100,100&start=50,50")
    note = visitor.page.locator("#no-contours")
    expect(note).to_have_text("No contour lines: too close.")
    expect(note).to_be_visible()
    # The axes are drawn all the same.
    assert visitor.page.evaluate(LABELLED)
    visitor.turn_to("?landscape=ackley")
    expect(note).to_be_hidden()


@pytest.mark.parametrize(
    ("width", "legend"), [(1280, "gradient norm 0.0151 ... ≥ 0.43, log"), (360, "0.0151 ... ≥ 0.43")]
)
def test_caption_and_legend_name_the_gradient_norm_if_there_is_room(
    fresh_visit: Visit, width: int, legend: str
) -> None:
    """The buttons of the zoom are to the right of the legend."""
    visitor = fresh_visit("?window=paper&colour=gradient_norm", viewport={"width": width, "height": 740})
    expect(visitor.page.locator("#map-caption")).to_contain_text("gradient norm")
    expect(visitor.page.locator("#map-caption span:visible", has_text="The loss")).to_have_count(0)
    expect(visitor.page.locator("#map[data-columns='513']")).to_have_attribute("data-legend", legend)
    visitor.turn_to("?window=paper")
    expect(visitor.page.locator("#map-words")).to_be_visible()
    expect(visitor.page.locator("#slope-words")).to_be_hidden()
