"""Dragging the start on the map by mouse."""

import pytest
from playwright.sync_api import expect

from tests.browser import expected
from tests.browser.conftest import Visit
from tests.browser.map.start_handle import DESCENT, HANDLE, PAPER, near


def test_the_handle_is_at_the_starts_pixel(visit: Visit) -> None:
    visitor = visit()
    assert visitor.centre(HANDLE) == pytest.approx(visitor.mapping(DESCENT).pixel(4.6, -1.7), abs=0.6)


@pytest.mark.parametrize("ratio", [1, 2])
def test_a_mouse_drags_the_start(visit: Visit, ratio: int) -> None:
    visitor = visit(device_scale_factor=ratio)
    begin = visitor.centre(HANDLE)
    end = begin[0] - 70, begin[1] + 30
    visitor.drag(begin, end)
    assert near(visitor, end)
    assert visitor.centre(HANDLE) == pytest.approx(end, abs=1)
    visitor.settle()
    assert visitor.verdicts() == expected.verdicts(visitor.link())


def test_the_handle_keeps_its_offset_from_the_pointer(visit: Visit) -> None:
    visitor = visit()
    x, y = visitor.centre(HANDLE)
    visitor.drag((x + 9, y - 7), (x + 59, y + 13))
    assert visitor.centre(HANDLE) == pytest.approx((x + 50, y + 20), abs=1)
    assert near(visitor, (x + 50, y + 20))


def test_a_press_on_the_map_moves_the_start_there(visit: Visit) -> None:
    visitor = visit()
    there = visitor.mapping(DESCENT).pixel(4.0, -1.5)
    visitor.drag(there)
    assert near(visitor, there)
    assert visitor.centre(HANDLE) == pytest.approx(there, abs=1)


def test_the_drag_follows_the_chosen_window(visit: Visit) -> None:
    visitor = visit("?window=paper&start=4.9,-2.45")
    begin = visitor.centre(HANDLE)
    assert begin == pytest.approx(visitor.mapping(PAPER).pixel(4.9, -2.45), abs=0.6)
    end = begin[0] + 40, begin[1] - 60
    visitor.drag(begin, end)
    assert near(visitor, end, PAPER)


def test_everything_follows_during_the_drag(visit: Visit) -> None:
    visitor = visit()
    begin = visitor.centre(HANDLE)
    before = [visitor.verdict("with"), *visitor.readout("with"), *visitor.readout("without")]
    visitor.page.mouse.move(*begin)
    visitor.page.mouse.down()
    visitor.page.mouse.move(begin[0] - 60, begin[1] + 20, steps=3)
    visitor.frames()
    held = [visitor.verdict("with"), *visitor.readout("with"), *visitor.readout("without")]
    assert near(visitor, (begin[0] - 60, begin[1] + 20))
    visitor.page.mouse.up()
    assert held[0] != before[0]
    assert held[1:3] != before[1:3]
    assert held[1 + len(expected.COLUMNS)] != before[1 + len(expected.COLUMNS)]


def test_every_frame_of_a_drag_is_consistent(visit: Visit) -> None:
    """Handle, fields, verdict and paths change in the same frame."""
    visitor = visit()
    visitor.page.evaluate("""() => {
      const overlay = document.getElementById('map-overlay');
      const hash = () => {
        const { data } = overlay.getContext('2d').getImageData(0, 0, overlay.width, overlay.height);
        return new Uint32Array(data.buffer).reduce((sum, pixel) => (sum * 31 + pixel) | 0, 7);
      };
      const own = (window.seen = []);
      const look = () => {
        const handle = document.getElementById('map-handle').style.transform;
        const fields = document.getElementById('field-start-0').value;
        const words = document.querySelector('#readout tr.with').innerText;
        own.push([handle, fields, words, hash()]);
        if (own.length < 90) requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    }""")
    begin = visitor.centre(HANDLE)
    visitor.page.mouse.move(*begin)
    visitor.page.mouse.down()
    for k in range(1, 12):
        visitor.page.mouse.move(begin[0] - 5 * k, begin[1] + 2 * k)
        visitor.frames(2)
    visitor.page.mouse.up()
    visitor.until("() => seen.length === 90")
    seen = visitor.page.evaluate("seen")
    by_handle = {handle: (fields, words, picture) for handle, fields, words, picture in seen}
    assert len(by_handle) > 6
    assert all(by_handle[handle] == (fields, words, picture) for handle, fields, words, picture in seen)
    assert len({picture for *_, picture in seen}) == len(by_handle)


def test_a_drag_sends_no_requests(visit: Visit) -> None:
    visitor = visit()
    expect(visitor.page.locator("#map[data-columns='513']")).to_be_visible()
    x, y = visitor.centre(HANDLE)
    before = visitor.asked()
    visitor.drag((x, y), (x - 90, y + 60), (x + 80, y + 90), (x, y + 30))
    visitor.settle()
    assert visitor.requests[before:] == []


def test_the_start_stays_in_the_window(visit: Visit) -> None:
    visitor = visit()
    for across, up, edge in ((-3000, 0, (0, 3.5)), (3000, 0, (0, 5.7)), (0, -3000, (1, -1.3)), (0, 3000, (1, -3.0))):
        x, y = visitor.centre(HANDLE)
        visitor.drag((x, y), (x + across, y + up))
        axis, value = edge
        assert visitor.start()[axis] == value
    visitor.settle()
    assert visitor.verdicts() == expected.verdicts(visitor.link())


def test_only_the_first_button_drags(visit: Visit) -> None:
    visitor = visit()
    x, y = visitor.centre(HANDLE)
    visitor.page.mouse.move(x, y)
    visitor.page.mouse.down(button="middle")
    visitor.page.mouse.move(x + 50, y + 50)
    visitor.page.mouse.up(button="middle")
    visitor.frames()
    assert visitor.start() == (4.6, -1.7)
