"""Frames over HTTP: a request holds a Scene, and the response streams its missing frames as they are computed."""

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
from cliffscape.app.compute.job import (
    BusyError,
    CrowdedError,
    DeadlineError,
    ReplacedError,
    Results,
    Sender,
    UnreadError,
)
from cliffscape.app.frames.kind import KINDS
from cliffscape.app.frames.plan import DEFAULT_KINDS, EVERY, plan
from cliffscape.app.scene.models import Frozen
from cliffscape.app.scene.requirements import check_training
from cliffscape.app.scene.schema import Scene
from cliffscape.app.scene.validation import format_value, from_bound_error, violation
from cliffscape.app.web.engine import Engine
from cliffscape.app.web.formulas import prepare, text_in
from cliffscape.app.web.problems import IMPOSSIBLE, MODEL_ERROR, Problem, log_model_error, validation_problem
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.models.model_error import ModelError

logger = logging.getLogger(__name__)
JSON = "application/json"
# Above all levels that the server computes.
FINEST = 100_000
Key = Annotated[str, Field(max_length=64)]
# Built from the table of kinds, so that the error for another name lists them.
Kind: Any = Literal.__getitem__(EVERY)


class FrameRequest(Frozen):
    """A client's request: a Scene, the keys of the frames the client has, and the kinds of frames it needs.

    ``client`` is a random text of the page that sends it, and ``line`` one of the page's lines of requests. A request
    replaces an unfinished one of the same line of the same client.
    ``finer_than`` names kinds whose levels up to a number the client computes itself.
    """

    scene: Scene
    have: Annotated[tuple[Key, ...], Field(max_length=200)] = ()
    kinds: Annotated[tuple[Kind, ...], Field(max_length=len(EVERY))] = DEFAULT_KINDS
    finer_than: dict[Kind, Annotated[int, Field(ge=0, le=FINEST)]] = Field(default={}, max_length=len(EVERY))
    client: Key = ""
    line: Key = ""

    def sender(self, address: str) -> Sender:
        """Who sends the request: the page, or a client that is known by its address and has no lines."""
        return Sender(self.client, self.line) if self.client else Sender(address)

    @model_validator(mode="after")
    def check_optimizer(self) -> "FrameRequest":
        """A request for training must have an optimizer that can train the network."""
        if self.scene.recurrent and any(KINDS[kind].trains for kind in self.kinds):
            check_training(self.scene)
        return self


def busy_problem() -> Problem:
    """The problem of a full compute worker."""
    detail = "The compute worker has no free place; try again in a moment."
    return Problem(503, "Busy", detail, headers={"Retry-After": "1"})


def crowded_problem(most: int) -> Problem:
    """The problem of a client with too many unfinished requests."""
    detail = f"A client may have at most {most} unfinished requests; try again when one has ended."
    return Problem(429, "Too many requests", detail, headers={"Retry-After": "1"})


async def read_body(request: Request, limit: int) -> bytes:
    """The request's body.

    Raises:
        Problem: it is larger than ``limit``; the rest of it is not read.
    """
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > limit:
            raise Problem(413, "Too large", f"The body must be at most {limit} bytes.")
    return bytes(body)


def check_json(request: Request) -> None:
    """Raise a problem unless the body is JSON by its header.

    A page of another site can send plain text and forms without asking, but JSON only after this server has allowed it.
    """
    header = request.headers.get("content-type", "")
    if header.partition(";")[0].strip().lower() != JSON:
        found = violation("Content-Type", format_value(header or None), JSON)
        raise Problem(415, "The body is not JSON", found.message, (found,), {"Accept": JSON})


async def frames(request: Request, engine: Engine) -> Response:
    """Answer ``POST /frames``."""
    check_json(request)
    body = await read_body(request, engine.settings.body_bytes)
    await prepare(text_in(body))
    try:
        wanted = FrameRequest.model_validate_json(body)
    except ValidationError as error:
        raise validation_problem(error, FrameRequest) from None
    # Cached frames are sent at once, without waiting for a turn on the worker. Each frame is looked up only once:
    # the worker fills the cache meanwhile, and a frame stored between two look-ups would be in neither list.
    planned = plan(wanted.scene, wanted.kinds, wanted.have, engine.gpu, wanted.finer_than)
    known = [(part, engine.store.get(part.key)) for part in planned]
    held = [frame for _, frame in known if frame is not None]
    missing = [part for part, frame in known if frame is None]
    sender = wanted.sender(request.client.host if request.client else "")
    if not missing:
        engine.drop(sender)
    try:
        return FrameResponse(held, engine.frames(missing, sender) if missing else None)
    except CrowdedError:
        raise crowded_problem(engine.settings.client_requests) from None
    except BusyError:
        raise busy_problem() from None


class FrameResponse(Response):
    """Cached frames, then frames as they are computed; the job stops after its chunk if the client disconnects."""

    media_type = "application/octet-stream"

    def __init__(self, held: Sequence[bytes], job: Results[bytes] | None) -> None:
        super().__init__(headers={"Cache-Control": "no-store"})
        # Starlette sets the length of an empty body; that of the stream is unknown.
        del self.headers["content-length"]
        self.held = held
        self.job = job

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the frames until the end, or until the client disconnects."""
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
    """The frame of an error after the response has begun; ``errors`` names the Scene's field if there is one."""
    fields: dict[str, Any]
    if isinstance(failure, BoundError):
        fields = {"title": IMPOSSIBLE, "detail": str(failure), "errors": [vars(from_bound_error(failure))]}
    elif isinstance(failure, MemoryError):
        fields = {"title": "Too large", "detail": str(failure) or "The server does not have enough memory for this."}
    elif isinstance(failure, DeadlineError):
        fields = {"title": "Too slow", "detail": "The frame was not computed in time; the server is busy."}
    elif isinstance(failure, UnreadError):
        fields = {"title": "Too slow", "detail": "The connection is too slow for these frames; the request was ended."}
    elif isinstance(failure, ReplacedError):
        fields = {"title": "Replaced", "detail": "A newer request of this page replaces this one."}
    elif isinstance(failure, BusyError):
        # The page asks again by itself.
        fields = {"title": "Stopping", "detail": "The server is stopping; try again in a moment.", "again": True}
    elif isinstance(failure, ModelError):
        log_model_error(failure)
        fields = {"title": MODEL_ERROR, "detail": str(failure)}
    else:
        logger.error("computing a frame failed", exc_info=failure)
        fields = {"title": "Something went wrong here", "detail": "The server's log has the details."}
    return encode(Frame("error", "", fields))
