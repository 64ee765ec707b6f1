"""A printed lesson: its text, its question, and the map before and after, in black on white and without controls."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.lesson.lesson_page import LESSONS, MARKED, THROWN, answer, open_lesson

HIDDEN = ["#lesson-close", "#lesson-skip", "#lesson-again", "#lesson-next", "#controls", "#map", "#relief", ".bar"]


def colours_of_figures(page: Page) -> list[int]:
    """How many different colours each figure has."""
    found: list[int] = page.evaluate(
        """() => [...document.querySelectorAll('.handout canvas')].map((canvas) => {
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          return new Set(new Uint32Array(data.buffer)).size;
        })"""
    )
    return found


def rings_of_figures(page: Page) -> list[list[int]]:
    """The colour of each figure where the ring around the lesson's start (4.6, −1.7) has its right edge."""
    # The map is as large as css/lesson/print.css says, without its margins of map.js.
    x, y = 48 + (4.6 - 3.5) / 2.2 * (640 - 62) + 5.5, 10 + (1.7 - 1.3) / 1.7 * (400 - 54)
    found: list[list[int]] = page.evaluate(
        """([x, y]) => [...document.querySelectorAll('.handout canvas')].map((canvas) => {
          const ratio = canvas.width / 640;
          return [...canvas.getContext('2d').getImageData(x * ratio, y * ratio, 1, 1).data.slice(0, 3)];
        })""",
        [x, y],
    )
    return found


def pixels_of_figures(page: Page) -> list[str]:
    """The pictures, as text."""
    found: list[str] = page.evaluate(
        "() => [...document.querySelectorAll('.handout canvas')].map((canvas) => canvas.toDataURL())"
    )
    return found


@pytest.mark.parametrize(("scheme", "answered"), [("light", False), ("dark", True)])
def test_a_printed_lesson_has_the_map_before_and_after(fresh_visit: Visit, scheme: str, answered: bool) -> None:
    visitor = open_lesson(lambda query, **more: fresh_visit(query, color_scheme=scheme, **more), f"lesson={THROWN}")
    page = visitor.page
    if answered:
        answer(visitor, 1)
        expect(page.locator("#lesson-after")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator("figure.handout")).to_have_count(2)
    expect(page.locator("figcaption", has_text="Before: the start.")).to_be_visible()
    after = page.locator("figcaption", has_text="After 60 steps.")
    expect(after).to_contain_text("Dashed line with round points: without clipping.")
    expect(page.locator(".answer")).to_have_text(
        "Answer: Yes, it will be thrown. The run is thrown at step 13, by 9.45 units."
    )
    expect(page.locator(".handout.link")).to_have_text(page.url)
    for selector in ("#lesson-title", "#lesson-body", "#lesson-question", "#lesson-options", "#lesson-reveal"):
        expect(page.locator(selector)).to_be_visible()
    for selector in HIDDEN:
        expect(page.locator(selector)).to_be_hidden()
    expect(page.locator("#lesson-result")).to_be_hidden()
    body = page.locator("#lesson-body p").first
    expect(body).to_have_css("color", "rgb(0, 0, 0)")
    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
    assert min(colours_of_figures(page)) > 100
    # The question speaks of the ringed point.
    assert all(max(colour) < 60 for colour in rings_of_figures(page))
    before, later = pixels_of_figures(page)
    assert before != later
    page.emulate_media(media="screen")
    expect(page.locator(".handout")).to_have_count(0)
    assert page.evaluate("document.documentElement.dataset.theme") == scheme
    expect(page.locator("#map")).to_be_visible()


def test_the_picture_before_has_the_steps_that_the_question_shows(fresh_visit: Visit) -> None:
    page = open_lesson(fresh_visit, f"lesson={MARKED}").page
    page.emulate_media(media="print")
    step = LESSONS[MARKED].front_matter.prediction.model_dump()["step"]
    expect(page.locator("figcaption").filter(has_text=f"Before: up to step {step}.")).to_be_visible()
    expect(page.locator(".answer")).to_contain_text("The step lands at ")
    expect(page.locator(".answer")).not_to_contain_text("Your mark")


def test_a_pdf_has_two_pages_and_leaves_nothing_on_the_screen(fresh_visit: Visit, tmp_path: Path) -> None:
    page = open_lesson(fresh_visit, f"lesson={THROWN}").page
    pdf = page.pdf(format="A4", path=tmp_path / "lesson.pdf")
    assert pdf.count(b"/Type /Page\n") == 2
    # Both figures are images with three pixels per CSS pixel.
    assert pdf.count(b"/Width 1920") >= 2
    expect(page.locator(".handout")).to_have_count(0)


def test_without_a_lesson_the_page_prints_without_controls(fresh_visit: Visit) -> None:
    page = fresh_visit().page
    page.emulate_media(media="print")
    expect(page.locator("#map")).to_be_visible()
    expect(page.locator("#controls")).to_be_hidden()
    # What only a screen needs: explanations, hints, and the way to the throw.
    expect(page.locator("button:not(.chooser):visible, [data-hint]:visible")).to_have_count(0)
    expect(page.locator(".handout")).to_have_count(0)


def test_a_changed_experiment_is_printed_without_the_answer_to_the_question(fresh_visit: Visit) -> None:
    visitor = open_lesson(fresh_visit, f"lesson={MARKED}&steps=3")
    page = visitor.page
    page.emulate_media(media="print")
    expect(page.locator("figcaption", has_text="After 3 steps.")).to_be_visible()
    expect(page.locator(".answer")).to_have_count(0)
    expect(page.locator("#lesson-away")).to_contain_text("You have changed the experiment of this lesson.")
