"""Files: columns as CSV and NumPy archives, the same numbers in both."""

import io
import math

import numpy as np
import pytest

from cliffscape.app.runs.files import csv_chunks, npz_bytes
from cliffscape.app.scene.schema import DEFAULT, Scene

COLUMNS = {"run": np.array(["with", "a,b", "c"]), "loss": np.array([0.1, math.inf, math.nan])}


@pytest.mark.parametrize("rows", [1, 2, 3, 10])
def test_csv_is_the_same_in_any_number_of_chunks(rows: int) -> None:
    chunks = list(csv_chunks(COLUMNS, rows))
    assert len(chunks) == 1 + math.ceil(3 / rows)
    assert b"".join(chunks) == b'run,loss\nwith,0.1\n"a,b",inf\nc,nan\n'


@pytest.mark.parametrize("compress", [False, True])
def test_npz_holds_the_arrays_and_the_scene(compress: bool) -> None:
    with np.load(io.BytesIO(npz_bytes(DEFAULT, COLUMNS, compress)), allow_pickle=False) as found:
        assert found["run"].tolist() == COLUMNS["run"].tolist()
        np.testing.assert_array_equal(found["loss"], COLUMNS["loss"])
        assert Scene.model_validate_json(str(found["scene"])) == DEFAULT
