"""Runs without a page: a Scene's trajectories as a table, in CSV, JSON or NumPy's format."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
from numpy.typing import NDArray

from cliffscape.app.compute.generators import run_to_end
from cliffscape.app.runs.network import descent_of_net
from cliffscape.app.runs.pair import RUN_NAMES, RunName, chosen, descent
from cliffscape.app.runs.verdicts import Summary, summary, verdict
from cliffscape.app.scene.links import from_query
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.descent.descend import Record
from cliffscape.landscapes.descent.outcome import SENTENCES

COLUMNS = ("run", "step", "x", "y", "loss", "gradient_norm", "clip_factor", "step_length")
Run = Mapping[RunName, Record]


def read_scene(text: str) -> Scene:
    """The Scene of a URL or of a query string.

    Raises:
        pydantic.ValidationError: something in it is unknown or out of bounds.
    """
    before, mark, query = text.partition("?")
    query = query if mark else ("" if "://" in before else before)
    return from_query(dict(parse_qsl(query.partition("#")[0], keep_blank_values=True)))


def run_scene(scene: Scene) -> Run:
    """The trajectories of the Scene's runs, computed by PyTorch in float64."""
    if scene.recurrent:
        both = run_to_end(descent_of_net(scene))
        return {run: Record(*(column[:, RUN_NAMES.index(run)] for column in both)) for run in chosen(scene)}
    return {run: run_to_end(descent(scene, run)) for run in chosen(scene)}


def columns(run: RunName, record: Record) -> dict[str, NDArray[Any]]:
    """A run's rows by column, in the order of ``COLUMNS``."""
    count = len(record.loss)
    place = dict(zip("xy", record.position.T.numpy(), strict=True))
    numbers = {name: column.numpy() for name, column in record._asdict().items() if name != "position"}
    return {"run": np.full(count, run), "step": np.arange(count), **place, **numbers}


def table(made: Run) -> dict[str, NDArray[Any]]:
    """All runs' rows by column, one run after the other."""
    parts = [columns(run, record) for run, record in made.items()]
    return {name: np.concatenate([part[name] for part in parts]) for name in COLUMNS}


def as_csv(scene: Scene, made: Run) -> bytes:
    """Comma-separated values with a header line; numbers to the last bit, Inf and NaN as inf and nan."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(zip(*(column.tolist() for column in table(made).values()), strict=True))
    return text.getvalue().encode()


def as_json(scene: Scene, made: Run) -> bytes:
    """The Scene, and per run its verdict and columns; JSON has no Inf or NaN, so null stands there, with a reason."""
    runs: list[dict[str, Any]] = []
    for run, record in made.items():
        found = summary(scene, record)
        rows = {name: [plain(value) for value in column.tolist()] for name, column in columns(run, record).items()}
        del rows["run"]
        numbers = {name: plain(value) for name, value in asdict(found).items()}
        said = {"verdict": verdict(found, run), "summary": numbers, "nulls": reasons(found)}
        runs.append({"run": run, **said, "columns": rows})
    content = {"scene": scene.model_dump(mode="json"), "runs": runs}
    return json.dumps(content, allow_nan=False, ensure_ascii=False).encode()


def plain(value: Any) -> Any:
    """``value``, or None where it is Inf or NaN."""
    return None if isinstance(value, float) and not np.isfinite(value) else value


def reasons(found: Summary) -> list[str]:
    """Why there may be nulls in a run's columns."""
    last = f"step_length at step {found.steps}: no step is taken from the last row"
    if found.nonfinite_step < 0:
        return [last]
    why = [SENTENCES[found.unsolved].format(**asdict(found))] if found.unsolved else []
    return [f"from step {found.nonfinite_step}: the run diverged (Inf or NaN)", *why, last]


def as_npz(scene: Scene, made: Run) -> bytes:
    """The columns as NumPy arrays, and the Scene as JSON text; loads without pickle."""
    content = io.BytesIO()
    np.savez(content, allow_pickle=False, scene=np.array(scene.model_dump_json()), **table(made))
    return content.getvalue()


FORMATS: Mapping[str, Callable[[Scene, Run], bytes]] = {".csv": as_csv, ".json": as_json, ".npz": as_npz}
