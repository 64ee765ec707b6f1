"""Exports of training: the curves of a finished or paused run in CSV and NPZ, and the errors for other requests."""

import io
import json

import numpy as np
import pytest
from fastapi.testclient import TestClient

from cliffscape.app.runs.training_table import COLUMNS
from cliffscape.app.scene.links import from_query
from cliffscape.app.scene.schema import Scene
from tests.app.decoding import csv_rows, decode

CHOICES = {"landscape": "recurrent_network", "landscape.batch_size": "4", "cell.hidden_units": "4"}
CHOICES |= {"task.sequence_length": "10", "updates": "25", "seeds": "2"}
QUERY = "&".join(f"{name}={value}" for name, value in CHOICES.items())


def curves(client: TestClient) -> dict[str, np.ndarray]:
    """The arrays of the finished run that the page receives."""
    scene = from_query(CHOICES).model_dump(mode="json")
    frames = decode(client.post("/frames", json={"scene": scene, "kinds": ["training"]}).content)
    return frames[-1].arrays


def test_the_curves_are_those_of_the_page(client: TestClient) -> None:
    seen = curves(client)
    answer = client.get(f"/exports/training.csv?{QUERY}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    assert 'filename="recurrent-network-not-solved-training.csv"' in answer.headers["content-disposition"]
    rows = csv_rows(answer.text)
    assert tuple(rows[0]) == COLUMNS
    with np.load(io.BytesIO(client.get(f"/exports/training.npz?{QUERY}").content), allow_pickle=False) as file:
        arrays = dict(file)
    assert Scene.model_validate(json.loads(str(arrays["scene"]))) == from_query(CHOICES)
    for name in ("loss", "gradient_norm", "clip_factor"):
        assert np.array([float(row[name]) for row in rows]).tobytes() == seen[name].tobytes()
        assert arrays[name].tobytes() == seen[name].tobytes()
    counted = seen["error_at"].astype(int) - 1
    errors = arrays["error"].reshape(2, 2, 25)
    np.testing.assert_array_equal(errors[..., counted], seen["error"])
    assert np.isfinite(errors).sum() == seen["error"].size


def test_a_paused_run_is_exported_as_far_as_the_page_shows_it(client: TestClient) -> None:
    rows = csv_rows(client.get(f"/exports/training.csv?{QUERY}&done=7").text)
    assert [row["update"] for row in rows] == [*map(str, range(1, 8))] * 4
    loss = np.array([float(row["loss"]) for row in rows]).reshape(2, 2, 7)
    np.testing.assert_array_equal(loss, curves(client)["loss"][..., :7])


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        (f"training.csv?{QUERY}&done=0", 422, "done must be a whole number from 1 to 25 for this Scene, got 0"),
        (f"training.csv?{QUERY}&done=26", 422, "got 26"),
        (f"training.npz?{QUERY}&done=many", 422, "got 'many'"),
        (f"training.csv?{QUERY}&done=²", 422, "done must be a whole number"),
        (f"training.csv?{QUERY}&cells=5", 422, "cells"),
        (
            f"training.csv?{QUERY}&optimizer=newton&cell.hidden_units=9",
            422,
            "to train a net of more than 64 parameters",
        ),
        ("training.csv?landscape=saddle", 422, "landscape must be recurrent_network, because the other landscapes"),
        (f"training.xls?{QUERY}", 404, ""),
    ],
)
def test_errors_name_the_reason(client: TestClient, address: str, status: int, sentence: str) -> None:
    answer = client.get(f"/exports/{address}")
    assert answer.status_code == status
    assert sentence in answer.json()["detail"]
