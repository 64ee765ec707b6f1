"""Progress: the browser remembers which lessons are done, and forgets it at the press of a button."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.lesson.lesson_page import LESSONS, PROMISE, THROWN, answer, expect_lesson, open_lesson


def test_done_lessons_are_counted_after_a_reload_and_can_be_reset(fresh_visit: Visit) -> None:
    visitor = open_lesson(fresh_visit, f"lesson={THROWN}")
    page = visitor.page
    button = page.get_by_role("button", name="Lessons", exact=True)
    button.click()
    expect(page.locator("#lesson-progress")).to_be_hidden()
    page.keyboard.press("Escape")
    answer(visitor, 0)
    expect(page.locator("#lesson-after")).to_be_visible()
    page.reload()
    button.click()
    expect(page.locator("#lesson-progress-words")).to_have_text(f"1 of {len(LESSONS)} done.")
    expect(page.locator(".tick:not(:empty)")).to_have_count(1)
    page.get_by_role("button", name="Reset progress").click()
    expect(page.locator("#lesson-progress")).to_be_hidden()
    expect(page.locator("#lesson-list-close")).to_be_focused()
    expect(page.locator(".tick:not(:empty)")).to_have_count(0)
    # The question is asked again.
    page.locator(f"#lesson-entries a[href='?lesson={THROWN}']").click()
    expect_lesson(visitor, THROWN)
    expect(page.locator("#lesson-after")).to_be_hidden()
    page.reload()
    button.click()
    expect(page.locator("#lesson-progress")).to_be_hidden()


def test_a_reset_forgets_all_lessons(fresh_visit: Visit) -> None:
    visitor = open_lesson(fresh_visit, f"lesson={THROWN}")
    page = visitor.page
    for name in (THROWN, PROMISE):
        expect_lesson(visitor, name)
        page.locator("#lesson-skip").click()
        expect(page.locator("#lesson-after")).to_be_visible()
        page.locator("#lesson-next").click()
    page.get_by_role("button", name="Lessons", exact=True).click()
    expect(page.locator("#lesson-progress-words")).to_have_text(f"2 of {len(LESSONS)} done.")
    page.get_by_role("button", name="Reset progress").click()
    page.keyboard.press("Escape")
    page.locator("#lesson-previous").click()
    expect_lesson(visitor, PROMISE)
    expect(page.locator("#lesson-after")).to_be_hidden()
