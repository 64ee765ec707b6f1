"""Steps of the lesson tests: open a lesson by its link, and answer its question."""

from typing import Any

from playwright.sync_api import expect

from cliffscape.app.lessons.folders import read_folders
from cliffscape.app.scene.links import to_query
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.test_layers import ROOT

LESSONS = read_folders([ROOT / "templates" / "lessons"]).lessons
THROWN, PROMISE, MARKED = (
    "04-gradient-descent-at-a-cliff",
    "05-how-far-the-linear-model-is-accurate",
    "07-clipping-by-norm",
)


def link(lesson: str) -> str:
    """The query of a lesson's Scene."""
    return "&".join(f"{name}={value}" for name, value in to_query(LESSONS[lesson].scene).items())


def answer(visitor: Visitor, number: int) -> None:
    """Press one of the answers."""
    visitor.page.locator("#lesson-options button").nth(number).click()


def expect_lesson(visitor: Visitor, lesson: str) -> None:
    """Expect a lesson to be open."""
    expect(visitor.page.locator("#lesson-title")).to_have_text(LESSONS[lesson].front_matter.title)


def open_lesson(visit: Visit, query: str, **options: Any) -> Visitor:
    """A visitor of a lesson whose runs are computed, but not yet shown."""
    visitor = visit(f"?{query}", predicting=True, **options)
    expect(visitor.page.locator("#lesson")).to_be_visible()
    return visitor
