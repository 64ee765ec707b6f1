"""The author of a lesson: an open page follows the file, and says what is wrong with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import VisitorPool, open_pool, run_server
from tests.browser.lesson.lesson_page import answer, open_lesson
from tests.browser.lesson.test_teachers_folder import OWN
from tests.browser.visitor import Visitor


def save(folder: Path, text: str, name: str = "mine.md") -> None:
    """Save a lesson as editors do: no reader sees a half-written file."""
    (folder / "written").write_text(text, encoding="utf-8")
    (folder / "written").replace(folder / name)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The author's folder."""
    return tmp_path_factory.mktemp("own")


@pytest.fixture(scope="module")
def author(browser: Browser, folder: Path) -> Iterator[VisitorPool]:
    """Visitors of a server with the author's folder."""
    save(folder, OWN)
    with run_server("--lessons", str(folder)) as (address, _), open_pool(browser, address) as pool:
        yield pool


@pytest.fixture
def reader(author: VisitorPool, folder: Path) -> Iterator[Visitor]:
    """A visitor who has answered the lesson."""
    save(folder, OWN)
    visitor = open_lesson(author.visit, "lesson=mine")
    answer(visitor, 1)
    expect(visitor.page.locator("#lesson-after")).to_be_visible()
    yield visitor
    visitor.page.close()


def test_an_open_page_shows_the_new_text_and_keeps_the_answer(reader: Visitor, folder: Path) -> None:
    save(folder, OWN.replace("here: ", "at the new text: "))
    expect(reader.page.locator("#lesson-body")).to_contain_text("at the new text: ")
    expect(reader.page.locator("#lesson-after")).to_be_visible()
    expect(reader.page.locator("#lesson-problems")).to_be_hidden()


def test_a_new_experiment_is_shown_and_asked_about_again(reader: Visitor, folder: Path) -> None:
    text = OWN.replace("steps=20", "steps=7").replace("value = 20", "value = 7").replace("step 20", "step 7")
    save(folder, text)
    expect(reader.page.locator("#field-steps")).to_have_value("7")
    expect(reader.page.locator("#lesson-after")).to_be_hidden()
    assert reader.link() == "lesson=mine"


def test_the_page_says_what_is_wrong_and_keeps_the_last_good_text(reader: Visitor, folder: Path) -> None:
    page = reader.page
    save(folder, OWN.replace("steps=20", "steps=0"))
    problem = page.locator("#lesson-problems li")
    expect(problem).to_have_text("mine.md:5: steps must be at least 1, got 0")
    expect(problem).to_be_visible()
    expect(page.locator("#lesson-body")).to_contain_text("here: ")
    page.reload()
    expect(problem).to_have_text("mine.md:5: steps must be at least 1, got 0")
    expect(page.locator("#lesson-body")).to_contain_text("here: ")
    page.get_by_role("button", name="Lessons", exact=True).click()
    expect(page.locator("#lesson-faults li")).to_have_text("mine.md:5: steps must be at least 1, got 0")
    save(folder, OWN)
    # The list is open, and follows too.
    expect(page.locator("#lesson-faults")).to_be_hidden()
    expect(page.locator("#lesson-problems")).to_be_hidden()


def test_a_new_lesson_appears_in_the_list_and_a_deleted_one_stays_open(reader: Visitor, folder: Path) -> None:
    page = reader.page
    page.get_by_role("button", name="Lessons", exact=True).click()
    save(folder, OWN.replace("My <b>own</b>", "A new one"), "new.md")
    expect(page.locator("#lesson-entries a").last).to_have_text("A new one")
    (folder / "mine.md").unlink()
    expect(page.locator("#lesson-problems li")).to_have_text("mine.md has been deleted or renamed.")
    expect(page.locator("#lesson-body")).to_contain_text("here: ")
    (folder / "new.md").unlink()


def test_a_link_to_a_lesson_with_faults_opens_it_once_they_are_mended(author: VisitorPool, folder: Path) -> None:
    save(folder, OWN.replace("steps=20", "steps=0"), "faulty.md")
    visitor = author.visit("?lesson=faulty")
    expect(visitor.page.locator("#notice")).to_contain_text("steps must be at least 1, got 0")
    save(folder, OWN, "faulty.md")
    expect(visitor.page.locator("#lesson-body")).to_contain_text("here: ")
    expect(visitor.page.locator("#lesson-options")).to_be_visible()
    (folder / "faulty.md").unlink()
    visitor.page.close()
