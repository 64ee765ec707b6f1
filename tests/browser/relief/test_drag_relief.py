"""The relief: its handle, its camera, and dragging the start over the surface."""

import math
import re

import pytest
from playwright.sync_api import expect

from tests.browser import expected
from tests.browser.conftest import Visit
from tests.browser.gallery.gallery_panel import choose_preset
from tests.browser.mapping import Bounds
from tests.browser.visitor import Visitor

DESCENT: Bounds = (3.5, 5.7, -3.0, -1.3)
HANDLE = "#relief-handle"
# Plotly draws an annotation where its own camera projects a point of the scene. This checks our projection
# independently. Both follow a rotated camera within a few frames.
ANNOTATED = """async ([x, y, z]) => {
  const plot = document.getElementById('relief-plot');
  const note = { x, y, z, text: '<b>+</b>', showarrow: false, xanchor: 'center', yanchor: 'middle' };
  await Plotly.relayout(plot, { 'scene.annotations': [note] });
  let both;
  for (let k = 0; k < 100; k++) {
    await new Promise(requestAnimationFrame);
    both = ['.annotation-text', '#relief-handle']
      .map((selector) => document.querySelector(`#relief ${selector}`).getBoundingClientRect())
      .map(({ left, top, width, height }) => [left + width / 2, top + height / 2]);
    if (k > 4 && Math.hypot(both[0][0] - both[1][0], both[0][1] - both[1][1]) < 2) break;
  }
  await Plotly.relayout(plot, { 'scene.annotations': [] });
  return both;
}"""


