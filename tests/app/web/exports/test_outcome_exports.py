"""Exports: the table of an outcome map in CSV and NPZ, and the errors for other requests."""

import io
import json

import numpy as np
import pytest
from fastapi.testclient import TestClient

from cliffscape.app.frames import outcomes
from cliffscape.app.scene.links import from_query
from cliffscape.app.scene.schema import Scene
from cliffscape.app.web.engine import ProcessEngine
from cliffscape.landscapes.analysis.share_interval import wilson_interval
from cliffscape.landscapes.descent.outcome import OUTCOMES
from tests.app.decoding import csv_rows, decode

QUERY = "landscape=saddle&steps=20&optimizer.learning_rate=0.2"


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Outcome maps with few cells."""
    monkeypatch.setattr(outcomes, "LEVELS", (3, 5))


def finest_map(client: TestClient, kind: str) -> dict[str, np.ndarray]:
    """The arrays of the finest map that the page receives."""
    scene = from_query(dict(part.split("=") for part in QUERY.split("&"))).model_dump(mode="json")
    frames = decode(client.post("/frames", json={"scene": scene, "kinds": [kind]}).content)
    return next(frame.arrays for frame in frames if frame.label == f"{kind} 5")


@pytest.mark.parametrize(
    ("kind", "axes"), [("outcomes", "start.x,start.y"), ("sweep", "optimizer.learning_rate,clip.threshold")]
)
def test_csv_has_a_row_for_every_cell(client: TestClient, kind: str, axes: str) -> None:
    answer = client.get(f"/exports/{kind}.csv?{QUERY}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    assert f"saddle-not-converged-{kind}.csv" in answer.headers["content-disposition"]
    assert answer.text.splitlines()[1].startswith(f"{axes},outcome_")
    rows, seen = csv_rows(answer.text), finest_map(client, kind)
    assert len(rows) == 25
    assert [OUTCOMES.index(row["outcome_with"]) for row in rows] == seen["outcome_with"].ravel().tolist()
    loss = np.array([float(row["loss_without"]) for row in rows], dtype=np.float32)
    np.testing.assert_array_equal(loss, seen["loss_without"].ravel())
    if kind == "outcomes":
        assert [float(rows[k][axis]) for k in (0, 24) for axis in ("start.x", "start.y")] == [-1.8, -1.2, 1.8, 1.2]


def test_a_map_of_a_long_run_is_named_after_the_outcome_that_the_page_knows(client: TestClient) -> None:
    for outcome, name in (("", "saddle-outcomes.npz"), ("&outcome=not_converged", "saddle-not-converged-outcomes.npz")):
        answer = client.get(f"/exports/outcomes.npz?landscape=saddle&steps=1001&cells=3{outcome}")
        assert f'filename="{name}"' in answer.headers["content-disposition"]


def test_the_shares_of_a_cloud_have_their_number_of_starts_and_their_interval(client: TestClient) -> None:
    answer = client.get(f"/exports/outcomes.csv?{QUERY}&cloud=4&cells=3")
    rows = csv_rows(answer.text)
    assert len(rows) == 9
    for row in rows:
        assert row["starts"] == "4"
        for share in ("converged_with", "converged_without", "thrown_with", "thrown_without"):
            ends = tuple(float(row[f"{share}_{end}"]) for end in ("low", "high"))
            assert ends == pytest.approx(wilson_interval(float(row[share]), 4))
    assert "starts" not in client.get(f"/exports/outcomes.csv?{QUERY}&cells=3").text


def test_npz_loads_without_pickle(client: TestClient) -> None:
    answer = client.get(f"/exports/sweep.npz?{QUERY}&cells=5")
    with np.load(io.BytesIO(answer.content), allow_pickle=False) as found:
        seen = finest_map(client, "sweep")
        for name, array in seen.items():
            np.testing.assert_array_equal(found[name], array)
        assert found["optimizer.learning_rate"].shape == (5, 5)
        assert tuple(found["outcomes"]) == OUTCOMES
        assert Scene.model_validate(json.loads(str(found["scene"]))).steps == 20


def test_a_coarser_map_can_be_exported(client: TestClient) -> None:
    assert len(client.get(f"/exports/outcomes.csv?{QUERY}&cells=3").text.splitlines()) == 11


def test_the_finest_map_can_be_exported_with_a_gpu(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outcomes, "GPU_LEVEL", 9)
    assert client.get(f"/exports/outcomes.csv?{QUERY}&cells=9").status_code == 422
    monkeypatch.setattr(ProcessEngine, "gpu", True)
    assert len(client.get(f"/exports/outcomes.csv?{QUERY}&cells=9").text.splitlines()) == 83


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("outcomes.csv?cells=4", 422, "cells must be one of 3, 5 for this Scene, got 4"),
        ("outcomes.csv?cells=many", 422, "got 'many'"),
        ("outcomes.csv?outcome=gone", 422, "outcome must be one of converged, not_converged"),
        ("outcomes.csv?steps=0", 422, "steps must be at least 1, got 0"),
        ("sweep.csv?sweep=clip.threshold,runs", 422, "got 'runs'"),
        ("sweep.npz?clip=autoclip", 422, "remembers"),
        ("outcomes.xls", 404, ""),
        ("surface.csv", 404, ""),
    ],
)
def test_errors_name_the_reason(client: TestClient, address: str, status: int, sentence: str) -> None:
    answer = client.get(f"/exports/{address}")
    assert answer.status_code == status
    assert sentence in answer.json()["detail"]
