"""Tables: a Scene's trajectories, computed without a page, as CSV, JSON or a NumPy archive."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cliffscape.app.runs.files import csv_chunks, csv_metadata, npz_bytes
from cliffscape.app.runs.network import SliceView, network_descent
from cliffscape.app.runs.pair import RUN_NAMES, RunName, run_pair, shown_runs
from cliffscape.app.runs.verdicts import Summary, fill, summary, verdict
from cliffscape.app.scene.links import from_query, parse_link
from cliffscape.app.scene.metadata import metadata
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.descent.descend import Record
from cliffscape.landscapes.descent.verdict import CLAUSES
from cliffscape.landscapes.generators import map_yields, run_to_end

COLUMNS = ("run", "step", "x", "y", "loss", "gradient_norm", "clip_factor", "step_length")
Trajectories = Mapping[RunName, Record]
Summaries = Mapping[RunName, Summary]


def read_scene(text: str) -> Scene:
    """The Scene of a URL or of a query string.

    Raises:
        pydantic.ValidationError: something in it is unknown or out of bounds.
    """
    return from_query(parse_link(text)[0])


def run_scene(
    scene: Scene, view: SliceView | None = None, watch: Callable[[int], None] = lambda count: None
) -> Trajectories:
    """The trajectories of the Scene's runs, computed in PyTorch in float64.

    ``view`` is the network's, if it has been built already. ``watch`` gets the number of rows of each piece of work.
    """
    work = network_descent(scene, view) if scene.sliced else run_pair(scene)
    return of_pair(scene, run_to_end(map_yields(work, watch)))


def of_pair(scene: Scene, both: Record) -> Trajectories:
    """The trajectories of the Scene's runs from those of both runs, ``(steps + 1, 2, ...)``; a curve's have x alone."""
    # The second coordinate of a curve is no parameter.
    both = both._replace(position=both.position[..., : scene.surface.dimension])
    return {run: Record(*(column[:, RUN_NAMES.index(run)] for column in both)) for run in shown_runs(scene)}


def summaries(scene: Scene, trajectories: Trajectories, view: SliceView | None = None) -> Summaries:
    """The summaries of the Scene's runs; ``view`` is the network's, if it has been built already."""
    return {run: summary(scene, record, run, view) for run, record in trajectories.items()}


def columns(run: RunName, record: Record) -> dict[str, NDArray[Any]]:
    """A run's rows by column, in the order of ``COLUMNS``. On a curve there is no y."""
    count = len(record.loss)
    place = dict(zip("xy", record.position.T.numpy(), strict=False))
    numbers = {name: column.numpy() for name, column in record._asdict().items() if name != "position"}
    return {"run": np.full(count, run), "step": np.arange(count), **place, **numbers}


def table(trajectories: Trajectories) -> dict[str, NDArray[Any]]:
    """The rows of all runs by column, one run after the other."""
    parts = [columns(run, record) for run, record in trajectories.items()]
    return {name: np.concatenate([part[name] for part in parts]) for name in COLUMNS if name in parts[0]}


def to_csv(scene: Scene, trajectories: Trajectories, found: Summaries) -> bytes:
    """The table as comma-separated values: a comment with the Scene's link, a header line, and the rows."""
    rows = table(trajectories)
    return b"".join([csv_metadata(scene), *csv_chunks(rows, len(rows["step"]))])


def to_json(scene: Scene, trajectories: Trajectories, found: Summaries) -> bytes:
    """The Scene with its link and the version, and the verdict and columns of every run.

    JSON has no Inf or NaN: both are null, and ``nulls`` says why there are any.
    """
    runs: list[dict[str, Any]] = []
    for run, record in trajectories.items():
        rows = {name: [*map(finite_or_none, column.tolist())] for name, column in columns(run, record).items()}
        del rows["run"]
        numbers = {name: finite_or_none(value) for name, value in asdict(found[run]).items()}
        about = {"verdict": verdict(found[run], run), "summary": numbers, "nulls": null_reasons(found[run])}
        runs.append({"run": run, **about, "columns": rows})
    content = {**metadata(scene), "scene": scene.model_dump(mode="json"), "runs": runs}
    return json.dumps(content, allow_nan=False, ensure_ascii=False).encode()


def finite_or_none(value: Any) -> Any:
    """``value``, or None where it is Inf or NaN."""
    return None if isinstance(value, float) and not np.isfinite(value) else value


def null_reasons(found: Summary) -> list[str]:
    """Why there may be nulls in a run's columns."""
    last = f"step_length at step {found.steps}: no step is taken from the last row"
    gap = f"from step {found.gap_first} to step {found.gap_last}: {found.gap_rows} rows have Inf or NaN"
    end = f"from step {found.nonfinite_step}: the run diverged (Inf or NaN)"
    reasons = [gap] if found.gap_rows else []
    reasons += [end] if found.nonfinite_step >= 0 else []
    reasons += [fill(CLAUSES[name], asdict(found)) for name in ("singular", "overflowed") if name in found.clauses]
    return [*reasons, last]


def to_npz(scene: Scene, trajectories: Trajectories, found: Summaries) -> bytes:
    """The table's columns and the Scene as a NumPy archive."""
    return npz_bytes(scene, table(trajectories))


Format = Callable[[Scene, Trajectories, Summaries], bytes]
FORMATS: Mapping[str, Format] = {".csv": to_csv, ".json": to_json, ".npz": to_npz}
