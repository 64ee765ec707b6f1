"""The lessons as a visitor reads them: opened by link, answered by button."""

from playwright.sync_api import expect

from cliffscape.app.lessons.folders import shelf
from cliffscape.app.scene.links import to_query
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.test_layers import ROOT

SHELF = shelf([ROOT / "templates" / "lessons"]).lessons
THROWN, PROMISE, MARKED = "04-thrown", "05-what-the-slope-promised", "07-the-same-way-only-shorter"


def link(lesson: str) -> str:
    """The query of a lesson's Scene."""
    return "&".join(f"{name}={value}" for name, value in to_query(SHELF[lesson].scene).items())


def answer(visitor: Visitor, number: int) -> None:
    """Press one of the answers."""
    visitor.page.locator("#lesson-options button").nth(number).click()


def expect_lesson(visitor: Visitor, lesson: str) -> None:
    """Expect a lesson to be open."""
    expect(visitor.page.locator("#lesson-title")).to_have_text(SHELF[lesson].head.title)


def open_lesson(visit: Visit, query: str) -> Visitor:
    """A visitor of a lesson whose runs are computed, but not yet shown."""
    visitor = visit(f"?{query}", predicting=True)
    expect(visitor.page.locator("#lesson")).to_be_visible()
    return visitor
