"""Lessons: opened, foretold, told, left; by link, by keyboard, and from a teacher's folder."""

import math
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from cliffscape.app.lessons.folders import shelf
from cliffscape.app.lessons.front_matter import Choice
from cliffscape.app.lessons.lesson import Lesson
from cliffscape.app.scene.links import to_query
from tests.browser import expected
from tests.browser.conftest import Reception, Visit, receiving, serving
from tests.browser.visitor import Visitor
from tests.test_layers import ROOT

SHELF = shelf([ROOT / "templates" / "lessons"]).lessons
THROWN, PROMISE, MARKED = "04-thrown", "05-what-the-slope-promised", "07-the-same-way-only-shorter"
OWN = """+++
title = "My <b>own</b>"
source = "My notes, section 1"
check = "It ends at step 20."
scene = "start=4.6,-1.7&steps=20"

[prediction]
kind = "lower"

[[fact]]
quantity = "with.steps"
value = 20
tolerance = 0
+++
Look <script>alert(1)</script> <img src=x onerror=alert(1)> here: $x_t$.

<!-- reveal -->

<b>Seen</b>.
"""


def link(lesson: str) -> str:
    """The query of a lesson's Scene."""
    return "&".join(f"{name}={value}" for name, value in to_query(SHELF[lesson].scene).items())


def option(visitor: Visitor, number: int) -> None:
    """Press one of the answers."""
    visitor.page.locator("#lesson-options button").nth(number).click()


def heading(visitor: Visitor, lesson: str) -> None:
    """Expect a lesson to be open."""
    expect(visitor.page.locator("#lesson-title")).to_have_text(SHELF[lesson].head.title)


def opened(visit: Visit, query: str) -> Visitor:
    """A visitor of a lesson whose runs are there, but not told."""
    visitor = visit(f"?{query}", predicting=True)
    expect(visitor.page.locator("#lesson")).to_be_visible()
    return visitor


def test_a_lesson_is_chosen_from_the_list_answered_and_ticked(fresh_visit: Visit) -> None:
    visitor = fresh_visit()
    page = visitor.page
    page.get_by_role("button", name="Lessons", exact=True).click()
    expect(page.locator("#lesson-entries li")).to_have_count(len(SHELF))
    expect(page.locator(".tick:not(:empty)")).to_have_count(0)
    page.get_by_role("link", name=SHELF[THROWN].head.title).click()
    heading(visitor, THROWN)
    visitor.until("() => location.search === '?lesson=04-thrown'")
    expect(page).to_have_title(f"{SHELF[THROWN].head.title} · Cliffscape")
    expect(page.locator("#lesson-title")).to_be_focused()
    expect(page.locator("#lesson-after")).to_be_hidden()
    option(visitor, 1)
    expect(page.locator("#lesson-result")).to_have_text(
        "It came out otherwise. It is thrown at step 13, by 9.45 units."
    )
    expect(page.locator("#lesson-options .truth")).to_contain_text("Yes, it is thrown")
    expect(page.locator("#lesson-check")).to_contain_text("9.45 units")
    expect(page.locator("#lesson-source")).to_contain_text("section 10.11.1")
    page.get_by_role("button", name="Lessons", exact=True).click()
    expect(page.locator(".tick:not(:empty)")).to_have_count(1)
    expect(page.locator("[aria-current]")).to_have_text(SHELF[THROWN].head.title)
    page.keyboard.press("Escape")
    expect(page.locator("#lesson-list")).to_be_hidden()


def test_before_the_answer_nothing_tells_it(fresh_visit: Visit) -> None:
    visitor = opened(fresh_visit, f"lesson={THROWN}")
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
    option(visitor, 0)
    expect(page.locator("#lesson-result")).to_have_text("Right. It is thrown at step 13, by 9.45 units.")
    for run, sentence in expected.verdicts(link(THROWN)).items():
        expect(visitor.sentence(run)).to_have_text(sentence.partition(": ")[2])


