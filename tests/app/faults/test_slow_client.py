"""A client that reads a byte a second, or nothing: its memory is bounded, and the worker goes on with other work."""

import asyncio
import time
from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.types import Message

from cliffscape.app.compute import job
from cliffscape.app.compute.cache import FrameGenerator
from cliffscape.app.compute.encoding import Frame
from cliffscape.app.frames.kind import KINDS
from cliffscape.app.settings import Settings
from tests.app.decoding import decode
from tests.app.exchange import Exchange, request_body
from tests.app.web.test_stream import with_app

BODY = request_body({"landscape": {"kind": "saddle"}}, kinds=["relief"])
BYTES = 4096
MOST = 256 * BYTES


class SlowExchange(Exchange):
    """A request whose client reads the head, and the rest only once the gate is open."""

    def __init__(self, app: Any, gate: asyncio.Event) -> None:
        self.gate = gate
        super().__init__(app, BODY)

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.body":
            await self.gate.wait()
        await super()._send(message)


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let a relief be an endless number of previews; counts them."""
    made: list[int] = []

    def generate(*_: Any) -> FrameGenerator:
        while True:
            # Slower than a client that reads.
            time.sleep(0.001)
            made.append(BYTES)
            yield Frame("progress", "", {"text": "x" * BYTES})

    monkeypatch.setitem(KINDS, "relief", replace(KINDS["relief"], generate=generate))
    monkeypatch.setattr(job, "MOST_UNREAD", MOST)
    return made


def test_what_a_client_does_not_read_is_bounded_and_its_work_ends(settings: Settings, endless: list[int]) -> None:
    async def body(app: FastAPI) -> None:
        gate, compute = asyncio.Event(), app.state.engine.worker
        exchange = SlowExchange(app, gate)
        async with asyncio.timeout(30):
            while compute.counts["cancelled"] == 0:
                await asyncio.sleep(0.005)
        assert compute.report()["active"] == 0
        assert sum(endless) <= MOST + 2 * BYTES
        gate.set()
        frames = decode((await exchange.finish()).body)
        assert (frames[-1].header["kind"], frames[-1].header["title"]) == ("error", "Too slow")

    with_app(settings, body)


def test_a_client_that_reads_gets_as_much_as_it_wants(settings: Settings, endless: list[int]) -> None:
    async def body(app: FastAPI) -> None:
        gate = asyncio.Event()
        gate.set()
        exchange = SlowExchange(app, gate)
        await exchange.bodies(400)
        assert len(exchange.body) > MOST
        exchange.leave()
        await exchange.finish()

    with_app(settings, body)
