"""Series: records are joined by step."""

from math import nan

import numpy as np
import pytest

from cliffscape.app.logs.columns import COLUMNS, ColumnNames
from cliffscape.app.logs.series import LARGEST_COUNT, LoggedRun, LogSeries
from tests.app.logs.read_text import assert_run


def series_of(*rows: dict[str, object], columns: tuple[str, ...] = ()) -> LogSeries:
    """The series of some records."""
    series = LogSeries(ColumnNames(COLUMNS), columns)
    for number, row in enumerate(rows, 1):
        series.add((number, row))
    return series


def run_of(*rows: dict[str, object]) -> LoggedRun:
    """The run of some records."""
    run = series_of(*rows).runs[""].run()
    assert run is not None
    return run


def test_after_a_restart_the_later_record_of_a_step_counts() -> None:
    run = run_of(*({"step": step, "grad_norm": k, "loss": -k} for k, step in enumerate((1, 2, 3, 2, 3, 4))))
    assert_run(run, [1, 2, 3, 4], [0, 3, 4, 5], [0, -3, -4, -5])
    assert run.repeated == 2 and run.every == 1


def test_the_loss_with_most_steps_of_the_norm_is_taken() -> None:
    rows = [{"step": k, "grad_norm": 1.0, "loss": k} for k in range(3)]
    run = run_of(*rows, {"step": 2, "train_loss": 9.0})
    assert_run(run, [0, 1, 2], [1] * 3, [0, 1, 2])
    assert run.columns["loss"] == "loss"


def test_a_loss_at_other_steps_is_missing() -> None:
    run = run_of({"step": 1, "grad_norm": 1}, {"step": 2, "loss": 5}, {"step": 3, "grad_norm": nan})
    assert_run(run, [1, 3], [1, nan], [nan, nan])
    assert "loss" not in run.columns and run.every == 2


def test_runs_are_named_by_their_columns() -> None:
    rows = [{"run": "with", "seed": seed, "update": 1, "grad_norm": seed} for seed in (0, 1)]
    assert list(series_of(*rows, columns=("run", "seed")).runs) == ["with, seed 0", "with, seed 1"]


def test_a_record_without_a_finite_step_is_an_error() -> None:
    with pytest.raises(ValueError, match="a step must be finite"):
        series_of({"step": nan, "grad_norm": 1})


def test_the_number_of_columns_and_of_runs_is_bounded() -> None:
    many = series_of({"step": 1, **{f"group {k}/grad_norm": 1.0 for k in range(LARGEST_COUNT + 9)}})
    assert len(many.runs[""].series) == LARGEST_COUNT
    rows = [{"run": k, "step": 1, "grad_norm": 1.0} for k in range(LARGEST_COUNT + 9)]
    assert len(series_of(*rows, columns=("run",)).runs) == LARGEST_COUNT


def test_one_record_is_logged_every_step() -> None:
    assert run_of({"step": 7, "grad_norm": 1}).every == 1
    np.testing.assert_array_equal(run_of({"grad_norm": 1}).steps, [1])
