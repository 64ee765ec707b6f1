"""The check of responses finds what it is there to find."""

import gzip
import json
from pathlib import Path

import httpx2
import pytest
from starlette.datastructures import Headers

from cliffscape.app.settings import Settings
from cliffscape.app.web.security import security_headers
from tests.app.lessons.test_lesson import GOOD
from tests.app.responses import Answer, faults
from tests.app.web.test_server import serve

HEADERS = {**security_headers(Settings()), "Cache-Control": "no-store", "Content-Type": "application/json"}
PROBLEM = {"type": "about:blank", "title": "Not Found", "status": 404, "detail": "Nothing is here.", "errors": []}


def answer(body: bytes = b"{}", status: int = 200, **headers: str | None) -> Answer:
    """A response; headers replace those of a good one, and None removes one."""
    changed = {name.replace("_", "-").title(): value for name, value in headers.items()}
    kept = {name: value for name, value in {**HEADERS, **changed}.items() if value is not None}
    return Answer(status, Headers(kept), body)


def test_good_responses_pass() -> None:
    problem = json.dumps(PROBLEM).encode()
    good = [
        answer(),
        answer(problem, 404, content_type="application/problem+json"),
        answer(gzip.compress(b"{}"), content_encoding="gzip", vary="Accept-Encoding"),
        answer(b"", content_type=None),
        answer(b'<a href="?steps=7">', content_type="text/html; charset=utf-8"),
        answer(b"", 308, location="prefix/?a=b:c", content_type=None),
    ]
    assert [list(faults(one)) for one in good] == [[]] * len(good)


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        (answer(x_content_type_options=None), "x-content-type-options is None"),
        (answer(content_security_policy="default-src *"), "the policy has no default-src 'none'"),
        (answer(cross_origin_resource_policy="cross-origin"), "cross-origin-resource-policy is cross-origin"),
        (answer(server="uvicorn"), "there is a header server"),
        (answer(access_control_allow_origin="*"), "there is a header access-control-allow-origin"),
        (answer(cache_control=None), "cache-control is missing"),
        (answer(content_length="3"), "content-length is 3 for 2 bytes"),
        (answer(gzip.compress(b"{}"), content_encoding="gzip"), "a compressed response does not vary"),
        (answer(content_type="text/html"), "content-type is text/html"),
        (answer(b'{"a": NaN}'), "JSON has NaN"),
        (answer(json.dumps([str(Path.home() / "x")]).encode()), f"the body has {Path.home()}/"),
        (answer(b'"Traceback (most recent call last)"'), "the body has Traceback (most recent call last)"),
        (answer(status=404), "status 404 has the type application/json"),
        (answer(json.dumps(PROBLEM).encode(), 400, content_type="application/problem+json"), "status 400"),
        (answer(b"{}", 404, content_type="application/problem+json"), "problem details are {}"),
        (answer(b"", 404), "an error has no body"),
        (answer(b'<a href="/x">', content_type="text/html; charset=utf-8"), 'an address is absolute: href="/x'),
        (answer(b"", 308, location="http://x/", content_type=None), "a redirect is not relative"),
    ],
)
def test_bad_responses_do_not(bad: Answer, sentence: str) -> None:
    assert any(sentence in fault for fault in faults(bad)), list(faults(bad))


def test_servers_in_processes_of_their_own_check_their_responses(tmp_path: Path) -> None:
    bad = GOOD.replace("After.", "Traceback (most recent call last)")
    (tmp_path / "bad.md").write_text(bad, encoding="utf-8")
    with (
        pytest.raises(AssertionError, match="GET /: the body has Traceback"),
        serve(warm="0", lessons_folder=str(tmp_path)) as (_, url),
    ):
        assert httpx2.get(f"{url}?lesson=bad", timeout=60).status_code == 200
