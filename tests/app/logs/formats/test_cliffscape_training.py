"""Cliffscape's own tables."""

import io
from pathlib import Path

import numpy as np
import pytest

from cliffscape.app.logs.reading import LogReading, read_file
from cliffscape.app.runs import table as descents
from cliffscape.app.runs.training_table import FORMATS, table
from cliffscape.app.scene.links import from_query
from tests.app.logs.read_text import read_text
from tests.app.runs.test_network import small
from tests.app.runs.test_training import CLIPPED, train_run


def read_bytes(content: bytes) -> LogReading:
    """A log with this content."""
    return read_file(io.BytesIO(content), "log")


@pytest.mark.parametrize("suffix", [".csv", ".npz"])
def test_curves_of_training(suffix: str, tmp_path: Path) -> None:
    scene = small(updates=9, seeds=2, **CLIPPED)
    run = train_run(scene)
    run.rows[3][1, 0, 1] = np.inf
    reading, rows = read_bytes(FORMATS[suffix](run, scene)), table(run, scene, 9)
    assert reading.log_format.label.startswith("Cliffscape")
    assert list(reading.runs) == [f"{name}, seed {seed}" for name in ("without", "with") for seed in (2, 3)]
    for k, (key, found) in enumerate(reading.runs.items()):
        part = slice(9 * k, 9 * k + 9)
        np.testing.assert_array_equal(found.steps, np.arange(1, 10))
        np.testing.assert_array_equal(found.norms, rows["gradient_norm"][part])
        np.testing.assert_array_equal(found.losses, rows["loss"][part])
        assert reading.places[key] == "before" and not found.numbered


def test_tables_of_descents() -> None:
    scene = from_query({"landscape": "saddle", "steps": "7"})
    trajectories = descents.run_scene(scene)
    content = descents.FORMATS[".csv"](scene, trajectories, descents.summaries(scene, trajectories))
    reading = read_text(content.decode())
    assert list(reading.runs) == ["without", "with"]
    np.testing.assert_array_equal(reading.runs["without"].norms, trajectories["without"].gradient_norm.numpy())
