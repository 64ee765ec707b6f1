"""Tables: one Scene in three formats with the same bits."""

import io
import json
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from cliffscape.app.runs.table import COLUMNS, read_scene, run_scene, summaries, table, to_csv, to_json, to_npz
from cliffscape.app.scene.schema import Scene
from tests.app.decoding import csv_rows

OVERFLOW = {
    "landscape": {"kind": "product_of_weights"},
    "optimizer": {"kind": "gradient_descent", "learning_rate": 0.03},
    "steps": 12,
}
FORMS: list[dict[str, Any]] = [{"steps": 20}, OVERFLOW, {"steps": 3, "runs": "with"}]
NUMBERS = COLUMNS[2:]


@pytest.mark.parametrize("form", FORMS)
def test_formats_agree(form: dict[str, Any]) -> None:
    scene = Scene.model_validate(form)
    made = run_scene(scene)
    found = summaries(scene, made)
    arrays = np.load(io.BytesIO(to_npz(scene, made, found)), allow_pickle=False)
    rows = csv_rows(to_csv(scene, made, found).decode())
    runs = json.loads(to_json(scene, made, found), parse_constant=pytest.fail)["runs"]
    assert tuple(rows[0]) == COLUMNS
    for name in ("run", "step"):
        assert [row[name] for row in rows] == [str(value) for value in arrays[name]]
    for name in NUMBERS:
        np.testing.assert_array_equal([float(row[name]) for row in rows], arrays[name])
        written = [value for run in runs for value in run["columns"][name]]
        expected = [value if np.isfinite(value) else None for value in arrays[name].tolist()]
        assert written == expected
    assert Scene.model_validate_json(str(arrays["scene"])) == scene


def test_runs_are_those_of_the_scene() -> None:
    assert list(run_scene(Scene.model_validate({"steps": 1}))) == ["without", "with"]
    assert list(run_scene(Scene.model_validate({"steps": 1, "runs": "without"}))) == ["without"]


def test_rows_are_the_start_and_one_per_step() -> None:
    found = table(run_scene(Scene.model_validate({"steps": 3})))
    assert found["step"].tolist() == [0, 1, 2, 3] * 2
    assert found["x"][0] == found["x"][4] == 4.6


def test_nulls_have_reasons() -> None:
    scene = Scene.model_validate(OVERFLOW)
    made = run_scene(scene)
    without, with_ = json.loads(to_json(scene, made, summaries(scene, made)))["runs"]
    assert without["columns"]["loss"][-1] is None
    assert without["summary"]["outcome"] == "diverged"
    step = without["summary"]["nonfinite_step"]
    assert without["nulls"][0] == f"from step {step}: the run diverged (Inf or NaN)"
    assert without["columns"]["loss"][step - 1] is not None
    assert with_["nulls"] == ["step_length at step 12: no step is taken from the last row"]
    assert "Inf or NaN from step" in without["verdict"]


@pytest.mark.parametrize(
    "link", ["steps=7&clip=none", "?steps=7&clip=none", "http://localhost:8000/?steps=7&clip=none#map"]
)
def test_links_are_read_in_any_form(link: str) -> None:
    assert read_scene(link) == Scene.model_validate({"steps": 7, "clip": {"kind": "none"}})


@pytest.mark.parametrize("link", ["", "http://localhost:8000/", "?"])
def test_no_link_is_the_default(link: str) -> None:
    assert read_scene(link) == Scene.model_validate({})


@pytest.mark.parametrize("link", ["steps=0", "foo=1", "steps=", "http://localhost/?window=x"])
def test_bad_links_are_rejected(link: str) -> None:
    with pytest.raises(ValidationError):
        read_scene(link)
