"""The page that reads a log: its tables, and its parts over HTTP."""

import json
import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from cliffscape.app.advice.code_lines import code_lines
from cliffscape.app.logs.log_format import FORMATS
from cliffscape.app.main import create_app
from cliffscape.app.settings import Settings
from cliffscape.app.web.your_run.page import your_run
from cliffscape.landscapes.advice import spikes


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    """A client of an application with the real templates and scripts."""
    with TestClient(create_app(Settings(warm=False, device="cpu", threads=1))) as running:
        yield running


def test_the_tables_are_those_of_python() -> None:
    found = json.loads(json.dumps(your_run(), allow_nan=False))
    labels = [one["label"] for one in found["formats"]]
    assert set(labels) == {one.label for one in FORMATS.values()}
    assert found["rules"]["spikes"]["TIMES"] == spikes.TIMES
    assert {name: line.replace("{threshold}", "1.8") for name, line in found["code"].items()} == code_lines(1.8)
    column = found["formats"][0]["columns"]["norm"][0]
    assert column.keys() == {"pattern", "place", "restarts"}


def test_the_page_and_its_script(client: TestClient) -> None:
    answer = client.get("/your-run")
    assert answer.status_code == 200 and answer.headers["content-type"] == "text/html; charset=utf-8"
    tables = re.search(r'<script type="application/json" id="tables">(.*?)</script>', answer.text, re.S)
    assert tables is not None and json.loads(tables[1]) == json.loads(json.dumps(your_run()))
    script = re.search(r'<script type="module" src="([^"]+)">', answer.text)
    assert script is not None
    joined = client.get(f"/{script[1]}")
    assert joined.status_code == 200 and "needModule" in joined.text and "log_worker" in joined.text
    # It sends nothing.
    assert not re.search(r"\bfetch\(|XMLHttpRequest|sendBeacon|WebSocket", joined.text)


def test_the_modules_of_clips(client: TestClient) -> None:
    assert your_run()["modules"] == {"zclip": "your-run/zclip.js"}
    answer = client.get("/your-run/zclip.js")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/javascript")
    assert "export function update(parameters, gradient, state0, state1, state2)" in answer.text
    for kind in ("autoclip", "none", "x"):
        assert client.get(f"/your-run/{kind}.js").status_code == 404


def test_the_main_page_links_to_it(client: TestClient) -> None:
    assert 'href="your-run"' in client.get("/").text
