"""The relief is turned by dragging beside the start."""

import pytest

from tests.browser.conftest import Visit
from tests.browser.relief.plotly_scene import COUNT_DRAWINGS, HANDLE, opinions
from tests.browser.visitor import Visitor

MOVED = """([x, y]) => {
  const { left, top, width, height } = document.getElementById('relief-handle').getBoundingClientRect();
  return Math.hypot(left + width / 2 - x, top + height / 2 - y) > 5;
}"""
TURN = """() => {
  const canvas = document.querySelector('#relief-plot canvas');
  const { left, top } = canvas.getBoundingClientRect();
  const events = [['mousemove', 0, 0], ['mousedown', 0, 1], ['mousemove', 60, 1], ['mouseup', 60, 0]];
  for (const [kind, dx, buttons] of events) {
    const at = { clientX: left + 100 + dx, clientY: top + 150 };
    canvas.dispatchEvent(new MouseEvent(kind, { ...at, buttons, bubbles: true }));
  }
}"""
# Half a turn is a movement over the relief's height.
ANGLE = """() => {
  const { eye, center } = document.getElementById('relief-plot')._fullLayout.scene._scene.getCamera();
  return Math.atan2(eye.y - center.y, eye.x - center.x) * 180 / Math.PI;
}"""
STAND_STILL = """(milliseconds) => {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}"""
TURN_AFTER_DRAWING = f"() => document.getElementById('relief-plot').once('plotly_afterplot', {TURN})"


def height(visitor: Visitor) -> float:
    """The relief's height in pixels."""
    box = visitor.page.locator("#relief-plot").bounding_box()
    assert box is not None
    return box["height"]


@pytest.fixture(scope="module")
def turner(long_visit: Visit) -> Visitor:
    """A visitor with the relief, which can be turned."""
    return long_visit(relief=True)


def turned(visitor: Visitor, before: float) -> float:
    """Degrees by which the relief has been turned since an angle."""
    angle: float = visitor.page.evaluate(ANGLE)
    return (angle - before + 180) % 360 - 180


def test_the_relief_can_be_turned_as_soon_as_it_is_drawn(turner: Visitor) -> None:
    before = turner.page.evaluate(ANGLE)
    turner.page.evaluate(TURN)
    assert turned(turner, before) == pytest.approx(-180 * 60 / height(turner))


@pytest.mark.parametrize("pause", [0, 40, 300])
def test_the_relief_turns_as_far_as_the_pointer_moves_however_long_a_frame_takes(turner: Visitor, pause: int) -> None:
    before = turner.page.evaluate(ANGLE)
    turner.page.evaluate(f"(pause) => {{ ({TURN})(); ({STAND_STILL})(pause); }}", pause)
    turner.frames()
    assert turned(turner, before) == pytest.approx(-180 * 60 / height(turner))


def test_turning_the_relief_moves_the_handle_and_keeps_the_start(turner: Visitor) -> None:
    before, angle = turner.centre(HANDLE), turner.page.evaluate(ANGLE)
    box = turner.page.locator("#relief").bounding_box()
    assert box is not None
    corner = box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.85
    turner.page.mouse.move(*corner)
    turner.page.mouse.down()
    turner.page.mouse.move(corner[0] + 90, corner[1], steps=6)
    turner.page.mouse.up()
    turner.until(MOVED, list(before))
    assert turned(turner, angle) == pytest.approx(-180 * 90 / height(turner))
    theirs, ours = opinions(turner)
    assert ours == pytest.approx(theirs, abs=2)
    assert ours != pytest.approx(before, abs=1)
    assert turner.start() == (4.6, -1.7)
    assert turner.link() == ""


def test_the_relief_can_be_turned_as_soon_as_it_is_drawn_again(turner: Visitor) -> None:
    before = turner.centre(HANDLE)
    turner.page.evaluate(TURN_AFTER_DRAWING)
    turner.page.locator("#theme").click()
    turner.until(MOVED, list(before))


def test_a_turn_between_two_frames_stays_when_the_relief_is_drawn_again(turner: Visitor) -> None:
    # The drawing of the test before may end with a frame of its own.
    turner.frames()
    before = turner.centre(HANDLE)
    turner.page.evaluate(TURN)
    turner.until(MOVED, list(before))
    there = turner.centre(HANDLE)
    turner.page.evaluate(COUNT_DRAWINGS)
    turner.page.locator("#theme").click()
    turner.until("() => window.drawings === 1")
    turner.frames()
    assert turner.centre(HANDLE) == pytest.approx(there, abs=2)


COUNT_READS = """() => {
  window.reads = 0;
  const { readPixels } = WebGLRenderingContext.prototype;
  WebGLRenderingContext.prototype.readPixels = function (...given) {
    window.reads++;
    return readPixels.apply(this, given);
  };
}"""


def test_no_frame_waits_for_pixels_of_the_graphics_card(turner: Visitor) -> None:
    """Plotly draws the surface again for its own picking, and reads it back, after every turn."""
    turner.page.evaluate(COUNT_READS)
    before = turner.centre(HANDLE)
    turner.page.evaluate(TURN)
    turner.until(MOVED, list(before))
    assert turner.page.evaluate("window.reads") == 0


ALTITUDE = "(name) => document.getElementById('relief-plot')._fullLayout.scene.camera[name].z"


def test_a_long_swipe_does_not_show_the_underside(turner: Visitor) -> None:
    """The eye stays above the point that it looks at."""
    box = turner.page.locator("#relief").bounding_box()
    assert box is not None
    corner = box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.9
    turner.page.mouse.move(*corner)
    turner.page.mouse.down()
    turner.page.mouse.move(corner[0], corner[1] - 0.8 * box["height"], steps=8)
    turner.frames()
    turner.page.mouse.up()
    eye, centre = (turner.page.evaluate(ALTITUDE, name) for name in ("eye", "center"))
    assert eye > centre