TICKS = """() => {
  const { tickvals, ticktext } = document.getElementById('relief-plot')._fullLayout.scene.zaxis;
  return [tickvals, ticktext];
}"""
POWER = re.compile("10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def value(label: str) -> float:
    """The number that a tick's label stands for."""
    power = POWER.fullmatch(label)
    return 10.0 ** int(power[1].translate(SUPERSCRIPTS)) if power else float(label.replace("−", "-"))


def height(loss: float, log: bool) -> float:
    """The symmetric log scale of the relief's axis, linear below a thousandth."""
    return math.log10(1 + loss / 1e-3) if log else loss


def opinions(visitor: Visitor) -> tuple[tuple[float, float], tuple[float, float]]:
    """The pixel where Plotly's camera projects the start, and the pixel of the handle."""
    scene = expected.scene(visitor.link())
    loss = float(expected.trajectories(visitor.link())["with"].loss[0])
    log = "log" in (scene.height, scene.surface.height)
    left, right, bottom, top = scene.resolved_window
    x, y = scene.resolved_start
    # The axes are shares of their ranges; the losses' range is read from the ticks at both ends.
    places, labels = visitor.page.evaluate(TICKS)
    (first, last), (low, high) = [(height(value(labels[k]), log) for k in (0, -1)), (places[0], places[-1])]
    share = low + (height(loss, log) - first) / (last - first) * (high - low)
    theirs, ours = visitor.page.evaluate(ANNOTATED, [(x - left) / (right - left), (y - bottom) / (top - bottom), share])
    return tuple(theirs), tuple(ours)


@pytest.fixture(scope="module")
def stayer(long_visit: Visit) -> Visitor:
    """A visitor with the relief, which takes seconds to draw."""
    return long_visit(relief=True)


@pytest.fixture
def visitor(stayer: Visitor) -> Visitor:
    """The same visitor, with the start of the opening page."""
    if stayer.start() != (4.6, -1.7):
        stayer.type("start.0", "4.6")
        stayer.type("start.1", "-1.7")
        stayer.settle()
    # Away from the curves: hovering over one would show another step.
    stayer.page.mouse.move(1, 1)
    return stayer


def test_the_handle_is_where_plotlys_camera_projects_the_start(visitor: Visitor) -> None:
    theirs, ours = opinions(visitor)
    assert ours == pytest.approx(theirs, abs=2)


def test_a_mouse_drags_the_start_over_the_surface(visitor: Visitor) -> None:
    x, y = visitor.centre(HANDLE)
    end = x + 25, y + 30
    visitor.page.mouse.move(x, y)
    visitor.page.mouse.down()
    visitor.page.mouse.move(*end, steps=5)
    visitor.frames()
    assert visitor.centre(HANDLE) == pytest.approx(end, abs=2)
    assert visitor.start() != (4.6, -1.7)
    visitor.page.mouse.up()
    visitor.settle()
    assert visitor.verdicts() == expected.verdicts(visitor.link())
    point = visitor.mapping(DESCENT).point(*visitor.centre("#map-handle"))
    assert point == pytest.approx(visitor.start(), abs=0.01)


def test_plotly_projects_the_picked_point_to_the_pointer(visitor: Visitor) -> None:
    x, y = visitor.centre(HANDLE)
    end = x + 20, y + 25
    visitor.drag((x, y), end)
    visitor.settle()
    theirs, _ = opinions(visitor)
    assert theirs == pytest.approx(end, abs=3)


def test_a_drag_sends_no_requests(visitor: Visitor) -> None:
    x, y = visitor.centre(HANDLE)
    before = len(visitor.requests)
    visitor.drag((x, y), (x + 30, y + 10), (x - 20, y - 10), (x + 10, y + 30))
    visitor.settle()
    assert visitor.requests[before:] == []


def test_off_the_surface_the_start_stays_where_it_was(visitor: Visitor) -> None:
    x, y = visitor.centre(HANDLE)
    box = visitor.page.locator("#relief").bounding_box()
    assert box is not None
    visitor.page.mouse.move(x, y)
    visitor.page.mouse.down()
    visitor.page.mouse.move(x + 10, y + 10, steps=3)
    visitor.frames()
    there = visitor.start()
    # No part of the surface is in the corner of the relief.
    visitor.page.mouse.move(box["x"] + 4, box["y"] + 4)
    visitor.frames()
    assert visitor.start() == there
    visitor.page.mouse.up()
    visitor.frames()
    assert visitor.start() == there


@pytest.mark.parametrize(("keys", "start"), [("ArrowLeft", (4.578, -1.7)), ("Shift+ArrowUp", (4.6, -1.6983))])
def test_arrow_keys_move_the_start(visitor: Visitor, keys: str, start: tuple[float, float]) -> None:
    before = visitor.centre(HANDLE)
    visitor.page.locator(HANDLE).focus()
    visitor.page.keyboard.press(keys)
    visitor.frames()
    assert visitor.start() == pytest.approx(start, abs=1e-9)
    assert visitor.centre(HANDLE) != before
    assert visitor.verdict("with") != expected.verdicts("")["with"]


def test_a_finger_drags_the_start(fresh_visit: Visit) -> None:
    visitor = fresh_visit(relief=True, has_touch=True)
    x, y = visitor.centre(HANDLE)
    session = visitor.page.context.new_cdp_session(visitor.page)
    for kind, points in (
        ("touchStart", [{"x": x, "y": y}]),
        ("touchMove", [{"x": x + 10, "y": y + 15}]),
        ("touchMove", [{"x": x + 20, "y": y + 25}]),
        ("touchEnd", []),
    ):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        visitor.frames(2)
    assert visitor.centre(HANDLE) == pytest.approx((x + 20, y + 25), abs=2)
    assert visitor.start() != (4.6, -1.7)


def test_turning_the_relief_moves_the_handle_and_keeps_the_start(fresh_visit: Visit) -> None:
    visitor = fresh_visit(relief=True)
    x, _ = visitor.centre(HANDLE)
    box = visitor.page.locator("#relief").bounding_box()
    assert box is not None
    corner = box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.85
    visitor.page.mouse.move(*corner)
    visitor.page.mouse.down()
    visitor.page.mouse.move(corner[0] + 90, corner[1], steps=6)
    visitor.page.mouse.up()
    visitor.until(
        "(x) => { const box = document.getElementById('relief-handle').getBoundingClientRect(); "
        "return Math.abs(box.left + box.width / 2 - x) > 15; }",
        x,
    )
    assert visitor.start() == (4.6, -1.7)
    assert visitor.link() == ""
    theirs, ours = opinions(visitor)
    assert ours == pytest.approx(theirs, abs=2)


def test_after_a_resize_the_handle_is_where_plotly_projects_the_start(fresh_visit: Visit) -> None:
    visitor = fresh_visit(relief=True)
    visitor.page.set_viewport_size({"width": 1600, "height": 1000})
    visitor.until("""() => {
      const plot = document.getElementById('relief-plot');
      return plot._fullLayout.width === document.getElementById('relief').clientWidth;
    }""")
    theirs, ours = opinions(visitor)
    assert ours == pytest.approx(theirs, abs=2)


def test_the_relief_follows_the_landscape(fresh_visit: Visit) -> None:
    visitor = fresh_visit(relief=True)
    before = visitor.page.locator("#relief").get_attribute("data-key")
    choose_preset(visitor, "himmelblau/0")
    visitor.until(
        "(before) => { const { key, lines } = document.getElementById('relief').dataset; "
        "return key !== before && lines === '129'; }",
        before,
    )
    expect(visitor.page.locator(HANDLE)).to_be_visible()
    assert "log" in visitor.page.evaluate("document.getElementById('relief-plot')._fullLayout.scene.zaxis.title.text")
    theirs, ours = opinions(visitor)
    assert ours == pytest.approx(theirs, abs=2)


def test_a_start_beyond_the_mesh_has_no_handle_on_it(fresh_visit: Visit) -> None:
    visitor = fresh_visit("?window=paper&start=4.9,-2.45", relief=True)
    # Inside the landscape's other window, but outside the one that the relief shows.
    visitor.type("start.1", "-1.5")
    expect(visitor.page.locator(HANDLE)).to_be_hidden()
    visitor.type("start.1", "-2")
    expect(visitor.page.locator(HANDLE)).to_be_visible()


HEIGHT = "(name) => document.getElementById('relief-plot')._fullLayout.scene.camera[name].z"


def test_a_long_swipe_does_not_show_the_underside(stayer: Visitor) -> None:
    """The eye stays above the point that it looks at. Last of the tests here, since it leaves the camera turned."""
    box = stayer.page.locator("#relief").bounding_box()
    assert box is not None
    corner = box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.9
    stayer.page.mouse.move(*corner)
    stayer.page.mouse.down()
    stayer.page.mouse.move(corner[0], corner[1] - 0.8 * box["height"], steps=8)
    stayer.frames()
    stayer.page.mouse.up()
    eye, centre = (stayer.page.evaluate(HEIGHT, name) for name in ("eye", "center"))
    assert eye > centre


def test_a_fine_screen_gets_fine_labels(fresh_visit: Visit) -> None:
    visitor = fresh_visit(relief=True, device_scale_factor=2, viewport={"width": 500, "height": 700})
    sizes = visitor.page.evaluate("""() => {
      const canvas = document.querySelector('#relief-plot canvas');
      return [canvas.width, canvas.clientWidth];
    }""")
    assert sizes[0] == pytest.approx(2 * sizes[1], abs=2)