def test_an_answer_plays_the_run_from_its_beginning(fresh_visit: Visit) -> None:
    visitor = opened(fresh_visit, f"lesson={THROWN}")
    visitor.page.locator("#speed").select_option("5")
    option(visitor, 0)
    expect(visitor.page.locator("#play")).to_have_text("Pause")
    visitor.until("() => document.getElementById('step-label').textContent === 'step 60 / 60'")
    expect(visitor.page.locator("#play")).to_have_text("Play")


def test_next_back_forward_and_reload_keep_what_was_answered(fresh_visit: Visit) -> None:
    visitor = opened(fresh_visit, f"lesson={THROWN}")
    page = visitor.page
    option(visitor, 0)
    expect(page.locator("#lesson-result")).to_be_visible()
    page.locator("#lesson-next").click()
    heading(visitor, PROMISE)
    visitor.until("() => location.search === '?lesson=05-what-the-slope-promised'")
    expect(page.locator("#lesson-after")).to_be_hidden()
    page.go_back()
    heading(visitor, THROWN)
    expect(page.locator("#lesson-result")).to_be_visible()
    page.reload()
    heading(visitor, THROWN)
    expect(page.locator("#lesson-result")).to_have_text("Right. It is thrown at step 13, by 9.45 units.")
    expect(page.locator("#verdicts")).to_be_visible()
    page.go_forward()
    heading(visitor, PROMISE)
    expect(page.locator("#lesson-after")).to_be_hidden()
    page.locator("#lesson-previous").click()
    heading(visitor, THROWN)
    page.locator("#lesson-again").click()
    expect(page.locator("#lesson-after")).to_be_hidden()
    assert visitor.step() == 0


def test_the_question_may_be_skipped(fresh_visit: Visit) -> None:
    visitor = opened(fresh_visit, f"lesson={PROMISE}")
    visitor.page.locator("#lesson-skip").click()
    expect(visitor.page.locator("#lesson-after")).to_be_visible()
    expect(visitor.page.locator("#lesson-result")).to_be_hidden()
    expect(visitor.page.locator("#verdicts")).to_be_visible()


def test_leaving_a_lesson_keeps_its_experiment(fresh_visit: Visit) -> None:
    visitor = opened(fresh_visit, "lesson=06-uphill")
    visitor.page.locator("#lesson-close").click()
    expect(visitor.page.locator("#lesson")).to_be_hidden()
    visitor.until("(query) => location.search === query", f"?{link('06-uphill')}")
    expect(visitor.page.locator("#lessons")).to_be_focused()
    expect(visitor.page.locator("#verdicts")).to_be_visible()
    visitor.page.go_back()
    heading(visitor, "06-uphill")


def test_a_changed_experiment_stays_a_link_with_its_lesson(fresh_visit: Visit) -> None:
    visitor = opened(fresh_visit, f"lesson={THROWN}")
    page = visitor.page
    expect(page.locator("#lesson-away")).to_be_hidden()
    visitor.type("steps", "30")
    visitor.until("() => location.search === '?lesson=04-thrown&steps=30'")
    expect(page.locator("#lesson-away")).to_be_visible()
    page.reload()
    heading(visitor, THROWN)
    expect(visitor.field("steps")).to_have_value("30")
    option(visitor, 0)
    expect(page.locator("#lesson-result")).to_have_text("Right. It is thrown at step 13, by 9.45 units.")
    expect(visitor.field("steps")).to_have_value("60")
    expect(page.locator("#lesson-away")).to_be_hidden()


def test_the_defaults_themselves_are_a_link_too(fresh_visit: Visit) -> None:
    visitor = opened(fresh_visit, "lesson=06-uphill")
    visitor.type("optimizer.learning_rate", "0.5")
    visitor.page.locator("#field-landscape").select_option("one_unit_rnn/0")
    visitor.until("() => location.search === '?lesson=06-uphill&runs=both'")
    visitor.page.reload()
    heading(visitor, "06-uphill")
    assert visitor.start() == (4.6, -1.7)


