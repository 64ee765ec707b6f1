"""Frames over HTTP: their order, what is omitted, and errors."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from cliffscape.app.compute.cache import FrameGenerator
from cliffscape.app.frames.kind import KINDS
from cliffscape.app.main import create_app
from cliffscape.app.settings import Settings
from tests.app.decoding import decode
from tests.app.exchange import Exchange, request_body

SADDLE = {"landscape": {"kind": "saddle"}}
SHARP = ["surface 33", "kernel", "surface 129", "surface 257", "curvature"]
FULL = [*SHARP, "relief 65", "relief 129", "surface 513"]


def labels(data: bytes) -> list[str]:
    """Kinds and levels in a stream."""
    return [frame.label for frame in decode(data)]


def contents(data: bytes) -> frozenset[tuple[str, ...]]:
    """The frames in a stream, in any order."""
    return frozenset(
        (json.dumps(frame.header), *(array.tobytes().hex() for array in frame.arrays.values()))
        for frame in decode(data)
    )


def with_app(settings: Settings, body: Callable[[FastAPI], Awaitable[None]]) -> None:
    """Run ``body`` with a running application."""

    async def main() -> None:
        app = create_app(settings)
        async with app.router.lifespan_context(app):
            await body(app)

    asyncio.run(main())


def slowly(*_: Any) -> FrameGenerator:
    """A frame that is never finished."""
    while True:
        time.sleep(0.002)
        yield


def test_frames_come_cheapest_first(client: TestClient) -> None:
    answer = client.post("/frames", json={"scene": SADDLE})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/octet-stream"
    assert "content-length" not in answer.headers
    assert labels(answer.content) == FULL


def test_known_keys_and_other_kinds_are_omitted(client: TestClient) -> None:
    first = decode(client.post("/frames", json={"scene": SADDLE}).content)
    have = [frame.header["key"] for frame in first if frame.header["kind"] != "relief"]
    assert labels(client.post("/frames", json={"scene": SADDLE, "have": have}).content) == ["relief 65", "relief 129"]
    assert labels(client.post("/frames", json={"scene": SADDLE, "kinds": ["curvature"]}).content) == ["curvature"]
    assert client.post("/frames", json={"scene": SADDLE, "kinds": []}).content == b""


def test_a_repeated_request_computes_nothing(client: TestClient) -> None:
    first = client.post("/frames", json={"scene": SADDLE}).content
    before = client.get("/healthz").json()["worker"]["chunks"]
    assert client.post("/frames", json={"scene": SADDLE}).content == first
    assert client.get("/healthz").json()["worker"]["chunks"] == before


def generate(monkeypatch: pytest.MonkeyPatch, kind: str, generator: Any) -> None:
    """Let another generator make the frames of a kind."""
    monkeypatch.setitem(KINDS, kind, replace(KINDS[kind], generate=generator))


def test_frames_arrive_one_by_one(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    generate(monkeypatch, "relief", slowly)

    async def body(app: FastAPI) -> None:
        exchange = Exchange(app, request_body(SADDLE))
        assert labels(await exchange.bodies(5)) == SHARP
        exchange.leave()
        await exchange.finish()

    with_app(settings, body)


def test_disconnecting_stops_the_work_after_its_chunk(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    generate(monkeypatch, "relief", slowly)

    async def body(app: FastAPI) -> None:
        worker = app.state.engine.worker
        exchange = Exchange(app, request_body(SADDLE))
        await exchange.bodies(4)
        assert worker.report()["active"] == 1
        exchange.leave()
        await exchange.finish()
        while worker.report()["active"]:
            await asyncio.sleep(0.005)
        chunks = worker.counts["chunks"]
        await asyncio.sleep(0.05)
        assert worker.counts["chunks"] == chunks
        assert worker.counts["cancelled"] == 1

    with_app(settings, body)


def test_a_crowded_client_is_refused_with_the_bound(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    generate(monkeypatch, "relief", slowly)

    async def body(app: FastAPI) -> None:
        first = Exchange(app, request_body(SADDLE, client="page", line="a"))
        await first.bodies(4)
        second = await Exchange(app, request_body(SADDLE, client="page", line="b")).finish()
        assert second.status == 429
        assert "at most 1 unfinished requests" in json.loads(second.body)["detail"]
        # A newer request of the same line replaces the first one, so it is within the bound.
        newer = await Exchange(app, request_body(SADDLE, kinds=["surface"], client="page", line="a")).finish()
        assert newer.status == 200
        await first.finish()

    with_app(settings.model_copy(update={"client_requests": 1}), body)


def test_a_newer_request_of_a_line_replaces_the_older_one(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    generate(monkeypatch, "relief", slowly)

    async def body(app: FastAPI) -> None:
        sender = {"client": "0123456789abcdef", "line": "pictures"}
        older = Exchange(app, request_body(SADDLE, **sender))
        other = Exchange(app, request_body(SADDLE, **{**sender, "line": "descents"}))
        assert labels(await older.bodies(5)) == SHARP
        # The newer request finds everything in the cache, and replaces the older one all the same.
        newer = await Exchange(app, request_body(SADDLE, kinds=["curvature"], **sender)).finish()
        assert labels(newer.body) == ["curvature"]
        frames = decode((await older.finish()).body)
        assert [frame.label for frame in frames] == [*SHARP, "error"]
        assert frames[-1].header["title"] == "Replaced"
        assert not other.task.done()
        other.leave()
        await other.finish()

    with_app(settings, body)


def test_a_client_that_disconnects_does_not_stop_another(settings: Settings) -> None:
    async def body(app: FastAPI) -> None:
        leaver, stayer = (Exchange(app, request_body(SADDLE)) for _ in range(2))
        await leaver.bodies(1)
        leaver.leave()
        assert labels((await stayer.finish()).body) == FULL

    with_app(settings, body)


def test_thirty_clients_compute_one_page_once(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []
    usual = KINDS["surface"].generate

    def count_calls(scene: Any, side: int, key: str, workspace: Any) -> FrameGenerator:
        begun.append(key)
        return usual(scene, side, key, workspace)

    generate(monkeypatch, "surface", count_calls)

    async def body(app: FastAPI) -> None:
        exchanges = [Exchange(app, request_body(SADDLE)) for _ in range(30)]
        bodies = [(await exchange.finish()).body for exchange in exchanges]
        # The same frames, but a client that comes later first receives the cached ones.
        assert len({contents(body) for body in bodies}) == 1
        assert sorted(labels(bodies[0])) == sorted(FULL)

    with_app(settings, body)
    assert len(begun) == len(set(begun)) == 4


def test_a_frame_stored_during_the_look_up_is_not_lost(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    app = create_app(settings)
    with TestClient(app) as client:
        client.post("/frames", json={"scene": SADDLE})
        store = app.state.engine.store
        get, asked = store.get, set[str]()

        def late(key: str) -> bytes | None:
            """The first look-up of a key comes just before its frame is stored."""
            if key in asked:
                return get(key)  # type: ignore[no-any-return]
            asked.add(key)
            return None

        monkeypatch.setattr(store, "get", late)
        assert labels(client.post("/frames", json={"scene": SADDLE}).content) == FULL


def test_failing_work_is_an_error_frame(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(*_: Any) -> FrameGenerator:
        yield
        raise RuntimeError("secret")

    generate(monkeypatch, "relief", failing)
    with TestClient(create_app(settings)) as client:
        frames = decode(client.post("/frames", json={"scene": SADDLE}).content)
    assert [frame.label for frame in frames] == [*SHARP, "error"]
    assert frames[-1].header["title"] == "Something went wrong here"
    assert "secret" not in json.dumps(frames[-1].header)
    assert "secret" in caplog.text


def test_the_error_of_an_impossible_slice_names_its_field(client: TestClient) -> None:
    # The identity times 0: there is no spectral radius to scale.
    nothing = {"landscape": {"kind": "recurrent_network"}, "initialisation": {"kind": "identity", "scale": 0}}
    frames = decode(client.post("/frames", json={"scene": nothing, "kinds": ["surface"]}).content)
    assert [frame.label for frame in frames] == ["error"]
    (error,) = frames[0].header["errors"]
    assert error["field"] == "slice"
    assert error["message"] == frames[0].header["detail"]
    assert "placed where weight_hh has a spectral radius greater than 0, got 0" in error["message"]


def test_late_work_is_an_error_frame(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    generate(monkeypatch, "relief", slowly)
    with TestClient(create_app(settings.model_copy(update={"deadline_seconds": 1.0}))) as client:
        frames = decode(client.post("/frames", json={"scene": SADDLE}).content)
    assert frames[-1].header["title"] == "Too slow"


def test_a_full_worker_is_a_problem_with_a_retry_time(settings: Settings) -> None:
    app = create_app(settings)
    with TestClient(app) as client:
        app.state.engine.worker.turns.slots = app.state.engine.worker.queue_length = 0
        answer = client.post("/frames", json={"scene": SADDLE})
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert answer.headers["content-type"] == "application/problem+json"
