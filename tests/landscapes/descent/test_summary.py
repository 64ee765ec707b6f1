"""Run summaries: what each number of a run means, on runs made by hand."""

import math

import pytest
import torch

from cliffscape.landscapes.descent.outcome import OUTCOMES
from cliffscape.landscapes.descent.summary import RunResult, add_row, initial_summary, run_result
from tests.reference import tensor

INF, NAN = math.inf, math.nan
SOLVED, DIAGONAL = 0.01, 2.0


def tallied(losses: list[float], steps: list[float], x: list[float] | None = None, solved: float = SOLVED) -> RunResult:
    """The outcome of a run with these losses, one more than steps, along x at y = 0 (at 0 by default)."""
    rows = [tensor([place, 0.0]) for place in x or [0.0] * len(losses)]
    summary = initial_summary(rows[0])
    for position, loss, length in zip(rows, losses, steps, strict=False):
        summary = add_row(summary, position, tensor(loss), tensor(length), solved)
    return run_result(summary, rows[-1], tensor(losses[-1]), solved, DIAGONAL)


def outcome_of(outcome: RunResult) -> str:
    """The name of a outcome."""
    return OUTCOMES[int(outcome.outcome)]


def test_a_run_that_walks_down_converges_when_it_first_stays_below() -> None:
    found = tallied([0.5, 0.1, 0.009, 0.005, 0.001], [0.4, 0.3, 0.2, 0.1])
    assert outcome_of(found) == "converged"
    assert (found.loss, found.converged_at, found.longest_step) == (0.001, 2, 0.4)
    assert not found.thrown
    assert found.outcome.dtype == torch.uint8


def test_below_for_a_while_is_not_yet_converged() -> None:
    assert tallied([0.005, 0.3, 0.004, 0.02, 0.003, 0.002], [0.1] * 5).converged_at == 4
    moving = tallied([0.005, 0.004, 0.02], [0.1] * 2)
    assert outcome_of(moving) == "not_converged"
    assert math.isnan(moving.converged_at)


def test_a_start_below_takes_no_steps_and_the_last_row_counts() -> None:
    assert tallied([0.001, 0.001], [0.1]).converged_at == 0
    assert tallied([0.5, 0.4, 0.001], [0.1, 0.1]).converged_at == 2
    assert math.isnan(tallied([0.5, 0.4, 0.01], [0.1, 0.1]).converged_at)  # solved means below


def test_a_run_may_be_thrown_and_converge_all_the_same() -> None:
    found = tallied([0.5, 0.7, 0.3, 0.001], [9.0, 0.5, 0.2])
    assert (outcome_of(found), bool(found.thrown), found.longest_step) == ("converged", True, 9.0)
    lost = tallied([0.5, 0.7, 0.3, 0.3], [0.1, 9.0, 0.0])
    assert (outcome_of(lost), bool(lost.thrown)) == ("thrown", True)


def test_standing_still_above_is_a_plateau() -> None:
    assert outcome_of(tallied([0.5, 0.3, 0.3], [0.1, 1e-9])) == "stalled"
    assert outcome_of(tallied([0.5, 0.3, 0.3], [1e-9, 0.1])) == "not_converged"


def test_a_throw_is_as_long_as_the_window_or_it_is_none() -> None:
    assert not tallied([0.5, 0.3], [DIAGONAL]).thrown
    assert tallied([0.5, 0.3], [DIAGONAL * (1 + 1e-15)]).thrown


def test_a_run_that_leaves_the_numbers_keeps_what_was_finite() -> None:
    found = tallied([0.5, 2.0, INF, NAN], [0.1, INF, NAN], [0.0, 0.1, INF, NAN])
    assert outcome_of(found) == "diverged"
    assert math.isnan(found.loss) and math.isnan(found.converged_at)
    assert found.longest_step == 0.1
    assert not found.thrown
    thrown = tallied([0.5, 2.0, 9e9, INF], [5.0, 1e9, INF], [0.0, 5.0, 1e9, INF])
    assert (outcome_of(thrown), bool(thrown.thrown), thrown.longest_step) == ("diverged", True, 1e9)


def test_a_step_to_where_the_loss_is_infinite_is_no_throw() -> None:
    """The page tells of a throw between two losses it can print."""
    found = tallied([0.5, INF, INF], [5.0, 0.0], [0.0, 5.0, 5.0])
    assert (outcome_of(found), bool(found.thrown), found.longest_step) == ("diverged", False, 5.0)
    back = tallied([0.5, INF, 0.3, 0.001], [5.0, 5.0, 5.0])
    assert (outcome_of(back), bool(back.thrown)) == ("converged", False)


def test_where_no_minimum_is_known_nothing_converges() -> None:
    found = tallied([0.5, -3.0], [0.1], solved=-INF)
    assert (outcome_of(found), found.loss) == ("not_converged", -3.0)
    assert math.isnan(found.converged_at)


@pytest.mark.parametrize("shape", [(), (3,), (2, 3)])
def test_a_batch_of_runs_has_a_batch_of_outcomes(shape: tuple[int, ...]) -> None:
    position = torch.zeros(*shape, 2, dtype=torch.float64)
    loss = torch.full(shape, 0.5, dtype=torch.float64)
    summary = add_row(initial_summary(position), position, loss, loss, SOLVED)
    assert all(column.shape == shape for column in run_result(summary, position, loss, SOLVED, DIAGONAL))
