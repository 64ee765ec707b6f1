"""A client that reads a byte a second, or nothing: its memory is bounded, and the worker goes on with other work."""

import asyncio
import socket
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from starlette.types import Message

from cliffscape.app.compute import job
from cliffscape.app.compute.cache import FrameGenerator
from cliffscape.app.compute.encoding import Frame
from cliffscape.app.frames.kind import KINDS
from cliffscape.app.main import create_app
from cliffscape.app.settings import Settings
from tests.app.decoding import decode
from tests.app.exchange import Exchange, request_body
from tests.app.web.test_stream import with_app

BODY = request_body({"landscape": {"kind": "saddle"}}, kinds=["relief"])
BYTES = 4096
MOST = 256 * BYTES
# What the buffers of a connection hold: the server's for writing, and the system's at both ends.
BUFFERS = 1 << 23
# As many bytes as in a minute at a byte a second.
READ = 60


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


@contextmanager
def listening(app: FastAPI) -> Iterator[int]:
    """The port of a server of this process."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until(lambda: server.started)
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(30)


def until(holds: Any) -> None:
    """Wait until something holds, for at most 30 seconds."""
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_a_connection_read_byte_by_byte_is_bounded_and_others_are_served(
    settings: Settings, endless: list[int]
) -> None:
    app = create_app(settings)
    head = "POST /frames HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    request = f"{head}Content-Length: {len(BODY[0])}\r\n\r\n".encode() + BODY[0]
    with listening(app) as port, socket.create_connection(("127.0.0.1", port)) as slow:
        slow.sendall(request)
        for _ in range(READ):
            assert len(slow.recv(1)) == 1
            time.sleep(0.01)
        [kernel] = request_body({"landscape": {"kind": "ravine"}}, kinds=["kernel"])
        headers = {"Content-Type": "application/json"}
        other = urllib.request.Request(f"http://127.0.0.1:{port}/frames", kernel, headers)
        with urllib.request.urlopen(other, timeout=30) as answer:
            assert decode(answer.read())[-1].header["kind"] == "kernel"
        until(lambda: app.state.engine.worker.counts["cancelled"] == 1)
        assert sum(endless) <= MOST + BUFFERS
        assert app.state.engine.worker.report()["active"] == 0
        rest = bytearray()
        while part := slow.recv(1 << 20):
            rest += part
    assert b"Too slow" in rest[-1000:]
