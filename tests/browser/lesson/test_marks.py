"""A prediction that is a mark on the map, set by mouse or by keyboard."""

import math
import re

import pytest
from playwright.sync_api import expect

from tests.browser import expected
from tests.browser.conftest import Visit
from tests.browser.lesson.lesson_page import MARKED, link, open_lesson


def landing(lesson: str, row: int) -> tuple[float, float]:
    """The position of a lesson's clipped run at a step."""
    x, y = expected.trajectories(link(lesson))["with"].position[row].tolist()
    return x, y


def test_a_mark_by_mouse_is_compared_with_the_landing_of_the_step(fresh_visit: Visit) -> None:
    visitor = open_lesson(fresh_visit, f"lesson={MARKED}")
    page = visitor.page
    assert visitor.step() == 13
    expect(page.locator("#lesson-settle")).to_be_disabled()
    mapping = visitor.mapping((3.5, 5.7, -3.0, -1.3))
    start = visitor.start()
    px, py = mapping.pixel(5.0, -2.0)
    settle = page.locator("#lesson-settle")
    expect(settle).to_have_text("Tap the map to place the mark")
    page.mouse.click(px, py)
    assert visitor.start() == start
    expect(settle).to_have_text("Confirm the mark")
    settle.click()
    result = page.locator("#lesson-result")
    expect(result).to_contain_text("Not quite. The step lands at 4.27, −2.05 and is 0.1 units long. Your mark is ")
    found = float(re.findall(r"mark is ([\d.]+) units", result.inner_text())[0])
    x, y = landing(MARKED, 14)
    at = mapping.point(px, py)
    assert found == pytest.approx(math.hypot(at[0] - x, at[1] - y), abs=0.02)
    expect(page.locator("#mark-line")).to_be_visible()


def test_a_mark_by_keyboard_can_be_right(fresh_visit: Visit) -> None:
    visitor = open_lesson(fresh_visit, f"lesson={MARKED}")
    page = visitor.page
    mark = page.get_by_role("button", name="Mark where it lands")
    (x0, y0), (x1, y1) = landing(MARKED, 13), landing(MARKED, 14)
    # A press is a hundredth of the window, 2.2 by 1.7 units.
    for _ in range(round((x1 - x0) / 0.022)):
        mark.press("ArrowRight")
    for _ in range(round((y1 - y0) / 0.017)):
        mark.press("ArrowUp")
    mark.press("Enter")
    expect(page.locator("#lesson-result")).to_contain_text(
        "Right. The step lands at 4.27, −2.05 and is 0.1 units long."
    )


def test_a_click_on_the_marks_own_handle_moves_the_mark(fresh_visit: Visit) -> None:
    """The landing is so close that the handle of the mark covers it."""
    visitor = open_lesson(fresh_visit, f"lesson={MARKED}")
    page = visitor.page
    px, py = visitor.mapping((3.5, 5.7, -3.0, -1.3)).pixel(*landing(MARKED, 14))
    grip = page.locator("#mark").bounding_box()
    assert grip is not None
    assert math.hypot(px - grip["x"] - grip["width"] / 2, py - grip["y"] - grip["height"] / 2) < grip["width"] / 2
    page.mouse.click(px, py)
    page.locator("#lesson-settle").click()
    expect(page.locator("#lesson-result")).to_contain_text("Right. The step lands at 4.27, −2.05")
