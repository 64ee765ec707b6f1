"""Files of runs: their names, their metadata, and the tables in them."""

import io
import json
from typing import Any

import numpy as np
import pytest
import torch

from cliffscape.app.exports import definitions
from cliffscape.app.exports.run_files import CONTENTS, check_exportable, compute_descents, compute_file_name
from cliffscape.app.runs.table import COLUMNS, run_scene
from cliffscape.app.scene.links import from_query
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.generators import run_to_end
from tests.app.decoding import csv_rows

SADDLE = {"landscape": "saddle", "steps": "5"}
NETWORK = {"landscape": "recurrent_network", "cell.hidden_units": "3", "task.sequence_length": "10", "steps": "2"}


@pytest.mark.parametrize("query", [SADDLE, NETWORK, {"runs": "with", "steps": "3"}])
def test_the_tables_are_those_of_the_runs(query: dict[str, str]) -> None:
    scene = from_query(query)
    found, expected = run_to_end(compute_descents(scene)), run_scene(scene)
    assert list(found.trajectories) == list(expected)
    x = np.concatenate([record.position[:, 0].numpy() for record in expected.values()])
    text = CONTENTS["csv"](scene, found).decode()
    first, rows = text.partition("\n")[0], csv_rows(text)
    assert tuple(rows[0]) == COLUMNS
    np.testing.assert_array_equal([float(row["x"]) for row in rows], x)
    with np.load(io.BytesIO(CONTENTS["npz"](scene, found)), allow_pickle=False) as arrays:
        np.testing.assert_array_equal(arrays["x"], x)
        about = {name: str(arrays[name]) for name in ("link", "version")}
    content = json.loads(CONTENTS["json"](scene, found))
    assert [value for run in content["runs"] for value in run["columns"]["x"]] == x.tolist()
    assert about == {name: content[name] for name in about}
    assert first == f"# Cliffscape {about['version']} {about['link']}"


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ({}, "one-unit-rnn-thrown.csv"),
        ({"runs": "with"}, "one-unit-rnn-converged.csv"),
        (NETWORK, "recurrent-network-"),
    ],
)
def test_a_file_is_named_after_the_landscape_and_the_outcome(query: dict[str, str], name: str) -> None:
    scene = from_query(query)
    assert run_to_end(compute_file_name(scene, "csv")).startswith(name)


def test_a_training_run_is_not_computed_for_a_name() -> None:
    scene = from_query({**NETWORK, "slice": "principal", "updates": "20000"})
    assert run_to_end(compute_file_name(scene, "md", "by_norm")) == "recurrent-network-by-norm.md"


def test_a_script_is_checked_before_the_runs_are_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    check_exportable(from_query(SADDLE), "py")
    check_exportable(from_query({**NETWORK, "slice": "principal"}), "py")
    monkeypatch.setattr(definitions, "ALLOWED", definitions.ALLOWED - {"math"})
    check_exportable(from_query(NETWORK), "csv")
    with pytest.raises(BoundError, match="this one needs math, got Saddle"):
        check_exportable(from_query(SADDLE), "py")


def test_a_script_has_the_plane_of_the_training_run_of_its_descents() -> None:
    scene = from_query({**NETWORK, "slice": "principal", "updates": "8"})
    found = run_to_end(compute_descents(scene))
    assert found.plane is not None
    space: dict[str, Any] = {"__name__": "script"}
    exec(CONTENTS["py"](scene, found), space)
    for name in ("origin", "directions"):
        torch.testing.assert_close(getattr(space["plane"], name), getattr(found.plane, name), rtol=0, atol=0)
