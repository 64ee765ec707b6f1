"""Moving the start on the map by finger and by arrow keys."""

import pytest

from tests.browser import expected
from tests.browser.conftest import Visit
from tests.browser.map.start_handle import DESCENT, HANDLE, near
from tests.browser.visitor import Visitor


def test_the_handle_is_as_large_as_a_finger(visit: Visit) -> None:
    visitor = visit(viewport={"width": 360, "height": 640}, has_touch=True)
    for selector in (HANDLE, "#relief-handle"):
        width, height = visitor.page.evaluate(
            "(selector) => { const style = getComputedStyle(document.querySelector(selector)); "
            "return [parseFloat(style.width), parseFloat(style.height)]; }",
            selector,
        )
        # The smallest target for a finger in WCAG 2.2, level AAA, is 44 pixels.
        assert width >= 44
        assert height >= 44


def touch(visitor: Visitor, *stations: tuple[float, float]) -> None:
    """Set one finger down, move it over pixels and lift it."""
    # Playwright can tap but not drag a finger, so the events go through Chromium's own protocol.
    session = visitor.page.context.new_cdp_session(visitor.page)
    for k, (x, y) in enumerate(stations):
        kind = "touchMove" if k else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        visitor.frames(1)
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    visitor.frames()


@pytest.fixture
def phone(visit: Visit) -> Visitor:
    """A visitor with a touch screen."""
    return visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, device_scale_factor=2)


def test_a_finger_drags_the_start(phone: Visitor) -> None:
    x, y = phone.centre(HANDLE)
    # The finger is not on the handle's centre, and this offset stays the same during the drag.
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
    # The finger leaves the window at the top, so the start stops at its edge.
    assert phone.start() == (4.6, -1.3)


def test_a_finger_next_to_the_handle_scrolls_and_does_not_move_the_start(phone: Visitor) -> None:
    x, y = phone.mapping(DESCENT).pixel(3.8, -2.6)
    touch(phone, (x, y), *((x, y - 12 * k) for k in range(1, 12)))
    phone.until("() => scrollY > 50")
    assert phone.start() == (4.6, -1.7)


def test_arrow_keys_move_the_start(visit: Visit) -> None:
    """Each press is a hundredth of the window, with Shift a thousandth."""
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
    # In a low window the page can scroll.
    visitor = visit(viewport={"width": 1280, "height": 500})
    visitor.page.locator(HANDLE).focus()
    before = visitor.page.evaluate("scrollY")
    for _ in range(5):
        visitor.page.keyboard.press("ArrowDown")
    visitor.frames()
    assert visitor.page.evaluate("scrollY") == before
    assert visitor.start() == pytest.approx((4.6, -1.785), abs=1e-9)
