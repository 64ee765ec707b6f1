"""No layout shift: while something is dragged, the pictures, the controls and the transport stay in place."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.gallery.gallery_panel import await_pictures, open_gallery
from tests.browser.step.threshold_line import line_place
from tests.browser.visitor import Visitor

WATCH = """() => {
  const parts = ['#headline', '#map', '#relief', '.first-controls', '.transport', '#curves'];
  const boxes = () => JSON.stringify(parts.map((part) => document.querySelector(part).getBoundingClientRect()));
  window.shifts = [];
  const own = (window.places = new Set([boxes()]));
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.shifts.push(entry.value);
  }).observe({ type: 'layout-shift' });
  const look = () => {
    own.add(boxes());
    if (window.places === own) requestAnimationFrame(look);
  };
  look();
}"""
WIDTHS = [(360, 740), (1280, 800)]


def moves(visitor: Visitor) -> tuple[int, list[float]]:
    """In how many further places the parts have been, and the layout shifts, those after an input too."""
    found: tuple[int, list[float]] = tuple(visitor.page.evaluate("[places.size - 1, shifts]"))
    return found


def drag_slider(visitor: Visitor, name: str) -> None:
    """Drag a slider from its thumb to both ends."""
    slider = visitor.slider(name)
    slider.scroll_into_view_if_needed()
    visitor.page.evaluate(WATCH)
    box = slider.bounding_box()
    assert box is not None
    share = float(slider.evaluate("(slider) => (slider.value - slider.min) / (slider.max - slider.min)"))
    y = box["y"] + box["height"] / 2
    inner = [box["x"] + 8 + (box["width"] - 16) * one for one in (share, 0.25, 0.9, 0.4)]
    visitor.page.mouse.move(inner[0], y)
    visitor.page.mouse.down()
    for x in inner[1:]:
        visitor.page.mouse.move(x, y, steps=12)
    visitor.frames()
    visitor.page.mouse.up()
    visitor.frames()


@pytest.mark.parametrize(("width", "height"), WIDTHS)
@pytest.mark.parametrize("name", ["clip.threshold", "optimizer.learning_rate", "landscape.sequence_length"])
def test_a_slider_moves_nothing_else(visit: Visit, name: str, width: int, height: int) -> None:
    visitor = visit(viewport={"width": width, "height": height})
    drag_slider(visitor, name)
    assert moves(visitor) == (0, [])


def test_on_a_tablet_no_sentence_of_the_headline_moves_when_it_has_more_lines(visit: Visit) -> None:
    visitor = visit(viewport={"width": 768, "height": 1024})
    drag_slider(visitor, "optimizer.learning_rate")
    assert moves(visitor) == (0, [])


@pytest.mark.parametrize(("width", "height"), [*WIDTHS, (3840, 2160)])
def test_dragging_the_start_moves_nothing_else(visit: Visit, width: int, height: int) -> None:
    visitor = visit(viewport={"width": width, "height": height})
    visitor.page.evaluate(WATCH)
    x, y = visitor.centre("#map-handle")
    visitor.drag((x, y), (x - 60, y + 60), (x + 20, y - 20), (x - 100, y + 100), (x, y + 120))
    assert moves(visitor) == (0, [])


def test_dragging_the_threshold_line_moves_nothing_else(visit: Visit) -> None:
    visitor = visit()
    x, y = line_place(visitor)
    visitor.page.evaluate(WATCH)
    visitor.drag((x, y), (x, y - 60), (x, y + 30), (x, y - 20))
    assert moves(visitor) == (0, [])


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_opening_the_gallery_moves_nothing(visit: Visit, width: int, height: int) -> None:
    visitor = visit(viewport={"width": width, "height": height})
    visitor.page.evaluate(WATCH)
    open_gallery(visitor)
    await_pictures(visitor)
    visitor.page.keyboard.press("Escape")
    visitor.frames()
    assert moves(visitor) == (0, [])


def test_the_page_stays_in_place_when_a_run_is_left_out(visit: Visit) -> None:
    visitor = visit()
    expect(visitor.page.locator("#stable-limit")).not_to_be_empty()
    visitor.page.evaluate(WATCH)
    for runs in ("without", "with", "both"):
        visitor.choose("runs", runs)
        visitor.frames()
    assert moves(visitor)[0] == 0, visitor.page.evaluate("[...places]")
