"""Token path: without the token there is no answer, and the page works below it."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from cliffscape.app.main import create_app
from cliffscape.app.notebook.token_path import PROBE, TokenPathMiddleware, token_path
from cliffscape.app.settings import Settings

PATH = "/a-token"


@pytest.fixture(scope="module")
def guarded(settings: Settings) -> Iterator[TestClient]:
    """A client of an application with a token."""
    own = settings.model_copy(update={"root_path": PATH})
    app = create_app(own)
    app.add_middleware(TokenPathMiddleware, settings=own)
    with TestClient(app) as running:
        yield running


@pytest.mark.parametrize("path", ["/", "/healthz", "/a-toke/", "/a-token2/", "/a-token2", "/b-token/", "/x/a-token/"])
def test_other_paths_are_refused(guarded: TestClient, path: str) -> None:
    answer = guarded.get(path)
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert "content-security-policy" in answer.headers
    assert answer.json()["detail"] == "The address needs the token that cliffscape.show() gives."
    assert guarded.post(path, json={}).status_code == 403


def test_everything_is_below_the_token(guarded: TestClient) -> None:
    for path in ("/", "/healthz", "/catalogue.json"):
        assert guarded.get(f"{PATH}{path}").status_code == 200
    assert guarded.post(f"{PATH}/frames", json={"scene": {"landscape": {"kind": "saddle"}}, "kinds": []}).is_success


def test_a_notebook_on_another_origin_finds_out_that_the_server_is_there(guarded: TestClient) -> None:
    other = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    answer = guarded.get(f"{PATH}/{PROBE}", headers=other)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert guarded.get(f"/{PROBE}", headers=other).status_code == 403


def test_the_slash_at_the_end_is_added(guarded: TestClient) -> None:
    answer = guarded.get(f"{PATH}?steps=7", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, "a-token/?steps=7")


def test_a_path_with_other_letters_is_refused(guarded: TestClient) -> None:
    assert guarded.get("/a-tok\u00e9n/").status_code == 403


def test_tokens_are_long_differ_and_are_valid_paths() -> None:
    some = {token_path() for _ in range(20)}
    assert len(some) == 20 and all(len(path) == 33 for path in some)
    assert all(Settings(root_path=path).root_path == path for path in some)
