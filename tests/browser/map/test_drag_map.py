"""Dragging the start on the map: by mouse, by finger and by arrow keys."""

import pytest
from playwright.sync_api import expect

from tests.browser import expected
from tests.browser.conftest import Visit
from tests.browser.visitor import Rectangle, Visitor

DESCENT: Rectangle = (3.5, 5.7, -3.0, -1.3)
PAPER: Rectangle = (4.5, 5.5, -2.9, -1.9)
HANDLE = "#map-handle"


def near(visitor: Visitor, pixel: tuple[float, float], window: Rectangle = DESCENT, within: float = 0.01) -> bool:
    """Whether the start in the fields is the point under a pixel; within so many pixels, six digits are shown."""
    return visitor.mapping(window).pixel(*visitor.start()) == pytest.approx(pixel, abs=within)


def test_the_handle_sits_on_the_starts_pixel(visit: Visit) -> None:
    visitor = visit()
    assert visitor.centre(HANDLE) == pytest.approx(visitor.mapping(DESCENT).pixel(4.6, -1.7), abs=0.6)


def test_the_handle_is_as_large_as_a_finger(visit: Visit) -> None:
    visitor = visit(viewport={"width": 360, "height": 640}, has_touch=True)
    for selector in (HANDLE, "#relief-handle"):
        width, height = visitor.page.evaluate(
            "(selector) => { const style = getComputedStyle(document.querySelector(selector)); "
            "return [parseFloat(style.width), parseFloat(style.height)]; }",
            selector,
        )
        assert width >= 44
        assert height >= 44


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


def test_the_hand_keeps_hold_where_it_took_the_handle(visit: Visit) -> None:
    visitor = visit()
    x, y = visitor.centre(HANDLE)
    visitor.drag((x + 9, y - 7), (x + 59, y + 13))
    assert visitor.centre(HANDLE) == pytest.approx((x + 50, y + 20), abs=1)
    assert near(visitor, (x + 50, y + 20))


def test_a_press_on_the_map_brings_the_start_there(visit: Visit) -> None:
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


def test_everything_follows_before_the_hand_lets_go(visit: Visit) -> None:
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


def test_every_frame_of_a_drag_is_whole(visit: Visit) -> None:
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


def test_a_drag_asks_the_server_for_nothing(visit: Visit) -> None:
    visitor = visit()
    expect(visitor.page.locator("#map[data-columns='513']")).to_be_visible()
    x, y = visitor.centre(HANDLE)
    before = len(visitor.requests)
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


def touch(visitor: Visitor, *stations: tuple[float, float]) -> None:
    """One finger set down, moved over pixels and lifted."""
    session = visitor.page.context.new_cdp_session(visitor.page)
    for k, (x, y) in enumerate(stations):
        kind = "touchMove" if k else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        visitor.frames(1)
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    visitor.frames()


@pytest.fixture
def phone(visit: Visit) -> Visitor:
    """Someone with a finger."""
    return visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, device_scale_factor=2)


def test_a_finger_drags_the_start(phone: Visitor) -> None:
    x, y = phone.centre(HANDLE)
    touch(phone, (x + 6, y + 5), (x - 20, y + 15), (x - 54, y + 25))
    end = x - 60, y + 20
    assert phone.centre(HANDLE) == pytest.approx(end, abs=1)
    assert near(phone, end, within=0.5)
    phone.settle()
    assert phone.verdicts() == expected.verdicts(phone.link())


def test_a_finger_on_the_handle_does_not_scroll_the_page(phone: Visitor) -> None:
    x, y = phone.centre(HANDLE)
    touch(phone, (x, y), *((x, y - 12 * k) for k in range(1, 12)))
    assert phone.page.evaluate("scrollY") == 0
    assert phone.start() == (4.6, -1.3)


def test_a_finger_beside_the_handle_scrolls_and_leaves_the_start(phone: Visitor) -> None:
    x, y = phone.mapping(DESCENT).pixel(3.8, -2.6)
    touch(phone, (x, y), *((x, y - 12 * k) for k in range(1, 12)))
    phone.until("() => scrollY > 50")
    assert phone.start() == (4.6, -1.7)


def test_arrow_keys_move_the_start(visit: Visit) -> None:
    """By a hundredth of the window, with Shift by a thousandth."""
    visitor = visit()
    visitor.page.locator(HANDLE).focus()
    for keys, start in (
        ("ArrowRight", (4.622, -1.7)),
        ("ArrowLeft", (4.6, -1.7)),
        ("ArrowUp", (4.6, -1.683)),
        ("ArrowDown", (4.6, -1.7)),
        ("Shift+ArrowRight", (4.6022, -1.7)),
        ("Shift+ArrowDown", (4.6022, -1.7017)),
    ):
        visitor.page.keyboard.press(keys)
        visitor.frames()
        assert visitor.start() == pytest.approx(start, abs=1e-9), keys
    visitor.settle()
    assert visitor.verdicts() == expected.verdicts(visitor.link())


def test_arrow_keys_do_not_scroll_the_page(visit: Visit) -> None:
    visitor = visit(viewport={"width": 1280, "height": 500})
    visitor.page.locator(HANDLE).focus()
    before = visitor.page.evaluate("scrollY")
    for _ in range(5):
        visitor.page.keyboard.press("ArrowDown")
    visitor.frames()
    assert visitor.page.evaluate("scrollY") == before
    assert visitor.start() == pytest.approx((4.6, -1.785), abs=1e-9)


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


def test_a_start_beyond_the_window_waits_at_its_edge(visit: Visit) -> None:
    visitor = visit("?window=paper")
    assert visitor.start() == (4.6, -1.7)
    edge = visitor.mapping(PAPER).pixel(4.6, -1.9)
    assert visitor.centre(HANDLE) == pytest.approx(edge, abs=1)
    visitor.drag(edge, (edge[0] + 30, edge[1] + 40))
    assert near(visitor, (edge[0] + 30, edge[1] + 40), PAPER)
