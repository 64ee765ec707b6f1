"""Losses made of examples: what the lens and the panel say about clipped minibatches, by size and at the end."""

import pytest
from playwright.sync_api import expect

from tests.browser import expected
from tests.browser.conftest import Visit

LARGE = "?landscape=large_example&clip.threshold=1"
REST = "?landscape=outlier&optimizer.learning_rate=0.5&clip.threshold="


def test_the_page_shows_the_bias_of_clipped_minibatches(visit: Visit) -> None:
    """The angle depends on the minibatch size."""
    visitor = visit(LARGE)
    lens, panel = visitor.page.locator("#lens-words"), visitor.page.locator("#bias-words")
    expect(panel).to_contain_text("is 51.0° for size 1, 28.0° for size 2, 0.0° for all 4 examples.")
    expect(lens).to_have_text("Clipped minibatches: off by 51.0°")
    expect(visitor.page.locator("#lens-legend")).to_be_visible()
    for size, angle in (("2", "28.0"), ("4", "0.0"), ("1", "51.0")):
        visitor.type("landscape.minibatch_size", size)
        expect(lens).to_have_text(f"Clipped minibatches: off by {angle}°")
        expect(visitor.page.locator("#bias")).to_have_attribute("data-size", size)
    assert visitor.colours("#bias-angle") > 10
    assert visitor.colours("#bias-length") > 10


def test_the_page_shows_the_clip_factor_of_each_example(visit: Visit) -> None:
    """Claim 12: an example in a minibatch with the large one has 2/√65 of the weight that it has alone."""
    visitor = visit(LARGE + "&landscape.minibatch_size=2")
    expect(visitor.page.locator("#bias-words")).to_contain_text(
        "In minibatches of 2, the clip factors of examples 1 to 4 are 100 %, 100 %, 24.8 %, 24.8 %."
    )


def test_the_chosen_size_needs_no_other_bias_and_no_other_picture(visit: Visit) -> None:
    """One kernel serves every size, and the loss does not depend on it."""
    visitor = visit(LARGE)
    expect(visitor.page.locator("#bias-words")).to_contain_text("51.0° for size 1")
    visitor.requests.clear()
    key = visitor.page.locator("#map").get_attribute("data-key")
    visitor.type("landscape.minibatch_size", "2")
    expect(visitor.page.locator("#lens-words")).to_have_text("Clipped minibatches: off by 28.0°")
    assert visitor.page.locator("#map").get_attribute("data-key") == key
    visitor.type("landscape.large", "16")
    expect(visitor.page.locator("#bias-words")).not_to_contain_text("51.0°")
    assert not [url for url in visitor.requests if "program=bias" in url]


@pytest.mark.parametrize(("threshold", "place", "distance"), [("1", "0.333", "2.17"), ("3", "1", "1.5")])
def test_the_panel_says_where_the_run_on_clipped_examples_converges(
    visit: Visit, threshold: str, place: str, distance: str
) -> None:
    """The limit is min(v/3, 2.5); the mean is 2.5."""
    visitor = visit(REST + threshold)
    end = expected.trajectories(REST + threshold)["with"].position[-1]
    assert expected.format_number(float(end[0])) == place
    expect(visitor.page.locator("#bias-words")).to_contain_text(
        f"The run with clipping stops at ({place}, 0). There the clipped minibatches cancel, although the gradient "
        f"norm is {distance}. The distance to the minimum at (2.5, 0) is {distance}."
    )
    expect(visitor.page.locator("#lens-words")).to_have_text("Clipped minibatches cancel")


def test_above_three_quarters_of_the_outlier_the_run_converges_to_the_minimum(visit: Visit) -> None:
    visitor = visit(REST + "7.5")
    expect(visitor.page.locator("#bias-words")).to_contain_text("At the current step")
    expect(visitor.page.locator("#bias-words")).not_to_contain_text("stops")


def test_many_examples_are_summed_on_the_server(visit: Visit) -> None:
    """The heavy-tailed examples, at the start."""
    visitor = visit("?landscape=heavy_tails&clip.threshold=1")
    expect(visitor.page.locator("#bias-words")).to_contain_text("At the start")
    expect(visitor.page.locator("#bias-words")).to_contain_text("is 28.6° for size 1,")
    expect(visitor.page.locator("#bias-words")).to_contain_text("4.1° for size 64, 0.0° for all 4096 examples.")
    expect(visitor.page.locator("#lens-legend")).to_be_hidden()


def test_the_panel_stays_while_another_clip_is_loading(visit: Visit) -> None:
    """If the panel came and went, everything below it would move."""
    visitor = visit(LARGE)
    expect(visitor.page.locator("#bias-words")).to_contain_text("28.0° for size 2")
    visitor.page.evaluate(
        """() => {
          window.gone = 0;
          const area = document.getElementById('bias');
          new MutationObserver(() => (window.gone += area.hidden)).observe(area, { attributeFilter: ['hidden'] });
        }"""
    )
    visitor.field("clip").select_option("by_value")
    expect(visitor.page.locator("#bias-words")).to_contain_text("35.8° for size 2, 16.3° for all 4 examples.")
    assert visitor.page.evaluate("window.gone") == 0


def test_a_clip_with_state_explains_the_missing_curves(visit: Visit) -> None:
    visitor = visit("?landscape=outlier&clip=random_step")
    expect(visitor.page.locator("#bias-words")).to_contain_text("This clip remembers earlier gradients")
    expect(visitor.page.locator("#bias-angle")).to_be_hidden()


def test_other_losses_have_no_minibatches(visit: Visit) -> None:
    visitor = visit()
    expect(visitor.page.locator("#bias")).to_be_hidden()
    expect(visitor.page.locator("#lens-legend")).to_be_hidden()
