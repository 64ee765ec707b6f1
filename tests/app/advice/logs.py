"""Logs for the tests of reports."""

import numpy as np

from cliffscape.app.logs.reading import LogReading
from tests.app.logs.read_text import read_text
from tests.landscapes.advice.logs import noisy


def csv_log(columns: dict[str, "np.ndarray[tuple[int], np.dtype[np.float64]]"]) -> str:
    """A table with steps from 10 on, in tens."""
    rows = ([10 * (k + 1), *map(float, values)] for k, values in enumerate(zip(*columns.values(), strict=True)))
    return "\n".join([",".join(["step", *columns]), *(",".join(map(repr, row)) for row in rows)]) + "\n"


def unstable_log() -> str:
    """A run that loses what it has learnt at step 5,010."""
    norms = np.concatenate([noisy(500, 2.0), noisy(500, 1e-3)])
    norms[[500, 700]] = [300, np.nan]
    return csv_log(
        {"grad_norm": norms, "loss": noisy(1000) * np.concatenate([np.linspace(2, 1, 500), np.full(500, 2)])}
    )


def unstable() -> LogReading:
    """This log, read."""
    return read_text(unstable_log())
