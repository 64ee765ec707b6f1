"""Pages: they contain the data for their first paint, and ignore what is invalid in a link."""

import base64
import html
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from cliffscape.app.main import create_app
from cliffscape.app.scene.links import from_query
from cliffscape.app.scene.schema import DEFAULT, Scene
from cliffscape.app.settings import Settings
from cliffscape.app.web.engine import ProcessEngine
from cliffscape.app.web.pages import read_link, script_safe
from tests.app.decoding import decode
from tests.app.lessons.test_lesson import GOOD


def opening(text: str) -> dict[str, Any]:
    """The data inside the page."""
    found = re.search(r'<script type="application/json" id="opening">(.*?)</script>', text, re.S)
    assert found is not None
    content: dict[str, Any] = json.loads(found[1], parse_constant=pytest.fail)
    return content


@pytest.mark.parametrize("gpu", [False, True])
def test_a_server_with_a_gpu_computes_all_outcome_maps(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, gpu: bool
) -> None:
    monkeypatch.setattr(ProcessEngine, "gpu", gpu)
    assert opening(client.get("/").text)["maps_on_server"] is False, "the tests' setting"
    use_setting(client, monkeypatch, "auto")
    assert opening(client.get("/").text)["maps_on_server"] is gpu


def use_setting(client: TestClient, monkeypatch: pytest.MonkeyPatch, choice: str) -> None:
    """Let the server of ``client`` have another setting of outcome maps."""
    engine = client.app.state.engine  # type: ignore[attr-defined]
    monkeypatch.setattr(engine, "settings", engine.settings.model_copy(update={"outcome_maps": choice}))


@pytest.mark.parametrize(
    ("choice", "host", "forwarded", "expected"),
    [
        ("auto", "127.0.0.1:8000", {}, True),
        ("auto", "localhost:8000", {}, True),
        ("auto", "[::1]:8000", {}, True),
        ("auto", "192.168.1.5:8000", {}, False),
        ("auto", "127.0.0.1:8000", {"X-Forwarded-For": "192.168.1.9"}, False),
        ("browser", "127.0.0.1:8000", {}, False),
        ("server", "192.168.1.5:8000", {}, True),
    ],
)
def test_a_browser_on_the_same_machine_leaves_maps_to_the_server(
    client: TestClient,
    monkeypatch: pytest.MonkeyPatch,
    choice: str,
    host: str,
    forwarded: dict[str, str],
    expected: bool,
) -> None:
    use_setting(client, monkeypatch, choice)
    monkeypatch.setattr(client._transport, "client", ("127.0.0.1", 5))  # type: ignore[attr-defined]
    answer = client.get("/", headers={"Host": host, **forwarded})
    assert opening(answer.text)["maps_on_server"] is expected


def test_a_page_holds_its_scene_and_first_frames(client: TestClient) -> None:
    answer = client.get("/?landscape=ravine&steps=7")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    data = opening(answer.text)
    assert Scene.model_validate(data["scene"]) == Scene.model_validate({"landscape": {"kind": "ravine"}, "steps": 7})
    assert data["catalogue"] == client.get("/catalogue.json").json()
    frames = [decode(base64.b64decode(text))[0] for text in data["frames"]]
    assert [frame.label for frame in frames] == ["surface 33", "kernel"]
    assert data["notice"] == []


def test_every_file_of_a_page_exists_and_is_immutable(client: TestClient, settings: Settings) -> None:
    answer = client.get("/")
    data = opening(answer.text)
    modules = re.findall(r"'([^' ]*\.js[^']*)'", html.unescape(answer.text.partition("</script>")[2]))
    assert f"{data['assets']}/js/main.js" in modules
    assert len([module for module in modules if module.startswith("kernels/")]) == 3
    for address in [*modules, f"{data['assets']}/page.css"]:
        found = client.get(address)
        assert found.status_code == 200, address
        assert found.headers["cache-control"] == "public, max-age=31536000, immutable"


BAD = [
    ("clip.threshold=-1&steps=7", {"steps": 7}, ["Threshold v (clip.threshold) must be at least 1e-06, got -1"]),
    ("foo=1&steps=7", {"steps": 7}, ["foo is unknown; the known names are "]),
    ("landscape=x&landscape.condition_number=3&steps=7", {"steps": 7}, ["Landscape must be one of "]),
    ("start=9,9&steps=7", {"steps": 7}, ["Start must be inside a window of the landscape "]),
    ("window=x&steps=0", {}, ["Steps must be at least 1, got 0", "Window must be one of descent, paper "]),
    (
        "optimizer=adam&clip.threshold=nan",
        {"optimizer": {"kind": "adam"}},
        ["Threshold v (clip.threshold) must be a finite number"],
    ),
    (
        "landscape.=1&.=2&steps=7",
        {"steps": 7},
        ["landscape. is not a parameter of one_unit_rnn", ". is unknown"],
    ),
]


@pytest.mark.parametrize(("query", "kept", "sentences"), BAD, ids=[query for query, _, _ in BAD])
def test_a_bad_link_falls_back_with_a_notice(
    client: TestClient, query: str, kept: dict[str, Any], sentences: list[str]
) -> None:
    answer = client.get(f"/?{query}")
    data = opening(answer.text)
    assert answer.status_code == 200
    assert Scene.model_validate(data["scene"]) == Scene.model_validate(kept)
    assert len(data["notice"]) == len(sentences)
    for said, expected in zip(data["notice"], sentences, strict=True):
        assert said.startswith(expected)


