"""The button beside the current step that takes the whole page to the throw."""

import pytest
from playwright.sync_api import expect

from tests.browser import expected
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

PLACES = """() => {
  const top = (part) => document.querySelector(part).getBoundingClientRect().top;
  return ['#readout', '#lens', '#step-profile'].map((part) => top(part) - top('.now'));
}"""


def place(visitor: Visitor) -> list[float]:
    """Where the parts of the section are."""
    found: list[float] = visitor.page.evaluate(PLACES)
    return found


def test_it_shows_the_step_that_throws_the_run(visit: Visit) -> None:
    visitor = visit()
    button = visitor.page.get_by_role("button", name="Go to the throw at step 13")
    assert visitor.step() == 60
    button.click()
    visitor.until("() => document.getElementById('step-label').textContent.startsWith('step 13 ')")
    for run in ("without", "with"):
        assert visitor.readout(run) == expected.readout("", run, 13)
    # The throw is where it was, so the button stays for a reader who goes on from there.
    visitor.page.locator("#forward").click()
    visitor.frames()
    assert visitor.step() == 14
    button.focus()
    visitor.page.keyboard.press("Enter")
    visitor.until("() => document.getElementById('step-label').textContent.startsWith('step 13 ')")


def test_it_ends_the_animation(visit: Visit) -> None:
    visitor = visit()
    play = visitor.page.locator("#play")
    play.click()
    expect(play).to_have_attribute("aria-pressed", "true")
    visitor.page.locator("#to-throw").click()
    expect(play).to_have_attribute("aria-pressed", "false")
    visitor.frames()
    assert visitor.step() == 13


@pytest.mark.parametrize("width", [360, 1280])
def test_without_a_throw_there_is_none_and_its_place_is_kept(visit: Visit, width: int) -> None:
    visitor = visit(viewport={"width": width, "height": 800})
    button = visitor.page.locator("#to-throw")
    expect(button).to_be_visible()
    before = place(visitor)
    visitor.choose("runs", "with")
    expect(button).to_be_hidden()
    visitor.choose("runs", "both")
    expect(button).to_be_visible()
    visitor.type("clip.threshold", "0.1")
    assert place(visitor) == before
    visitor.type("optimizer.learning_rate", "0.05")
    expect(button).to_be_hidden()
    assert place(visitor) == before


def test_it_says_whose_throw_it_is(visit: Visit) -> None:
    visitor = visit()
    button = visitor.page.locator("#to-throw")
    expect(button).to_have_text("Go to the throw at step 13, without clipping")
    visitor.type("clip.threshold", "100")
    expect(button).to_have_text("Go to the throw at step 13, in both runs")
    visitor.choose("runs", "with")
    expect(button).to_have_text("Go to the throw at step 13, with clipping")


def test_before_a_prediction_it_would_give_the_answer(fresh_visit: Visit) -> None:
    visitor = fresh_visit("?lesson=04-gradient-descent-at-a-cliff", predicting=True)
    expect(visitor.page.locator("#to-throw")).to_be_hidden()
    visitor.page.locator("#lesson-skip").click()
    expect(visitor.page.locator("#to-throw")).to_have_text("Go to the throw at step 13, without clipping")
