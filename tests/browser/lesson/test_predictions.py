"""A lesson's question: asked before anything shows the answer, then answered or skipped."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from cliffscape.app.lessons.front_matter import Choice
from cliffscape.app.lessons.lesson import Lesson
from tests.browser import expected
from tests.browser.conftest import Visit, open_pool
from tests.browser.lesson.lesson_page import LESSONS, PROMISE, THROWN, answer, expect_lesson, link, open_lesson
from tests.browser.visitor import Visitor


def test_a_lesson_is_chosen_from_the_list_answered_and_ticked(fresh_visit: Visit) -> None:
    visitor = fresh_visit()
    page = visitor.page
    page.get_by_role("button", name="Lessons", exact=True).click()
    expect(page.locator("#lesson-entries li")).to_have_count(len(LESSONS))
    expect(page.locator(".tick:not(:empty)")).to_have_count(0)
    page.get_by_role("link", name=LESSONS[THROWN].front_matter.title).click()
    expect_lesson(visitor, THROWN)
    visitor.until("() => location.search === '?lesson=04-gradient-descent-at-a-cliff'")
    expect(page).to_have_title(f"{LESSONS[THROWN].front_matter.title} · Cliffscape")
    expect(page.locator("#lesson-title")).to_be_focused()
    expect(page.locator("#lesson-after")).to_be_hidden()
    answer(visitor, 1)
    expect(page.locator("#lesson-result")).to_have_text("Not quite. The run is thrown at step 13, by 9.45 units.")
    expect(page.locator("#lesson-options .truth")).to_contain_text("Yes, it will be thrown")
    expect(page.locator("#lesson-check")).to_contain_text("9.45 units")
    expect(page.locator("#lesson-source")).to_contain_text("section 10.11.1")
    page.get_by_role("button", name="Lessons", exact=True).click()
    expect(page.locator(".tick:not(:empty)")).to_have_count(1)
    expect(page.locator("[aria-current]")).to_have_text(LESSONS[THROWN].front_matter.title)
    page.keyboard.press("Escape")
    expect(page.locator("#lesson-list")).to_be_hidden()


def test_nothing_shows_the_answer_before_the_prediction(fresh_visit: Visit) -> None:
    visitor = open_lesson(fresh_visit, f"lesson={THROWN}")
    page = visitor.page
    for selector in ("#verdicts", "#lesson-after", "#lesson-result"):
        expect(page.locator(selector)).to_be_hidden()
    assert visitor.step() == 0
    assert visitor.readout("without")[0] == "4.6, −1.7"
    assert visitor.readout("without")[3:] == ["–"] * 4
    expect(page.locator("#play")).to_be_disabled()
    page.locator("#map-handle").press(" ")
    visitor.frames()
    assert visitor.step() == 0
    page.wait_for_timeout(1000)
    assert page.locator("#live").inner_text() == ""
    answer(visitor, 0)
    expect(page.locator("#lesson-result")).to_have_text("Right. The run is thrown at step 13, by 9.45 units.")
    for run, sentence in expected.verdicts(link(THROWN)).items():
        expect(visitor.sentence(run)).to_have_text(sentence.partition(": ")[2])


def test_an_answer_plays_the_run_from_its_start(fresh_visit: Visit) -> None:
    visitor = open_lesson(fresh_visit, f"lesson={THROWN}")
    visitor.page.locator("#speed").select_option("5")
    answer(visitor, 0)
    expect(visitor.page.locator("#play")).to_have_text("Pause")
    visitor.until("() => document.getElementById('step-label').textContent === 'step 60 / 60'")
    expect(visitor.page.locator("#play")).to_have_text("Play")


def test_the_question_may_be_skipped(fresh_visit: Visit) -> None:
    visitor = open_lesson(fresh_visit, f"lesson={PROMISE}")
    visitor.page.locator("#lesson-skip").click()
    expect(visitor.page.locator("#lesson-after")).to_be_visible()
    expect(visitor.page.locator("#lesson-result")).to_be_hidden()
    expect(visitor.page.locator("#verdicts")).to_be_visible()


@pytest.fixture(scope="module")
def reader(browser: Browser, address: str) -> Iterator[Visitor]:
    """One visitor for every lesson."""
    with open_pool(browser, address) as pool:
        yield pool.visit()


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
def test_every_lesson_opens_and_accepts_its_answer(reader: Visitor, lesson: Lesson) -> None:
    page = reader.page
    page.get_by_role("button", name="Lessons", exact=True).click()
    page.locator(f"#lesson-entries a[href='?lesson={lesson.name}']").click()
    expect_lesson(reader, lesson.name)
    expect(page.locator("#lesson-after")).to_be_hidden()
    buttons = page.locator("#lesson-options button")
    if isinstance(lesson.front_matter.prediction, Choice):
        expect(buttons).to_have_count(len(lesson.front_matter.prediction.option))
        buttons.nth(lesson.front_matter.prediction.answer - 1).click()
        expect(page.locator("#lesson-result")).to_have_text("Right.")
    elif lesson.front_matter.prediction.kind == "mark":
        page.locator("#mark").press("ArrowUp")
        page.locator("#mark").press("Enter")
        expect(page.locator("#lesson-result")).to_contain_text("Your mark is")
    else:
        buttons.first.click()
        expect(page.locator("#lesson-options .truth")).to_have_count(1)
    expect(page.locator("#lesson-after")).to_be_visible()
    assert page.locator("#lesson math").count() == len(re.findall("<math", str(lesson.content)))
    page.locator("#lesson-close").click()