def test_links_are_escaped(client: TestClient) -> None:
    attack = "</script><script>alert(1)</script>"
    answer = client.get("/", params={attack: attack, "clip": attack, "steps": attack})
    assert "<script>alert" not in answer.text
    assert "</script><script" not in answer.text
    assert len(opening(answer.text)["notice"]) == 3


def test_script_safe_json_reads_back() -> None:
    value = {"a": "</script><!--", "b": [1.5, None, "ü\u2028"]}
    assert "<" not in script_safe(value)
    assert json.loads(script_safe(value)) == value


def test_a_link_with_ten_thousand_parts_is_parsed_quickly() -> None:
    scene, notice = read_link({f"clip.k{k}": "x" * 10 for k in range(10_000)} | {"steps": "7"})
    assert scene.steps == 7
    assert len(notice) == 20
    assert max(map(len, notice)) < 300


def test_an_empty_link_is_the_default() -> None:
    assert read_link({}) == (DEFAULT, [])


@pytest.fixture(scope="module")
def teacher(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of a server with a teacher's folder: a good lesson and a broken one."""
    folder = tmp_path_factory.mktemp("lessons")
    (folder / "own.md").write_text(GOOD, encoding="utf-8")
    (folder / "plot.svg").write_text("<svg/>", encoding="utf-8")
    (folder / "other.png").write_bytes(b"1")
    (folder / "shown.md").write_text(GOOD.replace("After.", "![a plot](plot.svg)"), encoding="utf-8")
    (folder / "broken.md").write_text(GOOD.replace("[3]", "[99]"), encoding="utf-8")
    with TestClient(create_app(settings.model_copy(update={"lessons_folder": folder}))) as running:
        yield running


def test_a_lessons_link_has_its_scene(teacher: TestClient) -> None:
    data = opening(teacher.get("/?lesson=own").text)
    assert Scene.model_validate(data["scene"]) == from_query({"start": "4.6,-1.7", "steps": "20"})
    assert data["lesson"]["name"] == "own"
    assert data["notice"] == []


def test_a_lesson_can_be_open_with_another_scene(teacher: TestClient) -> None:
    data = opening(teacher.get("/?lesson=own&steps=7").text)
    assert Scene.model_validate(data["scene"]) == Scene(steps=7)
    assert data["lesson"]["name"] == "own"


def test_a_lesson_with_a_bad_scene_in_the_link_has_its_own_scene(teacher: TestClient) -> None:
    data = opening(teacher.get("/?lesson=own&steps=0").text)
    assert data["scene"]["steps"] == 20
    assert data["notice"] == ["Steps must be at least 1, got 0"]


@pytest.mark.parametrize("query", ["lesson=own&utm_source=mail", "fbclid=x&lesson=own"])
def test_tracking_parameters_do_not_change_the_page(teacher: TestClient, query: str) -> None:
    data = opening(teacher.get(f"/?{query}").text)
    assert (data["scene"]["steps"], data["lesson"]["name"], data["notice"]) == (20, "own", [])
    data = opening(teacher.get("/?steps=7&gclid=x").text)
    assert (data["scene"]["steps"], data["notice"]) == (7, [])


def test_a_missing_lesson_is_reported(teacher: TestClient) -> None:
    data = opening(teacher.get("/", params={"lesson": "<script>", "steps": "7"}).text)
    assert data["lesson"] is None
    assert data["scene"]["steps"] == 7
    assert data["notice"] == ["lesson must be the name of one of the lessons here, got '<script>'"]


def test_a_page_lists_the_lessons_and_reports_broken_ones(teacher: TestClient) -> None:
    data = opening(teacher.get("/").text)
    assert data["lesson"] is None
    listed = [{"name": name, "title": "A lesson", "part": "", "claims": [3]} for name in ("own", "shown")]
    assert data["lessons"]["listed"] == listed
    assert data["lessons"]["faults"] == ["broken.md:3: claims must be at most 17, got 99"]


def test_a_full_lesson_is_immutable(teacher: TestClient) -> None:
    data = opening(teacher.get("/?lesson=own").text)
    address = data["lessons"]["address"]
    answer = teacher.get(f"{address}/own.json")
    assert answer.json() == data["lesson"]
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    for missing in (f"{address}/broken.json", "/lessons/0000/own.json"):
        assert teacher.get(missing).status_code == 404


def test_an_image_of_a_lesson_is_served_and_no_other_file(teacher: TestClient) -> None:
    found = re.search(r'src="(lesson-images/[^"]+)"', opening(teacher.get("/?lesson=shown").text)["lesson"]["reveal"])
    assert found is not None
    answer = teacher.get(found[1])
    assert (answer.status_code, answer.text) == (200, "<svg/>")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    for name in ("plot.svg", "other.png", "own.md", "..%2Fown.md", "../own.md", found[1][14:-4] + ".png"):
        assert teacher.get(f"/lesson-images/{name}").status_code == 404


def test_a_busy_server_still_serves_the_page(settings: Settings) -> None:
    app = create_app(settings)
    with TestClient(app) as client:
        app.state.engine.worker.turns.slots = app.state.engine.worker.queue_length = 0
        data = opening(client.get("/?landscape=saddle").text)
    assert data["frames"] == []
    assert data["scene"]["landscape"]["kind"] == "saddle"
