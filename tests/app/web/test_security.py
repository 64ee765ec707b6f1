"""Security: every response has the policy, and an exception reveals no internals."""

import asyncio
import logging

import pytest
from fastapi.testclient import TestClient
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from cliffscape.app.settings import Settings
from cliffscape.app.web.security import POLICY, SecurityMiddleware, security_headers
from tests.app.exchange import Exchange

PATHS = ["/", "/healthz", "/catalogue.json", "/nowhere", "/static/x/y.js", "/kernels/x.js"]


@pytest.mark.parametrize("path", PATHS)
def test_every_response_has_the_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; ")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "server" not in headers


def test_the_policy_is_strict() -> None:
    assert POLICY["default-src"] == "'none'"
    assert POLICY["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert POLICY["connect-src"] == POLICY["font-src"] == "'self'"
    assert POLICY["base-uri"] == POLICY["form-action"] == "'none'"
    assert "; frame-ancestors 'self'" in security_headers(Settings())["Content-Security-Policy"]
    assert not any("'unsafe-eval'" in value or "http" in value for value in POLICY.values())
    assert [name for name, value in POLICY.items() if "unsafe-inline" in value] == ["style-src"]


def test_a_bug_is_a_problem_without_internals(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError("secret")

    async def main() -> Exchange:
        return await Exchange(SecurityMiddleware(broken, Settings()), [b""]).finish()

    with caplog.at_level(logging.ERROR):
        exchange = asyncio.run(main())
    assert exchange.status == 500
    assert b"secret" not in exchange.body
    assert b"/frames" not in exchange.body
    assert "secret" in caplog.text
    names = {name for name, _ in exchange.sent[0]["headers"]}
    assert {b"content-security-policy", b"x-content-type-options"} <= names


def test_a_client_that_disconnects_early_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    messages = [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}]
    sent = []

    async def reading(scope: Scope, receive: Receive, send: Send) -> None:
        async for _ in Request(scope, receive).stream():
            pass

    async def receive() -> Message:
        return messages.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    with caplog.at_level(logging.ERROR):
        asyncio.run(
            SecurityMiddleware(reading, Settings())(
                {"type": "http", "method": "POST", "path": "/frames"}, receive, send
            )
        )
    assert not messages and not sent and not caplog.text


def test_a_bug_in_the_middle_of_a_response_ends_the_connection() -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("secret")

    async def main() -> None:
        await Exchange(SecurityMiddleware(broken, Settings()), [b""]).finish()

    with pytest.raises(RuntimeError, match="secret"):
        asyncio.run(main())