def test_a_link_copied_in_a_lesson_opens_it(fresh_visit: Visit) -> None:
    visitor = opened(
        lambda query, **more: fresh_visit(query, permissions=["clipboard-read", "clipboard-write"], **more),
        f"lesson={THROWN}",
    )
    visitor.page.locator("#share").click()
    expect(visitor.page.locator("#share")).to_have_text("Link copied")
    assert visitor.page.evaluate("navigator.clipboard.readText()") == f"{visitor.address}/?lesson={THROWN}"


def landing(lesson: str, row: int) -> tuple[float, float]:
    """Where the clipped run of a lesson is at a row."""
    x, y = expected.trajectories(link(lesson))["with"].position[row].tolist()
    return x, y


def test_a_mark_by_mouse_is_measured_against_where_the_step_lands(fresh_visit: Visit) -> None:
    visitor = opened(fresh_visit, f"lesson={MARKED}")
    page = visitor.page
    assert visitor.step() == 13
    expect(page.locator("#lesson-settle")).to_be_disabled()
    mapping = visitor.mapping((3.5, 5.7, -3.0, -1.3))
    start = visitor.start()
    px, py = mapping.pixel(5.0, -2.0)
    page.mouse.click(px, py)
    assert visitor.start() == start
    page.locator("#lesson-settle").click()
    result = page.locator("#lesson-result")
    expect(result).to_contain_text("It came out otherwise. It lands at 4.27, −2.05, a step of 0.1 units; your mark is ")
    found = float(re.findall(r"mark is ([\d.]+) units", result.inner_text())[0])
    x, y = landing(MARKED, 14)
    at = mapping.point(px, py)
    assert found == pytest.approx(math.hypot(at[0] - x, at[1] - y), abs=0.02)
    expect(page.locator("#mark-line")).to_be_visible()


def test_a_mark_by_keyboard_can_be_right(fresh_visit: Visit) -> None:
    visitor = opened(fresh_visit, f"lesson={MARKED}")
    page = visitor.page
    mark = page.get_by_role("button", name="Mark where its next step lands")
    (x0, y0), (x1, y1) = landing(MARKED, 13), landing(MARKED, 14)
    # A press is a hundredth of the window, 2.2 by 1.7 units.
    for _ in range(round((x1 - x0) / 0.022)):
        mark.press("ArrowRight")
    for _ in range(round((y1 - y0) / 0.017)):
        mark.press("ArrowUp")
    mark.press("Enter")
    expect(page.locator("#lesson-result")).to_contain_text("Right. It lands at 4.27, −2.05, a step of 0.1 units;")


def test_a_click_on_the_marks_own_grip_puts_it_there(fresh_visit: Visit) -> None:
    """The landing is so near that the grip covers it."""
    visitor = opened(fresh_visit, f"lesson={MARKED}")
    page = visitor.page
    px, py = visitor.mapping((3.5, 5.7, -3.0, -1.3)).pixel(*landing(MARKED, 14))
    grip = page.locator("#mark").bounding_box()
    assert grip is not None
    assert math.hypot(px - grip["x"] - grip["width"] / 2, py - grip["y"] - grip["height"] / 2) < grip["width"] / 2
    page.mouse.click(px, py)
    page.locator("#lesson-settle").click()
    expect(page.locator("#lesson-result")).to_contain_text("Right. It lands at 4.27, −2.05")


@pytest.fixture(scope="module")
def reader(browser: Browser, address: str) -> Iterator[Visitor]:
    """One visitor who reads every lesson."""
    with receiving(browser, address) as reception:
        yield reception.visit()


@pytest.mark.parametrize("lesson", SHELF.values(), ids=SHELF)
def test_every_lesson_opens_and_knows_its_answer(reader: Visitor, lesson: Lesson) -> None:
    page = reader.page
    page.get_by_role("button", name="Lessons", exact=True).click()
    page.locator(f"#lesson-entries a[href='?lesson={lesson.name}']").click()
    heading(reader, lesson.name)
    expect(page.locator("#lesson-after")).to_be_hidden()
    buttons = page.locator("#lesson-options button")
    if isinstance(lesson.head.prediction, Choice):
        expect(buttons).to_have_count(len(lesson.head.prediction.option))
        buttons.nth(lesson.head.prediction.answer - 1).click()
        expect(page.locator("#lesson-result")).to_have_text("Right.")
    elif lesson.head.prediction.kind == "mark":
        page.locator("#mark").press("ArrowUp")
        page.locator("#mark").press("Enter")
        expect(page.locator("#lesson-result")).to_contain_text("your mark is")
    else:
        buttons.first.click()
        expect(page.locator("#lesson-options .truth")).to_have_count(1)
    expect(page.locator("#lesson-after")).to_be_visible()
    assert page.locator("#lesson math").count() == len(re.findall("<math", str(lesson.content)))
    page.locator("#lesson-close").click()


