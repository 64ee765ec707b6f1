"""A question downloaded as a lesson: a server with that folder asks it before it shows the answer."""

import shutil
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.axe import grave_violations
from tests.browser.conftest import Visit, open_pool, run_server
from tests.browser.visitor import Visitor


def open_choices(visitor: Visitor) -> None:
    """Open the panel with the question."""
    visitor.page.locator("#share").click()
    visitor.page.locator("#frame-choices summary").click()


def test_a_question_is_downloaded_as_a_lesson_that_a_folder_of_lessons_asks(
    fresh_visit: Visit, browser: Browser, tmp_path: Path
) -> None:
    teacher = fresh_visit("?landscape=ravine&start=1,1&steps=20", color_scheme="dark")
    page = teacher.page
    open_choices(teacher)
    expect(page.locator("#download-lesson")).to_be_hidden()
    page.locator("#ask").select_option("choice")
    expect(page.locator("#download-lesson")).to_be_disabled()
    page.locator("#ask-question").fill("Is $5 more than a half?")
    page.locator("#ask-option").fill("No\nYes")
    page.locator("#ask-answer").select_option(label="Yes")
    page.locator("#lesson-file-title").fill("Five dollars")
    assert grave_violations(teacher) == []
    with page.expect_download() as waiting:
        page.locator("#download-lesson").click()
    assert waiting.value.suggested_filename == "five-dollars.md"
    expect(page.locator(".lesson-download [role=status]")).to_have_text("Saved five-dollars.md")
    shutil.copy(waiting.value.path(), tmp_path / waiting.value.suggested_filename)
    with run_server("--lessons", str(tmp_path)) as (address, _), open_pool(browser, address) as pool:
        student = pool.visit("?lesson=five-dollars", predicting=True)
        expect(student.page.locator("#notice")).to_be_hidden()
        expect(student.page.locator("#lesson-question")).to_have_text("Is $5 more than a half?")
        expect(student.page.locator("#lesson-title")).to_have_text("Five dollars")
        expect(student.page.locator("#headline .run").first).to_be_hidden()
        student.page.locator("#lesson-options button").nth(1).click()
        expect(student.page.locator("#lesson-result")).to_have_text("Right.")
        expect(student.page.locator("#headline .run").first).to_be_visible()


def test_a_refused_lesson_is_a_sentence_in_the_panel(fresh_visit: Visit) -> None:
    visitor = fresh_visit()
    open_choices(visitor)
    visitor.page.locator("#ask").select_option("thrown")
    visitor.page.locator("#ask-question").fill("$" * 260)
    visitor.page.locator("#download-lesson").click()
    status = visitor.page.locator(".lesson-download [role=status]")
    expect(status).to_contain_text("ask.question must be at most 500 characters long in Markdown, got 520 characters")
    # Another question has no file yet.
    visitor.page.locator("#ask-question").fill("Will it fly?")
    expect(status).to_be_empty()
    # The browser writes the refused request to the console.
    assert [error for error in visitor.errors if "422" not in error] == []
    visitor.errors.clear()
