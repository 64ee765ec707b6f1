"""Tables of training: the curves of both runs and all seeds, as CSV, JSON or a NumPy archive."""

import json
from collections.abc import Callable, Generator, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.runs.files import Columns, csv_chunks, csv_metadata, npz_bytes
from cliffscape.app.runs.pair import RUN_NAMES, RunName, shown_runs
from cliffscape.app.runs.stored_training import advance_run, load_run
from cliffscape.app.runs.table import finite_or_none
from cliffscape.app.runs.training import TrainingRun
from cliffscape.app.runs.training_result import majority_outcome, result, result_text
from cliffscape.app.scene.metadata import metadata
from cliffscape.app.scene.schema import Scene

COLUMNS = ("run", "seed", "update", "loss", "gradient_norm", "clip_factor", "error")
# Lines of a CSV file that are sent at a time.
LINES = 1000
NULLS = [
    "error: no sequences were counted after this update",
    "loss, gradient_norm, clip_factor: the value is Inf or NaN",
]


def run_columns(run: TrainingRun, updates: int, name: RunName) -> Columns:
    """The rows of the run without or with clipping by column: all updates of the first seed, then of the next one.

    Loss, gradient norm and clip factor belong to an update's own minibatch. ``error`` is the share of new sequences
    that were wrong after the update, and NaN where none were counted.
    """
    k, seeds = RUN_NAMES.index(name), run.seeds.tolist()
    done = min(updates, run.done)
    rows = np.stack(run.rows[:done])[:, :, k] if done else np.empty((0, 3, len(seeds)))
    errors = np.full((done, len(seeds)), np.nan)
    for error, at in zip(run.errors, run.counted, strict=False):
        if at <= done:
            errors[at - 1] = error[k]
    loss, norm, factor = (rows[:, row].T.ravel() for row in range(3))
    update = np.tile(np.arange(1, done + 1), len(seeds))
    values = (np.full(len(update), name), np.repeat(seeds, done), update, loss, norm, factor, errors.T.ravel())
    return dict(zip(COLUMNS, values, strict=True))


def table(run: TrainingRun, scene: Scene, updates: int) -> dict[str, NDArray[Any]]:
    """The rows of the Scene's runs by column, one run after the other."""
    parts = [run_columns(run, updates, name) for name in shown_runs(scene)]
    return {name: np.concatenate([part[name] for part in parts]) for name in COLUMNS}


class TrainingTable(NamedTuple):
    """The table of a training run, and the outcome of the first of the Scene's runs."""

    columns: Columns
    outcome: str


def training_table(
    scene: Scene, updates: int, workspace: Workspace
) -> Generator[TrainingTable | tuple[()], None, None]:
    """The table of the first ``updates`` updates of the Scene's run.

    They are those of the run that the server has stored. If it has none, they are computed again; then the errors after
    the last update of an earlier request may be missing.
    """
    run = load_run(scene, workspace)
    if run.done < updates:
        for _chunk in advance_run(run, scene, workspace):
            # An empty table shows that the computation continues.
            yield ()
            if run.done >= updates:
                break
    yield TrainingTable(table(run, scene, updates), majority_outcome(result(run, updates, shown_runs(scene)[0])))


def to_csv(run: TrainingRun, scene: Scene) -> bytes:
    """The table as comma-separated values: a comment with the Scene's link, a header line, and the rows."""
    return b"".join([csv_metadata(scene), *csv_chunks(table(run, scene, run.done), LINES)])


def to_npz(run: TrainingRun, scene: Scene) -> bytes:
    """The table's columns and the Scene as a NumPy archive."""
    return npz_bytes(scene, table(run, scene, run.done))


def to_json(run: TrainingRun, scene: Scene) -> bytes:
    """The Scene, and the result in words and the columns of every run. Inf and NaN are null, as JSON has neither."""
    runs: list[dict[str, Any]] = []
    for name in shown_runs(scene):
        columns = run_columns(run, run.done, name)
        lists = {key: [*map(finite_or_none, column.tolist())] for key, column in columns.items() if key != "run"}
        runs.append({"run": name, "result": result_text(run, scene, name), "nulls": NULLS, "columns": lists})
    content = {**metadata(scene), "scene": scene.model_dump(mode="json"), "runs": runs}
    return json.dumps(content, allow_nan=False, ensure_ascii=False).encode()


FORMATS: Mapping[str, Callable[[TrainingRun, Scene], bytes]] = {".csv": to_csv, ".json": to_json, ".npz": to_npz}
