"""Addresses and frames that a page offers to others."""

import html
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests import node

PROGRAM = """
import { frameOf, isLoopback, notebookFrameOf, sharedAddress } from "./js/views/share/shared_address.js";
const [address, title] = ["http://a.example/?landscape=ravine&embed&show=a,b", 'Ravine <"&"> x'];
const cases = JSON.parse(process.argv[2]);
console.log(JSON.stringify({
  shared: cases.map(([query, here, network]) => sharedAddress(query, here, network)),
  loopback: cases.map(([, here]) => isLoopback(here)),
  frame: frameOf(address, title, 500),
  notebook: notebookFrameOf(address, 500),
}));
"""
ROOM = "http://192.168.1.5:8000/"
# A query, the page's own address and the server's address on other machines; what others open.
CASES = [
    ("steps=7&embed&show=a,b", "http://127.0.0.1:8000/?x#y", ROOM, f"{ROOM}?steps=7&embed&show=a,b"),
    ("start=1,0.5", "http://localhost:8000/", ROOM, f"{ROOM}?start=1,0.5"),
    ("", "http://[::1]:8000/?steps=7", ROOM, ROOM),
    ("steps=7", "http://127.0.0.1:8000/", "", "http://127.0.0.1:8000/?steps=7"),
    ("steps=7", "https://hub.example.org/proxy/8000/?steps=9", ROOM, "https://hub.example.org/proxy/8000/?steps=7"),
]


@pytest.fixture(scope="module")
def answers(scripts: Path) -> dict[str, Any]:
    """What the scripts return."""
    (scripts / "program.js").write_text(PROGRAM, encoding="utf-8")
    command = [node.executable(), str(scripts / "program.js"), json.dumps([case[:3] for case in CASES])]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    content: dict[str, Any] = json.loads(answer.stdout)
    return content


def test_others_open_the_address_that_leads_to_the_server(answers: dict[str, Any]) -> None:
    assert answers["shared"] == [case[3] for case in CASES]
    assert answers["loopback"] == [True, True, True, True, False]


def test_a_frame_has_a_title_a_size_and_waits_until_it_is_in_sight(answers: dict[str, Any]) -> None:
    attributes = {name: html.unescape(value) for name, value in re.findall(r'(\w+)="([^"]*)"', answers["frame"])}
    assert attributes == {
        "src": "http://a.example/?landscape=ravine&embed&show=a,b",
        "title": 'Ravine <"&"> x',
        "width": "100%",
        "height": "500",
        "loading": "lazy",
        "style": "border: 0",
    }


def test_the_frame_of_a_notebook_is_python(answers: dict[str, Any]) -> None:
    compile(answers["notebook"], "cell", "exec")
    assert (
        'IFrame("http://a.example/?landscape=ravine&embed&show=a,b", width="100%", height=500)' in answers["notebook"]
    )
