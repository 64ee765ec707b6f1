"""Tallies: what each number of a run means, on runs made by hand."""

import math

import pytest
import torch

from cliffscape.landscapes.descent.outcome import FATES
from cliffscape.landscapes.descent.summary import Outcome, added, begun, closed
from tests.reference import tensor

INF, NAN = math.inf, math.nan
SOLVED, DIAGONAL = 0.01, 2.0


def tallied(losses: list[float], steps: list[float], x: list[float] | None = None, solved: float = SOLVED) -> Outcome:
    """The outcome of a run with these losses, one more than steps, along x at y = 0 (at 0 by default)."""
    rows = [tensor([place, 0.0]) for place in x or [0.0] * len(losses)]
    tally = begun(rows[0])
    for position, loss, length in zip(rows, losses, steps, strict=False):
        tally = added(tally, position, tensor(loss), tensor(length), solved)
    return closed(tally, rows[-1], tensor(losses[-1]), solved, DIAGONAL)


def fate_of(outcome: Outcome) -> str:
    """The name of a fate."""
    return FATES[int(outcome.fate)]


def test_a_run_that_walks_down_converges_when_it_first_stays_below() -> None:
    found = tallied([0.5, 0.1, 0.009, 0.005, 0.001], [0.4, 0.3, 0.2, 0.1])
    assert fate_of(found) == "converged"
    assert (found.loss, found.converged_at, found.longest_step) == (0.001, 2, 0.4)
    assert not found.thrown
    assert found.fate.dtype == torch.uint8


def test_below_for_a_while_is_not_yet_converged() -> None:
    assert tallied([0.005, 0.3, 0.004, 0.02, 0.003, 0.002], [0.1] * 5).converged_at == 4
    crawling = tallied([0.005, 0.004, 0.02], [0.1] * 2)
    assert fate_of(crawling) == "crawling"
    assert math.isnan(crawling.converged_at)


def test_a_start_below_takes_no_steps_and_the_last_row_counts() -> None:
    assert tallied([0.001, 0.001], [0.1]).converged_at == 0
    assert tallied([0.5, 0.4, 0.001], [0.1, 0.1]).converged_at == 2
    assert math.isnan(tallied([0.5, 0.4, 0.01], [0.1, 0.1]).converged_at)  # solved means below


def test_a_run_may_be_thrown_and_converge_all_the_same() -> None:
    found = tallied([0.5, 0.7, 0.3, 0.001], [9.0, 0.5, 0.2])
    assert (fate_of(found), bool(found.thrown), found.longest_step) == ("converged", True, 9.0)
    lost = tallied([0.5, 0.7, 0.3, 0.3], [0.1, 9.0, 0.0])
    assert (fate_of(lost), bool(lost.thrown)) == ("thrown", True)


def test_standing_still_above_is_a_plateau() -> None:
    assert fate_of(tallied([0.5, 0.3, 0.3], [0.1, 1e-9])) == "stuck on a plateau"
    assert fate_of(tallied([0.5, 0.3, 0.3], [1e-9, 0.1])) == "crawling"


def test_a_throw_is_as_long_as_the_window_or_it_is_none() -> None:
    assert not tallied([0.5, 0.3], [DIAGONAL]).thrown
    assert tallied([0.5, 0.3], [DIAGONAL * (1 + 1e-15)]).thrown


def test_a_run_that_leaves_the_numbers_keeps_what_was_finite() -> None:
    found = tallied([0.5, 2.0, INF, NAN], [0.1, INF, NAN], [0.0, 0.1, INF, NAN])
    assert fate_of(found) == "not finite"
    assert math.isnan(found.loss) and math.isnan(found.converged_at)
    assert found.longest_step == 0.1
    assert not found.thrown
    thrown = tallied([0.5, 2.0, 9e9, INF], [5.0, 1e9, INF], [0.0, 5.0, 1e9, INF])
    assert (fate_of(thrown), bool(thrown.thrown), thrown.longest_step) == ("not finite", True, 1e9)


def test_a_step_to_where_the_loss_is_infinite_is_no_throw() -> None:
    """The page tells of a throw between two losses it can print."""
    found = tallied([0.5, INF, INF], [5.0, 0.0], [0.0, 5.0, 5.0])
    assert (fate_of(found), bool(found.thrown), found.longest_step) == ("not finite", False, 5.0)
    back = tallied([0.5, INF, 0.3, 0.001], [5.0, 5.0, 5.0])
    assert (fate_of(back), bool(back.thrown)) == ("converged", False)


def test_where_no_minimum_is_known_nothing_converges() -> None:
    found = tallied([0.5, -3.0], [0.1], solved=-INF)
    assert (fate_of(found), found.loss) == ("crawling", -3.0)
    assert math.isnan(found.converged_at)


@pytest.mark.parametrize("shape", [(), (3,), (2, 3)])
def test_a_batch_of_runs_has_a_batch_of_outcomes(shape: tuple[int, ...]) -> None:
    position = torch.zeros(*shape, 2, dtype=torch.float64)
    loss = torch.full(shape, 0.5, dtype=torch.float64)
    tally = added(begun(position), position, loss, loss, SOLVED)
    assert all(column.shape == shape for column in closed(tally, position, loss, SOLVED, DIAGONAL))
