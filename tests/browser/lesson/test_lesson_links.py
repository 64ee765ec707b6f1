"""Lessons and links: the address, the browser's history, and experiments that a reader changes."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.gallery.gallery_panel import choose_preset
from tests.browser.lesson.lesson_page import MARKED, PROMISE, THROWN, answer, expect_lesson, link, open_lesson


def test_next_back_forward_and_reload_keep_the_answers(fresh_visit: Visit) -> None:
    visitor = open_lesson(fresh_visit, f"lesson={THROWN}")
    page = visitor.page
    answer(visitor, 0)
    expect(page.locator("#lesson-result")).to_be_visible()
    page.locator("#lesson-next").click()
    expect_lesson(visitor, PROMISE)
    visitor.until("() => location.search === '?lesson=05-how-far-the-linear-model-is-accurate'")
    expect(page.locator("#lesson-after")).to_be_hidden()
    page.go_back()
    expect_lesson(visitor, THROWN)
    expect(page.locator("#lesson-result")).to_be_visible()
    page.reload()
    expect_lesson(visitor, THROWN)
    expect(page.locator("#lesson-result")).to_have_text("Right. The run is thrown at step 13, by 9.45 units.")
    expect(page.locator("#verdicts")).to_be_visible()
    page.go_forward()
    expect_lesson(visitor, PROMISE)
    expect(page.locator("#lesson-after")).to_be_hidden()
    page.locator("#lesson-previous").click()
    expect_lesson(visitor, THROWN)
    page.locator("#lesson-again").click()
    expect(page.locator("#lesson-after")).to_be_hidden()
    assert visitor.step() == 0


@pytest.mark.parametrize("width", [360, 1280])
def test_a_link_in_the_text_keeps_the_readers_place(fresh_visit: Visit, width: int) -> None:
    visitor = open_lesson(fresh_visit, f"lesson={THROWN}", viewport={"width": width, "height": 740})
    page = visitor.page
    page.locator("#lesson-skip").click()
    visitor.await_verdict()
    followed = page.locator("#lesson-reveal a", has_text="After 300 steps")
    followed.scroll_into_view_if_needed()
    visitor.frames()
    before = followed.bounding_box()
    assert before is not None and page.evaluate("document.getElementById('lesson').scrollTop + scrollY") > 20
    with page.expect_navigation():
        followed.click()
    assert page.url.endswith("&steps=300")
    # The page above the link has other lines than before.
    where = "document.querySelector('#lesson-reveal a').getBoundingClientRect().top"
    visitor.until(f"(y) => Math.abs({where} - y) < 80", before["y"])


def test_leaving_a_lesson_keeps_its_experiment(fresh_visit: Visit) -> None:
    visitor = open_lesson(fresh_visit, "lesson=06-learning-rate-and-curvature")
    visitor.page.locator("#lesson-close").click()
    expect(visitor.page.locator("#lesson")).to_be_hidden()
    visitor.until("(query) => location.search === query", f"?{link('06-learning-rate-and-curvature')}")
    expect(visitor.page.locator("#lessons")).to_be_focused()
    expect(visitor.page.locator("#verdicts")).to_be_visible()
    visitor.page.go_back()
    expect_lesson(visitor, "06-learning-rate-and-curvature")


def test_a_changed_experiment_stays_a_link_with_its_lesson(fresh_visit: Visit) -> None:
    visitor = open_lesson(fresh_visit, f"lesson={THROWN}")
    page = visitor.page
    expect(page.locator("#lesson-away")).to_be_hidden()
    visitor.type("steps", "30")
    visitor.until("() => location.search === '?lesson=04-gradient-descent-at-a-cliff&steps=30'")
    expect(page.locator("#lesson-away")).to_be_visible()
    page.reload()
    expect_lesson(visitor, THROWN)
    expect(visitor.field("steps")).to_have_value("30")
    answer(visitor, 0)
    expect(page.locator("#lesson-result")).to_have_text("Right. The run is thrown at step 13, by 9.45 units.")
    expect(visitor.field("steps")).to_have_value("60")
    expect(page.locator("#lesson-away")).to_be_hidden()


def test_a_scene_with_only_default_values_is_a_link_too(fresh_visit: Visit) -> None:
    visitor = open_lesson(fresh_visit, "lesson=06-learning-rate-and-curvature")
    visitor.type("optimizer.learning_rate", "0.5")
    choose_preset(visitor, "one_unit_rnn/0")
    visitor.until("() => location.search === '?lesson=06-learning-rate-and-curvature&runs=both'")
    visitor.page.reload()
    expect_lesson(visitor, "06-learning-rate-and-curvature")
    assert visitor.start() == (4.6, -1.7)


def test_nothing_of_another_landscape_is_hidden_before_the_prediction(fresh_visit: Visit) -> None:
    visitor = open_lesson(fresh_visit, f"lesson={THROWN}")
    play, verdicts = visitor.page.locator("#play"), visitor.page.locator("#verdicts")
    expect(play).to_be_disabled()
    choose_preset(visitor, "product_of_weights/0")
    expect(verdicts).to_be_visible()
    expect(play).to_be_enabled()
    visitor.page.locator("#lesson-home").click()
    expect(play).to_be_disabled()
    expect(verdicts).to_be_hidden()
    assert visitor.step() == 0


def test_a_link_copied_in_a_lesson_opens_it(fresh_visit: Visit) -> None:
    visitor = open_lesson(
        lambda query, **more: fresh_visit(query, permissions=["clipboard-read", "clipboard-write"], **more),
        f"lesson={THROWN}",
    )
    visitor.page.locator("#share").click()
    visitor.page.locator("#copy-link").click()
    expect(visitor.page.locator("#copy-link")).to_have_text("Link copied")
    assert visitor.page.evaluate("navigator.clipboard.readText()") == f"{visitor.address}/?lesson={THROWN}"


def test_a_link_in_a_lesson_changes_the_experiment_and_leaves_the_lesson_open(fresh_visit: Visit) -> None:
    visitor = open_lesson(fresh_visit, "lesson=09-norm-and-value-clipping-compared")
    answer(visitor, 1)
    visitor.page.get_by_role("link", name="the axes rotated").click()
    expect_lesson(visitor, "09-norm-and-value-clipping-compared")
    expect(visitor.field("clip")).to_have_value("by_value_turned")
    expect(visitor.page.locator("#lesson-away")).to_be_visible()
    expect(visitor.page.locator("#lesson-after")).to_be_visible()


def test_an_unknown_lesson_is_reported_and_the_page_opens(fresh_visit: Visit) -> None:
    visitor = fresh_visit("?lesson=nowhere")
    expect(visitor.page.locator("#notice")).to_contain_text("lesson must be the name of one of the lessons here")
    expect(visitor.page.locator("#lesson")).to_be_hidden()


def test_on_a_phone_the_lesson_is_above_the_map_without_sideways_scrolling(fresh_visit: Visit) -> None:
    visitor = open_lesson(
        lambda query, **more: fresh_visit(query, viewport={"width": 360, "height": 740}, **more), f"lesson={MARKED}"
    )
    page = visitor.page
    lesson, picture = (page.locator(selector).bounding_box() for selector in ("#lesson", "#map"))
    assert lesson is not None
    assert picture is not None
    assert lesson["y"] + lesson["height"] <= picture["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_on_a_phone_a_choice_in_the_gallery_folds_the_lesson(fresh_visit: Visit) -> None:
    visitor = open_lesson(
        lambda query, **more: fresh_visit(query, viewport={"width": 360, "height": 740}, **more), f"lesson={THROWN}"
    )
    page = visitor.page
    text, away, unfold = (page.locator(f"#lesson-{part}") for part in ("body", "away", "unfold"))
    expect(unfold).to_be_hidden()
    choose_preset(visitor, "himmelblau/0")
    expect(text).to_be_hidden()
    expect(away).to_contain_text("You have changed the experiment of this lesson.")
    expect_lesson(visitor, THROWN)
    picture = page.locator("#map").bounding_box()
    assert picture is not None
    assert picture["y"] + picture["height"] <= 740
    visitor.until("() => location.search.includes('landscape=himmelblau')")
    page.reload()
    expect(away).to_be_visible()
    expect(text).to_be_hidden()
    unfold.click()
    expect(text).to_be_visible()
    expect(unfold).to_be_hidden()
    expect(page.locator("#lesson-title")).to_be_focused()
    page.reload()
    expect(away).to_be_visible()
    expect(text).to_be_visible()
    choose_preset(visitor, "saddle/0")
    expect(text).to_be_hidden()
    page.locator("#lesson-home").click()
    expect(text).to_be_visible()
    expect(away).to_be_hidden()
    # A control is below the text that speaks of it, so a change by it folds nothing.
    visitor.type("steps", "30")
    expect(away).to_be_visible()
    expect(text).to_be_visible()
    choose_preset(visitor, "himmelblau/0")
    expect(text).to_be_hidden()
    page.locator("#lesson-close").click()
    expect(page.locator("#lesson")).to_be_hidden()


def test_beside_the_pictures_a_lesson_does_not_fold(fresh_visit: Visit) -> None:
    visitor = open_lesson(fresh_visit, f"lesson={THROWN}")
    choose_preset(visitor, "himmelblau/0")
    expect(visitor.page.locator("#lesson-away")).to_be_visible()
    expect(visitor.page.locator("#lesson-body")).to_be_visible()
    expect(visitor.page.locator("#lesson-unfold")).to_be_hidden()
