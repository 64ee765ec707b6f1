"""A request driven message by message: for streams, slow bodies and clients that disconnect."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

from starlette.types import ASGIApp, Message


class Exchange:
    """A request in progress; ``leave`` disconnects."""

    def __init__(self, app: ASGIApp, pieces: Sequence[bytes], path: str = "/frames", method: str = "POST") -> None:
        self.sent: list[Message] = []
        self.arrived = asyncio.Event()
        self._pieces = list(pieces)
        self._gone = asyncio.Event()
        self.read = 0
        scope = {"type": "http", "method": method, "path": path, "query_string": b"", "root_path": ""}
        scope |= {
            "headers": [(b"content-type", b"application/json")],
            "http_version": "1.1",
            "scheme": "http",
            "server": ("test", 80),
            "client": ("test", 1),
            "raw_path": b"",
        }
        self.task = asyncio.ensure_future(app(scope, self._receive, self._send))

    async def _receive(self) -> Message:
        if self._pieces:
            piece = self._pieces.pop(0)
            self.read += len(piece)
            return {"type": "http.request", "body": piece, "more_body": bool(self._pieces)}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        self.sent.append(message)
        self.arrived.set()
        await asyncio.sleep(0)

    def leave(self) -> None:
        """Close the connection."""
        self._gone.set()

    async def bodies(self, count: int) -> bytes:
        """The body so far, after at least ``count`` pieces."""
        while sum(bool(message.get("body")) for message in self.sent) < count:
            self.arrived.clear()
            await asyncio.wait_for(self.arrived.wait(), 20)
        return self.body

    async def finish(self) -> "Exchange":
        """The exchange after its end."""
        await asyncio.wait_for(self.task, 30)
        return self

    @property
    def status(self) -> int:
        """The status of the response."""
        status: int = self.sent[0]["status"]
        return status

    @property
    def body(self) -> bytes:
        """The body of the response so far."""
        return b"".join(message.get("body", b"") for message in self.sent)


def request_body(scene: Any, **more: Any) -> list[bytes]:
    """The body of a request for frames."""
    return [json.dumps({"scene": scene, **more}).encode()]
