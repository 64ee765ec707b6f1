"""Frames over HTTP: a Scene goes in, its missing frames stream out as they are made."""

import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Annotated, Any, Literal

import anyio
from pydantic import Field, ValidationError, model_validator
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from cliffscape.app.compute.encoding import Frame, encode
from cliffscape.app.compute.worker import BusyError, DeadlineError, Job
from cliffscape.app.frames.kind import KINDS
from cliffscape.app.frames.plan import ASKED, EVERY, plan
from cliffscape.app.scene.requirements import check_training
from cliffscape.app.scene.schema import Frozen, Scene
from cliffscape.app.web.engine import Engine
from cliffscape.app.web.problems import Problem, invalid
from cliffscape.landscapes.descent.sweep import SweepError
from cliffscape.landscapes.slices.plane import SliceError

logger = logging.getLogger(__name__)
Key = Annotated[str, Field(max_length=64)]
Kind: Any = Literal.__getitem__(EVERY)


class Ask(Frozen):
    """What a client asks for: a Scene, the keys of the frames it holds, and the kinds of frames it wants."""

    scene: Scene
    have: Annotated[tuple[Key, ...], Field(max_length=200)] = ()
    kinds: Annotated[tuple[Kind, ...], Field(max_length=len(EVERY))] = ASKED

    @model_validator(mode="after")
    def trainable(self) -> "Ask":
        """Whoever asks for training has an optimizer that can."""
        if self.scene.recurrent and any(KINDS[kind].trains for kind in self.kinds):
            check_training(self.scene)
        return self


def busy() -> Problem:
    """The problem of a full compute worker."""
    detail = "Every place on the compute worker is taken; try again in a moment."
    return Problem(503, "Busy", detail, headers={"Retry-After": "1"})


async def read_body(request: Request, limit: int) -> bytes:
    """The request's body.

    Raises:
        Problem: it is larger than ``limit``; what is left of it is not read.
    """
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > limit:
            raise Problem(413, "Too large", f"The body must be at most {limit} bytes.")
    return bytes(body)


async def frames(request: Request, engine: Engine) -> Response:
    """Answer ``POST /frames``."""
    body = await read_body(request, engine.settings.body_bytes)
    try:
        ask = Ask.model_validate_json(body)
    except ValidationError as error:
        raise invalid(error, Ask) from None
    # What is held goes out at once, without waiting for a turn on the worker. The store is asked once for each
    # frame: it fills meanwhile, and a frame that came between two askings would be in neither list.
    known = [(part, engine.store.get(part.key)) for part in plan(ask.scene, ask.kinds, ask.have, engine.gpu)]
    held = [frame for _, frame in known if frame is not None]
    missing = [part for part, frame in known if frame is None]
    try:
        return FrameResponse(held, engine.frames(missing) if missing else None)
    except BusyError:
        raise busy() from None


class FrameResponse(Response):
    """Frames that are held and frames as they are made; when the client goes, the work stops at the next chunk."""

    media_type = "application/octet-stream"

    def __init__(self, held: Sequence[bytes], job: Job[bytes] | None) -> None:
        super().__init__(headers={"Cache-Control": "no-store"})
        del self.headers["content-length"]
        self.held = held
        self.job = job

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the frames, watching for the client to leave."""
        try:
            async with anyio.create_task_group() as group:

                async def watch() -> None:
                    while (await receive())["type"] != "http.disconnect":
                        pass
                    group.cancel_scope.cancel()

                group.start_soon(watch)
                await self._send(send)
                group.cancel_scope.cancel()
        finally:
            if self.job is not None:
                self.job.cancel()

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        async with aclosing(self._frames()) as frames:
            async for frame in frames:
                await send({"type": "http.response.body", "body": frame, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _frames(self) -> AsyncGenerator[bytes, None]:
        for frame in self.held:
            yield frame
        if self.job is None:
            return
        while True:
            try:
                frame = await anext(self.job)
            except StopAsyncIteration:
                return
            except Exception as failure:
                yield error_frame(failure)
                return
            yield frame


def error_frame(failure: Exception) -> bytes:
    """What is said when work fails after the answer has begun; ``errors`` names the field at fault, if it is one."""
    said: dict[str, Any]
    if isinstance(failure, SliceError):
        # Of all that a Scene holds, only the slice's own parameters and the slice as a whole are fields.
        field = f"slice.{failure.field}" if failure.field in ("first", "second") else "slice"
        said = {"title": "No such slice", "detail": str(failure), "errors": [{"field": field, "message": str(failure)}]}
    elif isinstance(failure, SweepError):
        said = {"title": "No such sweep", "detail": str(failure)}
        said["errors"] = [{"field": failure.field, "message": str(failure)}]
    elif isinstance(failure, MemoryError):
        said = {"title": "Too large", "detail": str(failure) or "The server's memory does not hold it."}
    elif isinstance(failure, DeadlineError):
        said = {"title": "Too slow", "detail": "The picture was not finished in time; the machine is busy."}
    elif isinstance(failure, BusyError):
        said = {"title": "Stopping", "detail": "The server is stopping; try again in a moment."}
    else:
        logger.error("making a frame failed", exc_info=failure)
        said = {"title": "Something went wrong here", "detail": "The server's log says what it was."}
    return encode(Frame("error", "", said))
