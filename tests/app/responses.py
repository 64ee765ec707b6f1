"""A check of responses: every response of the application must pass it, whichever test asks for it."""

import gzip
import json
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cliffscape.app.web.security import SecurityMiddleware
from tests.source.files import ROOT

EXACT = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
}
POLICY = (
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors ",
)
FORBIDDEN = re.compile(r"server|x-powered-by|set-cookie|access-control-.*|content-location")
TYPES = re.compile(
    r"text/(?:html|css|csv|javascript|plain); charset=utf-8|application/(?:json|octet-stream|problem\+json)"
    r"|image/(?:png|jpeg|gif|webp|svg\+xml|x-icon)|font/woff2"
)
PROBLEM = {"type": str, "title": str, "status": int, "detail": str, "errors": list}
# Folders whose names would tell a visitor about this machine. A short one would be part of other words.
FOLDERS = {str(folder) for folder in (ROOT, Path.home(), sys.prefix, sys.base_prefix, tempfile.gettempdir())}
Report = Callable[[Sequence[str]], None]
INTERNAL = [f"{folder}/".encode() for folder in sorted(FOLDERS) if len(folder) > 2]
INTERNAL += [b"Traceback (most recent call last)", b'.py", line ']


class Answer(NamedTuple):
    """A response: ``body`` is None if the client left before its end."""

    status: int
    headers: Headers
    body: bytes | None
    head: bool = False


def faults(answer: Answer) -> Iterator[str]:
    """Sentences about what is wrong with a response."""
    yield from header_faults(answer)
    if answer.body is None:
        return
    length = answer.headers.get("content-length")
    if not answer.head and length is not None and int(length) != len(answer.body):
        yield f"content-length is {length} for {len(answer.body)} bytes"
    if answer.body:
        packed = answer.headers.get("content-encoding") == "gzip"
        yield from body_faults(answer, gzip.decompress(answer.body) if packed else answer.body)
    elif answer.status >= 400 and not answer.head and answer.status != 499:
        yield "an error has no body"


def header_faults(answer: Answer) -> Iterator[str]:
    """What is wrong with the headers."""
    headers = answer.headers
    yield from (f"{name} is {headers.get(name)}" for name, value in EXACT.items() if headers.get(name) != value)
    policy = headers.get("content-security-policy", "")
    yield from (f"the policy has no {part}" for part in POLICY if part not in policy)
    html = headers.get("content-type", "").startswith("text/html")
    if headers.get("cross-origin-resource-policy") not in ("same-origin", *["cross-origin"] * html):
        yield f"cross-origin-resource-policy is {headers.get('cross-origin-resource-policy')}"
    yield from (f"there is a header {name}" for name in headers if FORBIDDEN.fullmatch(name))
    yield from (f"{name} is there twice" for name in set(headers) if len(headers.getlist(name)) > 1)
    if "cache-control" not in headers and answer.status != 499:
        yield "cache-control is missing"
    if headers.get("content-encoding", "gzip") != "gzip":
        yield f"content-encoding is {headers['content-encoding']}"
    if "content-encoding" in headers and headers.get("vary") != "Accept-Encoding":
        yield "a compressed response does not vary"
    if any(part in value.encode("utf-8") for value in headers.values() for part in INTERNAL):
        yield "a header has a path of this machine"
    if answer.status in (301, 302, 307, 308) and ":" in headers["location"].partition("?")[0]:
        yield "a redirect is not relative"


def body_faults(answer: Answer, body: bytes) -> Iterator[str]:
    """What is wrong with a body that is not empty."""
    kind = answer.headers.get("content-type", "")
    if not TYPES.fullmatch(kind):
        yield f"content-type is {kind}"
    yield from (f"the body has {part.decode()}" for part in INTERNAL if part in body)
    if (answer.status >= 400) != (kind == "application/problem+json"):
        yield f"status {answer.status} has the type {kind}"
    if kind.startswith("text/html"):
        text = body.decode("utf-8")
        yield from (f"an address is absolute: {found}" for found in re.findall(r'\b(?:src|href)="/[^"]*', text))
    if kind.endswith("json"):
        strange: list[str] = []
        content = json.loads(body, parse_constant=strange.append)
        yield from (f"JSON has {name}" for name in strange)
        if kind == "application/problem+json":
            yield from problem_faults(content, answer.status)


def problem_faults(problem: dict[str, object], status: int) -> Iterator[str]:
    """What is wrong with problem details."""
    if {name: type(value) for name, value in problem.items()} != PROBLEM:
        yield f"problem details are {problem}"
    elif problem["status"] != status or not problem["title"] or not problem["detail"]:
        yield f"problem details do not describe status {status}: {problem}"


class ResponseCheck:
    """ASGI middleware that reports the faults of every response."""

    def __init__(self, app: ASGIApp, report: Report) -> None:
        self.app, self.report = app, report

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        sent: list[Message] = []

        async def record(message: Message) -> None:
            sent.append(message)
            # Before the client has the whole response, since a test may then kill the server.
            if scope["type"] == "http" and is_last(message):
                self.check(scope, sent)
            await send(message)

        await self.app(scope, receive, record)
        if scope["type"] == "http" and sent and not is_last(sent[-1]):
            self.check(scope, sent)

    def check(self, scope: Scope, sent: list[Message]) -> None:
        """Report the faults of the response that was sent."""
        body = b"".join(message.get("body", b"") for message in sent) if is_last(sent[-1]) else None
        answer = Answer(sent[0]["status"], Headers(raw=sent[0]["headers"]), body, scope["method"] == "HEAD")
        self.report([f"{scope['method']} {scope['path']}: {fault}" for fault in faults(answer)])


def is_last(message: Message) -> bool:
    """Whether a message is the end of a response."""
    return message["type"] == "http.response.body" and not message.get("more_body", False)


def checked_call(report: Report) -> Callable[[SecurityMiddleware, Scope, Receive, Send], Awaitable[None]]:
    """A ``__call__`` of the outermost middleware that also checks the responses: of all applications of a process."""
    usual = SecurityMiddleware.__call__

    async def call(self: SecurityMiddleware, scope: Scope, receive: Receive, send: Send) -> None:
        await ResponseCheck(partial(usual, self), report)(scope, receive, send)

    return call