@pytest.fixture(scope="module")
def teacher(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reception]:
    """Visitors of a server with a teacher's folder: one lesson that can be read, one that cannot."""
    folder: Path = tmp_path_factory.mktemp("own")
    (folder / "mine.md").write_text(OWN, encoding="utf-8")
    (folder / "broken.md").write_text(OWN.replace("steps=20", "steps=0"), encoding="utf-8")
    said = "broken.md:5: steps = 0 must be at least 1 (the lesson is left out)"
    with serving("--lessons", str(folder), expected=(said,)) as (address, _), receiving(browser, address) as reception:
        yield reception


def test_a_teachers_lesson_comes_last_and_a_broken_one_is_told(teacher: Reception) -> None:
    page = teacher.visit().page
    page.get_by_role("button", name="Lessons", exact=True).click()
    expect(page.locator("#lesson-entries a").last).to_have_text("My <b>own</b>")
    expect(page.locator("#lesson-faults li")).to_have_text("broken.md:5: steps = 0 must be at least 1")


def test_raw_html_in_a_lesson_is_shown_as_text(teacher: Reception) -> None:
    visitor = opened(teacher.visit, "lesson=mine")
    page = visitor.page
    expect(page.locator("#lesson-title")).to_have_text("My <b>own</b>")
    expect(page.locator("#lesson-body")).to_contain_text("Look <script>alert(1)</script> <img src=x onerror=alert(1)>")
    expect(page.locator("#lesson-body math")).to_have_count(1)
    option(visitor, 1)
    ends = {run: record.loss[-1] for run, record in expected.trajectories("start=4.6,-1.7&steps=20").items()}
    low = min(ends, key=lambda run: float(ends[run]))
    words = {"without": "Without clipping", "with": "With clipping"}[low]
    expect(page.locator("#lesson-result")).to_contain_text(f"{words} it ends lower: at ")
    expect(page.locator("#lesson-reveal")).to_have_text("<b>Seen</b>.")
    assert page.locator("#lesson :is(script, img, b)").count() == 0


def test_a_link_in_a_lesson_changes_the_experiment_and_leaves_the_lesson_open(fresh_visit: Visit) -> None:
    visitor = opened(fresh_visit, "lesson=09-do-both-work-alike")
    option(visitor, 1)
    visitor.page.get_by_role("link", name="the axes turned").click()
    heading(visitor, "09-do-both-work-alike")
    expect(visitor.field("clip")).to_have_value("by_value_turned")
    expect(visitor.page.locator("#lesson-away")).to_be_visible()
    expect(visitor.page.locator("#lesson-after")).to_be_visible()


def test_an_unknown_lesson_is_told_and_the_page_is_there(fresh_visit: Visit) -> None:
    visitor = fresh_visit("?lesson=nowhere")
    expect(visitor.page.locator("#notice")).to_contain_text("lesson must be the name of one of the lessons here")
    expect(visitor.page.locator("#lesson")).to_be_hidden()


def test_on_a_phone_the_lesson_stands_above_the_map_and_nothing_sticks_out(fresh_visit: Visit) -> None:
    visitor = opened(
        lambda query, **more: fresh_visit(query, viewport={"width": 360, "height": 740}, **more), f"lesson={MARKED}"
    )
    page = visitor.page
    lesson, picture = (page.locator(selector).bounding_box() for selector in ("#lesson", "#map"))
    assert lesson is not None
    assert picture is not None
    assert lesson["y"] + lesson["height"] <= picture["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
