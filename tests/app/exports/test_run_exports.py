"""Exports of runs: tables and scripts by their address, with names, metadata and the bound on a client's requests."""

import asyncio
import json
from collections.abc import Generator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from cliffscape.app.exports import definitions
from cliffscape.app.exports.run_files import CONTENTS
from cliffscape.app.settings import Settings
from cliffscape.app.web.exports import responses
from tests.app.exchange import Exchange
from tests.app.web.test_stream import with_app

QUERY = "landscape=saddle&steps=5"
TYPES = {"csv": "text/csv", "json": "application/json", "npz": "application/octet-stream", "py": "text/plain"}


@pytest.mark.parametrize("extension", CONTENTS)
def test_a_file_has_its_type_and_its_name(client: TestClient, extension: str) -> None:
    answer = client.get(f"/exports/run.{extension}?{QUERY}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(TYPES[extension])
    assert answer.headers["content-disposition"] == f'attachment; filename="saddle-not-converged.{extension}"'
    assert b"landscape=saddle&steps=5" in answer.content or extension == "npz"


def test_the_script_is_that_of_the_scene(client: TestClient) -> None:
    text = client.get(f"/exports/run.py?{QUERY}&clip=by_value").text
    assert "STEPS = 5\n" in text and "by_value(threshold=0.2)" in text


def test_a_script_that_needs_another_module_is_refused(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(definitions, "ALLOWED", definitions.ALLOWED - {"math"})
    answer = client.get("/exports/run.py?landscape=saddle")
    assert answer.status_code == 422
    assert "this one needs math, got Saddle" in answer.text


def test_the_training_loop_has_the_clip_of_the_scene(client: TestClient) -> None:
    answer = client.get("/exports/training_loop.md?clip=by_value&clip.threshold=3")
    assert (
        answer.headers["content-disposition"] == 'attachment; filename="one-unit-rnn-thrown-by-value-training-loop.md"'
    )
    assert "clip_grad_value_(model.parameters(), clip_value=3.0)" in answer.text


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("run.csv?steps=0", 422, "steps must be at least 1, got 0"),
        ("run.py?landscape=recurrent_network&slice=plane", 422, "slice must be one of"),
        (f"run.csv?{QUERY}&cells=5", 422, "cells"),
        (f"run.xls?{QUERY}", 404, ""),
        (f"run.html?{QUERY}", 404, ""),
        (f"outcomes.py?{QUERY}", 404, ""),
        (f"outcomes.json?{QUERY}", 404, ""),
        ("run.md", 404, ""),
        ("training_loop.py", 404, ""),
        ("training_loop.md?clip=x", 422, "clip"),
    ],
)
def test_errors_name_the_reason(client: TestClient, address: str, status: int, sentence: str) -> None:
    answer = client.get(f"/exports/{address}")
    assert answer.status_code == status
    assert sentence in answer.json()["detail"]


def endless(scene: Any, workspace: Any) -> Generator[tuple[()], None, None]:
    """Runs that never end."""
    while True:
        yield ()


def test_exports_count_towards_the_bound_of_a_client(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(responses, "compute_descents", endless)

    async def body(app: FastAPI) -> None:
        first = Exchange(app, [], path="/exports/run.csv", method="GET")
        worker = app.state.engine.worker
        while not worker.counts["chunks"]:
            await asyncio.sleep(0.01)
        for path in ("/exports/run.csv", "/exports/outcomes.csv"):
            refused = await Exchange(app, [], path=path, method="GET").finish()
            assert refused.status == 429
            assert "at most 1 unfinished requests" in json.loads(refused.body)["detail"]
        first.leave()
        assert (await first.finish()).status == 499
        # The place is free again.
        monkeypatch.undo()
        assert (await Exchange(app, [], path="/exports/run.csv", method="GET").finish()).status == 200

    with_app(settings.model_copy(update={"client_requests": 1}), body)
