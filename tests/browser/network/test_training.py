"""Training a whole network from the page: one button starts, pauses and resumes it."""

import re

import pytest
from playwright.sync_api import expect

from cliffscape.app.runs.training_result import format_share
from cliffscape.app.runs.verdicts import format_number
from tests.browser.conftest import Visit
from tests.browser.network.network_page import UNNAMED, await_idle_worker, await_link_with, expect_verdicts
from tests.browser.network.training_page import (
    LONG,
    NAMES,
    SHORT,
    button,
    count_updates,
    discard,
    mean_loss,
    outcome,
    status,
    training_run,
    verdict,
)
from tests.browser.visitor import Visitor


def test_a_run_is_counted_and_summed_up(trainer: Visitor) -> None:
    for run in NAMES:
        expect(verdict(trainer, run)).to_have_text(outcome(SHORT, run))
    expect(button(trainer)).to_have_text("Train")
    expect(trainer.page.locator("#discard")).to_be_hidden()
    for name in ("loss", "gradient_norm", "clip_factor", "error"):
        assert trainer.colours(f"#training-{name}") > 20
    # The verdicts of the descent on the slice stay.
    expect_verdicts(trainer)
    assert trainer.page.evaluate(UNNAMED) == []


WHOLE = "?landscape=recurrent_network&landscape.batch_size=4&task.sequence_length=10&steps=20&updates=5"


@pytest.mark.parametrize(
    ("method", "products"),
    [("optimizer=hessian_free&optimizer.iterations=7", 7), ("optimizer=levenberg_marquardt", 64)],
)
def test_a_small_network_is_trained_by_second_order_methods_with_their_cost(
    visit: Visit, method: str, products: int
) -> None:
    """Four units have 64 parameters, and a full matrix takes one product per parameter."""
    query = f"{WHOLE}&cell.hidden_units=4&{method}"
    visitor = visit(query)
    button(visitor).click()
    expect(status(visitor)).to_have_text("5 of 5 updates")
    cost = (
        f"each update took 1 gradient and {products} curvature products, as much work as {1 + 2 * products} gradients"
    )
    for run in NAMES:
        said = verdict(visitor, run)
        expect(said).to_contain_text(cost)
        assert said.inner_text().startswith(f"loss {format_number(mean_loss(query, run))}; ")


def test_a_larger_network_is_refused_methods_with_a_full_matrix(visit: Visit) -> None:
    visitor = visit(f"{WHOLE}&cell.hidden_units=5&optimizer=newton")
    button(visitor).click()
    said = "of more than 64 parameters: this method needs the whole 84 by 84 curvature matrix"
    expect(visitor.page.locator("#notice")).to_contain_text(said)
    # The browser writes every response with an error status to the console.
    visitor.errors = [error for error in visitor.errors if "422" not in error]


def test_updates_are_counted_through_pause_and_resume(visit: Visit) -> None:
    visitor = visit(LONG)
    button(visitor).click()
    expect(status(visitor)).to_have_text(
        re.compile(r"^[1-9]\d* of 20,000 updates; [\d.]+ updates/s, \d+ (s|min) left$")
    )
    expect(button(visitor)).to_have_text("Pause")
    button(visitor).click()
    expect(status(visitor)).to_have_text(re.compile(r"of 20,000 updates; paused$"))
    # Updates that were on their way when the button was pressed still arrive.
    await_idle_worker(visitor)
    paused = count_updates(visitor)
    visitor.frames(10)
    assert count_updates(visitor) == paused
    visitor.page.evaluate("""() => {
      const said = document.getElementById('training-status');
      const own = (window.counts = []);
      new MutationObserver(() => own.push(parseInt(said.textContent.replaceAll(',', '')))).observe(said,
        { childList: true });
    }""")
    expect(button(visitor)).to_have_text("Resume")
    button(visitor).click()
    visitor.until("(paused) => counts.at(-1) > paused + 20", paused)
    counts = visitor.page.evaluate("counts")
    # A run that started over would count from 1 again.
    assert counts == sorted(counts)
    assert counts[0] >= paused
    discard(visitor)
    expect(button(visitor)).to_have_text("Train")
    expect(status(visitor)).to_be_empty()


def test_several_seeds_are_trained_side_by_side(visit: Visit) -> None:
    visitor = visit(SHORT)
    visitor.type("seeds", "3")
    await_link_with(visitor, "seeds=3")
    button(visitor).click()
    expect(status(visitor)).to_have_text("120 of 120 updates")
    finished = training_run(visitor.link())
    for k, run in enumerate(NAMES):
        solved = sum(float(error) < 0.01 for error in finished.errors[-1][k])
        expect(verdict(visitor, run)).to_contain_text(f"{solved} of 3 seeds solved")
        middle = float(sorted(finished.errors[-1][k])[1])
        expect(verdict(visitor, run)).to_contain_text(f"median: {format_share(middle)} wrong, loss ")


def test_a_phone_shows_it_without_scrolling_sideways(fresh_visit: Visit) -> None:
    visitor = fresh_visit(f"{SHORT}&path=projection", viewport={"width": 360, "height": 640}, has_touch=True)
    button(visitor).click()
    expect(status(visitor)).to_have_text("120 of 120 updates")
    expect(visitor.page.locator("#projection-words")).to_contain_text("from the plane")
    assert visitor.page.evaluate("document.documentElement.scrollWidth") == 360
    assert visitor.page.evaluate(UNNAMED) == []
