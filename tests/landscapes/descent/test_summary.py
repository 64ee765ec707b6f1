"""Run summaries: what each number of a run means, on runs made by hand."""

import math

import pytest
import torch

from cliffscape.landscapes.descent.descend import Record
from cliffscape.landscapes.descent.outcome import OUTCOMES, RunResult, run_result
from cliffscape.landscapes.descent.summary import RunSummary, add_row, initial_summary
from tests.reference import tensor

INF, NAN = math.inf, math.nan
SOLVED, DIAGONAL = 0.01, 2.0


def summary_of(
    losses: list[float], steps: list[float], x: list[float] | None = None, norm: float = 1.0
) -> tuple[RunSummary, Record]:
    """The summary of all rows but the last one, and the last one; along x at y = 0, by default at 0."""
    rows = [
        Record(tensor([place, 0.0]), tensor(loss), tensor(norm), tensor(1.0), tensor(length))
        for place, loss, length in zip(x or [0.0] * len(losses), losses, [*steps, NAN], strict=True)
    ]
    summary = initial_summary(rows[0].position)
    for row in rows[:-1]:
        summary = add_row(summary, row, SOLVED, DIAGONAL)
    return summary, rows[-1]


def result_of(
    losses: list[float],
    steps: list[float],
    x: list[float] | None = None,
    solved: float = SOLVED,
    norm: float = 1.0,
) -> RunResult:
    """The outcome of a run with these losses, one more than steps."""
    summary, last = summary_of(losses, steps, x, norm)
    return run_result(summary, last.position, last.loss, solved, DIAGONAL)


def outcome_of(outcome: RunResult) -> str:
    """The name of an outcome."""
    return OUTCOMES[int(outcome.outcome)]


def test_a_run_converges_at_the_first_step_from_which_it_stays_below() -> None:
    found = result_of([0.5, 0.1, 0.009, 0.005, 0.001], [0.4, 0.3, 0.2, 0.1])
    assert outcome_of(found) == "converged"
    assert (found.loss, found.converged_at, found.longest_step) == (0.001, 2, 0.4)
    assert not found.thrown
    assert found.outcome.dtype == torch.uint8


def test_a_run_that_rises_again_has_not_yet_converged() -> None:
    assert result_of([0.005, 0.3, 0.004, 0.02, 0.003, 0.002], [0.1] * 5).converged_at == 4
    moving = result_of([0.005, 0.004, 0.02], [0.1] * 2)
    assert outcome_of(moving) == "not_converged"
    assert math.isnan(moving.converged_at)


def test_a_start_below_converges_at_0_and_the_last_row_counts() -> None:
    assert result_of([0.001, 0.001], [0.1]).converged_at == 0
    assert result_of([0.5, 0.4, 0.001], [0.1, 0.1]).converged_at == 2
    assert math.isnan(result_of([0.5, 0.4, 0.01], [0.1, 0.1]).converged_at)  # solved means below


def test_a_thrown_run_may_converge() -> None:
    found = result_of([0.5, 0.7, 0.3, 0.001], [9.0, 0.5, 0.2])
    assert (outcome_of(found), bool(found.thrown), found.longest_step) == ("converged", True, 9.0)
    lost = result_of([0.3, 0.5, 0.7, 0.7], [0.1, 9.0, 0.0])
    assert (outcome_of(lost), bool(lost.thrown)) == ("thrown", True)


def test_a_long_step_downhill_is_no_throw() -> None:
    along = result_of([0.5, 0.5 + 1e-15, 0.3], [9.0, 0.1])
    assert not along.thrown, "a rise of rounding size"
    found = result_of([0.5, 0.7, 0.3, 0.3], [0.1, 9.0, 0.1])
    assert (outcome_of(found), bool(found.thrown), found.longest_step) == ("not_converged", False, 9.0)


def test_a_run_that_is_as_low_as_before_its_throw_is_no_longer_thrown() -> None:
    back = result_of([0.5, 0.7, 0.6, 0.5], [9.0, 0.5, 0.2])
    assert (outcome_of(back), bool(back.thrown)) == ("not_converged", True)
    assert outcome_of(result_of([0.5, 0.7, 0.6, 0.51], [9.0, 0.5, 0.2])) == "thrown"


def test_a_run_that_stops_above_the_bound_is_stalled_if_the_gradient_is_small() -> None:
    assert outcome_of(result_of([0.5, 0.3, 0.3], [0.1, 1e-9], norm=1e-6)) == "stalled"
    assert outcome_of(result_of([0.5, 0.3, 0.3], [0.1, 1e-9], norm=1.0)) == "not_converged"
    assert outcome_of(result_of([0.5, 0.3, 0.3], [1e-9, 0.1], norm=1e-6)) == "not_converged"


def test_a_throw_is_longer_than_the_diagonal() -> None:
    assert not result_of([0.5, 0.7], [DIAGONAL]).thrown
    assert result_of([0.5, 0.7], [DIAGONAL * (1 + 1e-15)]).thrown


def test_a_diverged_run_keeps_its_finite_numbers() -> None:
    found = result_of([0.5, 2.0, INF, NAN], [0.1, INF, NAN], [0.0, 0.1, INF, NAN])
    assert outcome_of(found) == "diverged"
    assert math.isnan(found.loss) and math.isnan(found.converged_at)
    assert found.longest_step == 0.1
    assert not found.thrown
    thrown = result_of([0.5, 2.0, 9e9, INF], [5.0, 1e9, INF], [0.0, 5.0, 1e9, INF])
    assert (outcome_of(thrown), bool(thrown.thrown), thrown.longest_step) == ("diverged", True, 1e9)


def test_a_step_to_where_the_loss_is_infinite_is_no_throw() -> None:
    """The page reports a throw only between two finite losses."""
    found = result_of([0.5, INF, INF], [5.0, 0.0], [0.0, 5.0, 5.0])
    assert (outcome_of(found), bool(found.thrown), found.longest_step) == ("diverged", False, 5.0)
    back = result_of([0.5, INF, 0.3, 0.001], [5.0, 5.0, 0.1])
    assert (outcome_of(back), bool(back.thrown)) == ("converged", False)


def test_a_rescued_run_can_be_thrown_afterwards() -> None:
    back = result_of([0.5, INF, 0.3, 0.6, 0.001], [0.1, 0.1, 5.0, 0.1])
    assert (outcome_of(back), bool(back.thrown)) == ("converged", True)


def test_without_a_known_minimum_nothing_converges() -> None:
    found = result_of([0.5, -3.0], [0.1], solved=-INF)
    assert (outcome_of(found), found.loss) == ("not_converged", -3.0)
    assert math.isnan(found.converged_at)


@pytest.mark.parametrize("shape", [(), (3,), (2, 3)])
def test_a_batch_of_runs_has_a_batch_of_outcomes(shape: tuple[int, ...]) -> None:
    position = torch.zeros(*shape, 2, dtype=torch.float64)
    loss = torch.full(shape, 0.5, dtype=torch.float64)
    summary = add_row(initial_summary(position), Record(position, loss, loss, loss, loss), SOLVED, DIAGONAL)
    assert all(column.shape == shape for column in run_result(summary, position, loss, SOLVED, DIAGONAL))
