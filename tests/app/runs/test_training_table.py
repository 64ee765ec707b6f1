"""Tables of training: the rows of every run, seed and update, read back from CSV, JSON and NPZ to the same bits."""

import io
import json

import numpy as np
import pytest

from cliffscape.app.runs.stored_training import load_run
from cliffscape.app.runs.training import TrainingRun
from cliffscape.app.runs.training_result import result_text
from cliffscape.app.runs.training_table import COLUMNS, FORMATS, TrainingTable, run_columns, table, training_table
from cliffscape.app.scene.content_key import run_key
from cliffscape.app.scene.schema import Scene
from tests.app.decoding import csv_rows
from tests.app.frames.test_network import workspace
from tests.app.runs.test_network import small
from tests.app.runs.test_training import CLIPPED, train_run

NUMBERS = ("loss", "gradient_norm", "clip_factor", "error")


@pytest.fixture(scope="module")
def scene() -> Scene:
    """A Scene with three seeds, which count up from 2."""
    return small(updates=30, seeds=3, **CLIPPED)


@pytest.fixture(scope="module")
def run(scene: Scene) -> TrainingRun:
    """Its run, with Inf and NaN among the losses."""
    found = train_run(scene)
    found.rows[3][0, 0, 1], found.rows[4][0, 0, 1], found.rows[5][0, 1, 2] = np.inf, np.nan, -np.inf
    return found


def test_every_run_seed_and_update_has_a_row(run: TrainingRun, scene: Scene) -> None:
    rows = table(run, scene, 30)
    assert tuple(rows) == COLUMNS
    assert {len(column) for column in rows.values()} == {2 * 3 * 30}
    places = [*zip(rows["run"].tolist(), rows["seed"].tolist(), rows["update"].tolist(), strict=True)]
    assert places == [(name, seed, k) for name in ("without", "with") for seed in (2, 3, 4) for k in range(1, 31)]
    for column, name in enumerate(NUMBERS[:3]):
        expected = [run.rows[k][column, r, s] for r in range(2) for s in range(3) for k in range(30)]
        np.testing.assert_array_equal(rows[name], expected)


def test_errors_are_in_the_rows_of_the_updates_after_which_they_were_counted(run: TrainingRun, scene: Scene) -> None:
    errors = table(run, scene, 30)["error"].reshape(2, 3, 30)
    assert run.counted[-1] == 30
    for k in range(30):
        if k + 1 in run.counted:
            np.testing.assert_array_equal(errors[:, :, k], run.errors[run.counted.index(k + 1)])
        else:
            assert np.isnan(errors[:, :, k]).all()


def test_csv_and_npz_and_json_read_back_to_the_same_bits(run: TrainingRun, scene: Scene) -> None:
    rows = table(run, scene, 30)
    lines = csv_rows(FORMATS[".csv"](run, scene).decode())
    assert tuple(lines[0]) == COLUMNS
    with np.load(io.BytesIO(FORMATS[".npz"](run, scene)), allow_pickle=False) as file:
        arrays = dict(file)
    assert Scene.model_validate(json.loads(str(arrays["scene"]))) == scene
    for name in NUMBERS:
        assert np.array([float(line[name]) for line in lines]).tobytes() == rows[name].tobytes()
        assert arrays[name].tobytes() == rows[name].tobytes()
    for name in ("run", "seed", "update"):
        assert [line[name] for line in lines] == [*map(str, rows[name])]
        np.testing.assert_array_equal(arrays[name], rows[name])
    content = json.loads(FORMATS[".json"](run, scene))
    assert Scene.model_validate(content["scene"]) == scene
    for one, name in zip(content["runs"], ("without", "with"), strict=True):
        assert (one["run"], one["result"]) == (name, result_text(run, scene, name))
        for column in NUMBERS:
            kept = [None if not np.isfinite(value) else value for value in run_columns(run, 30, name)[column].tolist()]
            assert one["columns"][column] == kept


def test_only_the_runs_that_are_shown_are_in_the_table(run: TrainingRun, scene: Scene) -> None:
    shown = scene.model_copy(update={"runs": "with"})
    assert set(table(run, shown, 30)["run"].tolist()) == {"with"}
    assert len(json.loads(FORMATS[".json"](run, shown))["runs"]) == 1


def test_a_table_may_end_before_the_run(run: TrainingRun, scene: Scene) -> None:
    whole, part = table(run, scene, 30), table(run, scene, 7)
    first = whole["update"] <= 7
    for name in COLUMNS:
        np.testing.assert_array_equal(part[name], whole[name][first])


def test_a_table_of_no_updates_has_no_rows(scene: Scene) -> None:
    assert {
        name: len(column) for name, column in table(train_run(small(updates=1)), scene, 0).items()
    } == dict.fromkeys(COLUMNS, 0)


def test_the_stored_run_is_used_and_kept() -> None:
    """A paused run is not trained further, and not replaced by a shorter one."""
    scene, engine = small(updates=24, **CLIPPED), workspace(0.0)
    stored = load_run(scene, engine)
    for _ in range(9):
        stored.advance(scene.updates, 0.0)
    (found,) = training_table(scene, 6, engine)
    assert stored.done == 9 and engine.runs.get(run_key(scene)) is stored
    assert isinstance(found, TrainingTable)
    np.testing.assert_array_equal(found.columns["loss"], table(stored, scene, 6)["loss"])


def test_a_run_that_is_no_longer_stored_is_computed_again() -> None:
    scene, engine = small(updates=24, **CLIPPED), workspace(0.0)
    *waiting, found = training_table(scene, 10, engine)
    assert waiting and not any(waiting)
    assert engine.runs.get(run_key(scene)).done == 10
    assert isinstance(found, TrainingTable)
    np.testing.assert_array_equal(found.columns["loss"], table(train_run(scene), scene, 10)["loss"])
