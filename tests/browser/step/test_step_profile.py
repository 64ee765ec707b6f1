"""The loss along the step: the sentence says where the linear model fails at the throw."""

import pytest
import torch
from playwright.sync_api import Route, expect

from cliffscape.landscapes.descent.step_profile import reach
from tests.browser import expected
from tests.browser.conftest import Visit


def test_at_the_throw_the_linear_model_holds_for_a_thousandth_of_the_step(visit: Visit) -> None:
    visitor = visit()
    visitor.until("() => !document.getElementById('step-profile').hidden")
    visitor.scrub(13)
    visitor.frames()
    for run in ("without", "with"):
        position = expected.trajectories("")[run].position
        step = position[14] - position[13]
        found = reach(expected.scene("").surface.loss(), position[13], step)
        number = expected.format_number
        words = (
            f"The slope’s prediction is 10 % off after {number(found.linear_until)}; the loss is lowest after "
            f"{number(found.lowest_at)}; step length {number(float(torch.linalg.vector_norm(step)))}."
        )
        expect(visitor.page.locator(f"#step-profile-{run}-words")).to_have_text(words)
    assert "after 8.02e−4" in words
    assert "lowest after 0.0263" in words
    assert visitor.colours("#step-profile-without") > 10


def test_the_line_is_shown_for_the_runs_that_are_shown(visit: Visit) -> None:
    visitor = visit("?runs=with")
    visitor.until("() => !document.getElementById('step-profile').hidden")
    expect(visitor.page.locator("#step-profile-with")).to_be_visible()
    expect(visitor.page.locator("#step-profile-without")).to_be_hidden()


EDGE = """() => {
  const canvas = document.getElementById('step-profile-without');
  const { data } = canvas.getContext('2d').getImageData(canvas.width - 1, 0, 1, canvas.height);
  return data.every((value) => value === 0);
}"""


def test_the_title_of_a_flat_line_fits_on_a_phone(visit: Visit) -> None:
    visitor = visit(viewport={"width": 360, "height": 800})
    visitor.page.locator("#step-profile-without").scroll_into_view_if_needed()
    visitor.scrub(60)
    visitor.frames()
    assert visitor.colours("#step-profile-without") > 10
    assert visitor.page.evaluate(EDGE)


HEIGHT = "() => document.getElementById('step-profile').offsetHeight"


@pytest.mark.parametrize("width", [360, 800, 1280, 1920])
@pytest.mark.parametrize("query", ["", "?landscape=himmelblau&optimizer.learning_rate=0.5&clip=none"])
def test_longer_sentences_and_missing_steps_do_not_move_the_page(visit: Visit, query: str, width: int) -> None:
    visitor = visit(query, viewport={"width": width, "height": 800})
    visitor.until("() => !document.getElementById('step-profile').hidden")
    height, said = visitor.page.evaluate(HEIGHT), set()
    for step in range(0, 60, 4):
        visitor.scrub(step)
        visitor.frames(2)
        said.add(visitor.page.locator("#step-profile-without-words").text_content())
        assert visitor.page.evaluate(HEIGHT) == height
    assert len(said) > 2


def test_the_section_keeps_its_place_while_its_data_is_loading(visit: Visit) -> None:
    visitor = visit()
    visitor.until("() => !document.getElementById('step-profile').hidden")
    height = visitor.page.evaluate(HEIGHT)
    waiting: list[Route] = []
    visitor.page.route("**/frames", lambda route: waiting.append(route))  # noqa: PLW0108, it wraps functions alone
    visitor.type("landscape.sequence_length", "30")
    visitor.frames()
    assert visitor.page.evaluate(HEIGHT) == height
    expect(visitor.page.locator("#step-profile-with")).to_be_hidden()
    visitor.page.unroute("**/frames")
    for route in waiting:
        route.continue_()
    expect(visitor.page.locator("#step-profile-with")).to_be_visible()


def test_before_a_prediction_it_says_nothing_about_the_hidden_step(fresh_visit: Visit) -> None:
    visitor = fresh_visit("?lesson=04-gradient-descent-at-a-cliff", predicting=True)
    visitor.until("() => !document.getElementById('step-profile').hidden")
    words = [visitor.page.locator(f"#step-profile-{run}-words") for run in ("without", "with")]
    for one in words:
        expect(one).to_be_empty()
    visitor.page.locator("#lesson-skip").click()
    visitor.page.locator("#step-profile").scroll_into_view_if_needed()
    for one in words:
        expect(one).to_contain_text("The slope’s prediction")
