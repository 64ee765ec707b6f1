"""Every file that the server sends: its type, its name after landscape and outcome, and the link and version in it."""

import html
import io
import re
from collections.abc import Iterator
from urllib.parse import urlencode

import numpy as np
import pytest
from fastapi.testclient import TestClient

from cliffscape.app.frames import outcomes
from cliffscape.app.main import create_app
from cliffscape.app.scene.links import from_query, parse_link, to_query
from cliffscape.app.scene.metadata import version
from cliffscape.app.scene.requirements import SERVER_STEPS
from cliffscape.app.settings import Settings
from cliffscape.app.web.exports.responses import EXPORTS, TYPES

SADDLE = {"landscape": "saddle", "steps": "5"}
NETWORK = {"landscape": "recurrent_network", "landscape.batch_size": "4", "cell.hidden_units": "4"}
NETWORK |= {"task.sequence_length": "10", "updates": "3"}
# A lesson is named after its title, and the curves of a training run belong to a network.
QUERIES = {
    "lesson.md": {**SADDLE, "ask": "thrown", "ask.question": "Is it thrown?"},
    "training.csv": NETWORK,
    "training.npz": NETWORK,
}
NAMES = {"lesson.md": r"is-it-thrown\.md"}
NAMES |= {f"training.{format}": rf"recurrent-network-not-solved-training\.{format}" for format in ("csv", "npz")}


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    """A server with all static files, of which a page of its own consists."""
    with TestClient(create_app(Settings(warm=False, device="cpu"))) as client:
        yield client


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Outcome maps with few cells."""
    monkeypatch.setattr(outcomes, "LEVELS", (3, 5))


def text_of(content: bytes) -> str:
    """What a file says about itself: its text, or the texts of an archive."""
    if content[:2] != b"PK":
        return html.unescape(content.decode())
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return f"Cliffscape {arrays['version']} {arrays['link']}"


@pytest.mark.parametrize("name", EXPORTS)
def test_every_file_has_its_name_and_says_its_link_and_version(client: TestClient, name: str) -> None:
    query = QUERIES.get(name, SADDLE)
    answer = client.get(f"/exports/{name}", params=query)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == TYPES[EXPORTS[name].format]
    found = re.fullmatch(r'attachment; filename="(.+)"', answer.headers["content-disposition"])
    assert found
    assert re.fullmatch(NAMES.get(name, rf"saddle-not-converged(-[a-z-]+)?\.{EXPORTS[name].format}"), found[1])
    text = text_of(answer.content)
    assert f"Cliffscape {version()}" in text or f'"version": "{version()}"' in text
    chosen, _ = parse_link(urlencode(query))
    assert urlencode(to_query(from_query(chosen))) in text


def test_files_of_one_run_have_names_of_their_own(client: TestClient) -> None:
    names = {name: client.get(f"/exports/{name}", params=SADDLE).headers for name in EXPORTS if name not in QUERIES}
    assert {name: headers["content-disposition"].split('"')[1] for name, headers in names.items()} == {
        **{f"run.{format}": f"saddle-not-converged.{format}" for format in ("csv", "json", "npz", "py")},
        **dict.fromkeys(("page.html", "page_with_relief.html"), "saddle-not-converged.html"),
        "training_loop.md": "saddle-not-converged-by-norm-training-loop.md",
        **{f"outcomes.{format}": f"saddle-not-converged-outcomes.{format}" for format in ("csv", "npz")},
        **{f"sweep.{format}": f"saddle-not-converged-sweep.{format}" for format in ("csv", "npz")},
    }


def test_a_run_that_takes_long_is_not_computed_for_a_name(client: TestClient) -> None:
    query = {"landscape": "saddle", "steps": str(SERVER_STEPS + 1)}
    name = client.get("/exports/training_loop.md", params=query).headers["content-disposition"]
    assert name == 'attachment; filename="saddle-by-norm-training-loop.md"'
