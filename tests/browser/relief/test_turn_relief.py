"""The relief is turned by dragging beside the start."""

import pytest

from tests.browser.conftest import Visit
from tests.browser.relief.plotly_scene import COUNT_DRAWINGS, HANDLE, opinions
from tests.browser.visitor import Visitor

MOVED = """([x, y]) => {
  const { left, top, width, height } = document.getElementById('relief-handle').getBoundingClientRect();
  return Math.hypot(left + width / 2 - x, top + height / 2 - y) > 5;
}"""
# Plotly drops turns before its last keyframe, which is half a second after the first drawing.
TURNABLE = """() => {
  const { view } = document.getElementById('relief-plot')._fullLayout.scene._scene.camera;
  return performance.now() > view.lastT();
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
TURN_AFTER_DRAWING = f"() => document.getElementById('relief-plot').once('plotly_afterplot', {TURN})"


@pytest.fixture(scope="module")
def turner(long_visit: Visit) -> Visitor:
    """A visitor with the relief, which can be turned."""
    visitor = long_visit(relief=True)
    visitor.until(TURNABLE)
    return visitor


def test_turning_the_relief_moves_the_handle_and_keeps_the_start(turner: Visitor) -> None:
    before = turner.centre(HANDLE)
    box = turner.page.locator("#relief").bounding_box()
    assert box is not None
    corner = box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.85
    turner.page.mouse.move(*corner)
    turner.page.mouse.down()
    turner.page.mouse.move(corner[0] + 90, corner[1], steps=6)
    turner.page.mouse.up()
    # How far Plotly turns depends on the time between the events: the handle may move across, upwards, or both.
    turner.until(MOVED, list(before))
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
    turner.until(TURNABLE)
    turner.frames()
    before = turner.centre(HANDLE)
    turner.page.evaluate(TURN)
    turner.until(MOVED, list(before))
    turned = turner.centre(HANDLE)
    turner.page.evaluate(COUNT_DRAWINGS)
    turner.page.locator("#theme").click()
    turner.until("() => window.drawings === 1")
    turner.frames()
    assert turner.centre(HANDLE) == pytest.approx(turned, abs=2)


HEIGHT = "(name) => document.getElementById('relief-plot')._fullLayout.scene.camera[name].z"


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
    eye, centre = (turner.page.evaluate(HEIGHT, name) for name in ("eye", "center"))
    assert eye > centre
