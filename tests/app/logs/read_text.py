"""Logs for tests: the examples of this folder, and texts that a test writes."""

import io
from pathlib import Path

import numpy as np

from cliffscape.app.logs.reading import LogReading, read_file, read_log
from cliffscape.app.logs.series import LoggedRun

EXAMPLES = Path(__file__).parent / "examples"


def read_example(name: str) -> LogReading:
    """One of the example logs."""
    return read_log(EXAMPLES / name)


def read_text(text: str) -> LogReading:
    """A log of this text."""
    return read_file(io.BytesIO(text.encode()), "log")


def only_run(reading: LogReading) -> LoggedRun:
    """The run of a log with one run."""
    (run,) = reading.runs.values()
    return run


def assert_run(
    run: LoggedRun, steps: list[float], norms: list[float], losses: list[float], rates: list[float] | None = None
) -> None:
    """Compare all columns of a run; without ``rates`` it has no learning rates."""
    np.testing.assert_array_equal(run.steps, steps)
    np.testing.assert_array_equal(run.norms, norms)
    np.testing.assert_array_equal(run.losses, losses)
    np.testing.assert_array_equal(run.learning_rates, [np.nan] * len(steps) if rates is None else rates)
