"""The document of a page of its own: its size, its policy, and no address of another file."""

import base64
import functools
import gzip
import hashlib
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from fastapi.testclient import TestClient

from cliffscape.app.compute.encoding import decode
from cliffscape.app.main import create_app
from cliffscape.app.scene.links import from_query
from cliffscape.app.scene.metadata import version
from cliffscape.app.settings import Settings
from cliffscape.app.web.assets.folder import PLOTLY
from cliffscape.app.web.page_file.document import compute_page_file
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.generators import run_to_end
from tests.app.frames.test_surface import workspace

MOST_BYTES = 600_000
SERVER = "http://lab.example:8000/"
LINKS = ("src", "href", "srcset", "action", "data", "poster")


class Document(HTMLParser):
    """The attributes of all elements, and the texts of scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.scripts: list[tuple[dict[str, str], str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, {name: value or "" for name, value in attributes}))

    def handle_data(self, data: str) -> None:
        """Note the text of a script."""
        if self.elements and self.elements[-1][0] == "script" and data.strip():
            self.scripts.append((self.elements[-1][1], data))

    def meta(self, name: str) -> str:
        """The content of a meta element."""
        named = (values for tag, values in self.elements if tag == "meta")
        return next(one["content"] for one in named if name in (one.get("name"), one.get("http-equiv")))


def page_of(query: dict[str, str], server: str = SERVER) -> tuple[str, str]:
    """The name and the text of the file of a link."""
    return computed(frozenset(query.items()), server)


@functools.cache
def computed(query: frozenset[tuple[str, str]], server: str) -> tuple[str, str]:
    """The file of a link, once for all tests."""
    found = run_to_end(compute_page_file(from_query(dict(query)), workspace(), Settings(), server))
    return found.name, found.content.decode()


def content_of(text: str) -> dict[str, Any]:
    """The unpacked content of a file."""
    found = re.search(r'id="content">([^<]+)<', text)
    assert found is not None
    content: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(found[1])))
    return content


@pytest.mark.parametrize("kind", [entry.kind for entry in LANDSCAPES])
def test_every_landscape_is_exported_or_refused_with_a_sentence(kind: str) -> None:
    scene = from_query({"landscape": kind})
    if scene.no_kernel:
        with pytest.raises(BoundError, match=rf"^landscape must be .* can compute: .*, got {scene.surface.label}$"):
            page_of({"landscape": kind})
        return
    name, text = page_of({"landscape": kind})
    assert name.startswith(kind.replace("_", "-")) and name.endswith(".html")
    assert len(text.encode()) <= MOST_BYTES
    assert scene.surface.label in text


def test_the_document_refers_to_no_other_file() -> None:
    document = Document(page_of({})[1])
    found = [values[name] for _, values in document.elements for name in LINKS if name in values]
    # A button of the outcome map.
    assert set(found) == {"#"}
    assert not {tag for tag, _ in document.elements} & {"link", "img", "iframe", "object", "embed", "base"}
    assert not re.search(r"@import|url\(", page_of({})[1])


def test_only_its_own_scripts_run() -> None:
    document = Document(page_of({})[1])
    policy = dict(part.split(" ", 1) for part in document.meta("Content-Security-Policy").split("; "))
    code = [text for values, text in document.scripts if values.get("type") != "text/plain"]
    hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in code]
    assert policy["script-src"].split() == [*hashes, "blob:", "'wasm-unsafe-eval'"]
    assert policy["default-src"] == "'none'"
    assert not any("http" in value or "'unsafe-eval'" in value for value in policy.values())


def test_the_file_says_its_link_and_its_version() -> None:
    query = {"landscape": "ravine", "steps": "20"}
    text = page_of(query)[1]
    document = Document(text)
    assert document.meta("generator") == f"Cliffscape {version()}"
    assert document.meta("dcterms.source") == f"{SERVER}?landscape=ravine&steps=20"
    assert content_of(text)["opening"]["server"] == SERVER
    # Without a server the link has no address, and there is nothing to copy.
    alone = page_of(query, "")[1]
    assert Document(alone).meta("dcterms.source") == "?landscape=ravine&steps=20"
    assert 'id="share" hidden' in alone and 'id="share" hidden' not in text


def test_a_long_run_is_not_computed_for_the_name_of_its_file() -> None:
    assert page_of({"landscape": "outlier", "steps": "100000"})[0] == "outlier.html"


def test_the_relief_comes_with_plotly() -> None:
    scene = from_query({"landscape": "saddle"})
    text = run_to_end(compute_page_file(scene, workspace(), Settings(), relief=True)).content.decode()
    content = content_of(text)
    assert content["opening"]["plotly"] == f"script:{PLOTLY}"
    assert content["scripts"][PLOTLY] == (Settings().static_folder / PLOTLY).read_text("utf-8")
    relief = decode(base64.b64decode(content["opening"]["relief"]))
    assert (relief.kind, relief.fields["lines"]) == ("relief", 129)
    without = content_of(page_of({"landscape": "saddle"})[1])
    assert (without["opening"]["plotly"], without["opening"]["relief"]) == ("", "")
    assert PLOTLY not in without["scripts"]


def test_equal_scenes_give_equal_files() -> None:
    assert page_of({"landscape": "saddle"}) == page_of({"landscape": "saddle"})


def test_what_needs_a_server_is_not_in_the_file() -> None:
    text = page_of({})[1]
    for name in ("gallery", "lesson", "lesson-list", "export", "wall", "whole-network", "study"):
        assert f'id="{name}"' not in text
    assert "One-unit RNN" in text


def test_the_server_sends_the_file() -> None:
    with TestClient(create_app(Settings(warm=False, device="cpu"))) as client:
        answer = client.get("/exports/page.html?landscape=saddle&steps=5")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.headers["content-disposition"] == 'attachment; filename="saddle-not-converged.html"'
        assert content_of(answer.text)["opening"]["server"] == "http://testserver/"
        with_relief = client.get("/exports/page_with_relief.html?landscape=saddle&steps=5")
        assert content_of(with_relief.text)["opening"]["relief"]
        refused = client.get("/exports/page.html?landscape=recurrent_network")
        assert refused.status_code == 422
        assert "got Recurrent network" in refused.json()["detail"]
