"""Bodies of requests for frames that are not JSON, no request, or too large."""

import json

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from cliffscape.app.settings import Settings
from tests.app.exchange import Exchange
from tests.app.web.test_stream import with_app


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"not json", 400),
        (b'{"scene": ', 400),
        (b"[" * 60_000, 400),
        (b'{"scene":' * 5_000, 400),
        (b"\xff\xfe\x00", 400),
        (b'{"scene": {"steps": ' + b"9" * 5000 + b"}}", 400),
        (b"null", 422),
        (b"[]", 422),
        (b"{}", 422),
        (b'{"scene": {"' + b"k" * 60_000 + b'": 1}}', 422),
        (b'{"scene": {"clip": {"kind": "' + b"k" * 60_000 + b'"}}}', 422),
        (b'{"scene": {' + b",".join(b'"k%d": 1' % k for k in range(4000)) + b"}}", 422),
        (b'{"scene": {"clip": {"kind": "by_norm", "threshold": NaN}}}', 422),
        (b'{"scene": {"start": [1e999, 0]}}', 422),
    ],
    ids=lambda value: value[:24] if isinstance(value, bytes) else None,
)
def test_a_bad_body_gives_a_short_problem(client: TestClient, body: bytes, status: int) -> None:
    answer = client.post("/frames", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = json.loads(answer.text, parse_constant=pytest.fail)
    assert problem["status"] == status
    assert problem["detail"]
    assert len(answer.content) < 12_000
    assert all({"field", "value", "bound", "message"} == set(error) for error in problem["errors"])


def test_a_huge_body_is_rejected_without_being_read(settings: Settings) -> None:
    async def body(app: FastAPI) -> None:
        pieces = [b" " * 65_536] * 160
        exchange = await Exchange(app, pieces).finish()
        assert exchange.status == 413
        assert exchange.read <= 3 * 65_536
        assert len(exchange.body) < 300

    with_app(settings, body)
