"""The results of a study: a row for each training, and how many seeds of each combination are solved."""

import json
import math
import statistics
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from cliffscape.app.runs.files import Columns, csv_chunks
from cliffscape.app.runs.pair import RUN_NAMES
from cliffscape.app.scene.metadata import version
from cliffscape.app.training_studies.study import BATCH_SIZE, CELL, FRESH, INITIALISATION, TASK, UNITS, Study, Training
from cliffscape.app.training_studies.training_block import RESULTS, State
from cliffscape.landscapes.analysis.share_interval import wilson_interval

ROWS = 1000
Finished = Mapping[Training, State]


def table(finished: Finished) -> Columns:
    """The rows by column; thresholds of runs without clipping, and updates that never came, are NaN."""
    about = {name: [getattr(one, name) for one in finished] for name in Training._fields}
    without, clipped = RUN_NAMES
    runs = [without if one.threshold is None else clipped for one in finished]
    columns: dict[str, Any] = {"run": runs, **about, **{name: column(finished, name) for name in RESULTS}}
    columns["threshold"] = [math.nan if value is None else value for value in columns["threshold"]]
    return {name: np.array(values) for name, values in columns.items()}


def column(finished: Finished, name: str) -> list[Any]:
    """A column of the results: numbers of updates are whole, or NaN for never."""
    values = [float(state[name]) for state in finished.values()]
    if name == "updates":
        return list(map(int, values))
    return [value or math.nan for value in values] if name in ("solved_after", "diverged_at") else values


def to_csv(finished: Finished) -> bytes:
    """The table as comma-separated values with a header line."""
    return b"".join(csv_chunks(table(finished), ROWS))


def combinations(finished: Finished) -> list[dict[str, Any]]:
    """For each combination of length, learning rate and threshold, how many of its seeds are solved."""
    groups: dict[tuple[int, float, float | None], list[State]] = {}
    for one, state in finished.items():
        groups.setdefault((one.length, one.learning_rate, one.threshold), []).append(state)
    found = []
    for (length, rate, threshold), states in groups.items():
        after = [int(state["solved_after"]) for state in states if state["solved_after"] > 0]
        found.append(
            {
                "length": length,
                "learning_rate": rate,
                "threshold": threshold,
                "seeds": len(states),
                "solved": len(after),
                "interval": wilson_interval(len(after) / len(states), len(states)),
                "diverged": sum(bool(state["diverged_at"] > 0) for state in states),
                "median_solved_after": float(statistics.median(after)) if after else None,
            }
        )
    return found


def to_json(study: Study, finished: Finished) -> bytes:
    """The options, and the results of every combination with the 95 % interval of its share (Wilson)."""
    network = {"cell": CELL, "hidden_units": UNITS, "initialisation": INITIALISATION, "batch_size": BATCH_SIZE}
    trainings = {"trainings": len(study.trainings()), "finished": len(finished)}
    about = {"version": version(), "task": TASK, **network, "counted_sequences": FRESH, "counted_every": study.every}
    content = {**about, "options": asdict(study), **trainings, "combinations": combinations(finished)}
    return json.dumps(content, allow_nan=False, indent=1).encode() + b"\n"
