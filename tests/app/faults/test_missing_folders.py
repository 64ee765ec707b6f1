"""Folders that vanish or are not there: the page is served all the same."""

import shutil
from pathlib import Path

import httpx2
import pytest
from fastapi.testclient import TestClient

from cliffscape.app.main import create_app
from cliffscape.app.settings import Settings
from tests.app.lessons.test_lesson import GOOD
from tests.app.web.test_pages import opening
from tests.app.web.test_server import serve_command


def test_a_folder_of_lessons_that_vanishes_takes_only_its_lessons_along(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "lessons"
    folder.mkdir()
    (folder / "own.md").write_text(GOOD, encoding="utf-8")
    with TestClient(create_app(settings.model_copy(update={"lessons_folder": folder}))) as client:
        before = opening(client.get("/?lesson=own").text)
        assert before["lesson"]["name"] == "own"
        address = f"{before['lessons']['address']}/own.json"
        shutil.rmtree(folder)
        after = opening(client.get("/?lesson=own").text)
        assert after["lesson"] is None and after["lessons"]["listed"] == []
        assert after["notice"] == ["lesson must be the name of one of the lessons here, got 'own'"]
        assert client.get(address).status_code == 404
        folder.mkdir()
        (folder / "own.md").write_text(GOOD, encoding="utf-8")
        assert opening(client.get("/?lesson=own").text)["lesson"]["name"] == "own"


@pytest.mark.parametrize("home", [None, "/proc/nowhere"], ids=["unset", "missing"])
def test_the_server_needs_no_home(home: str | None, tmp_path: Path) -> None:
    variables = ["-u", "HOME", "-u", "CLIFFSCAPE_CACHE_FOLDER", "XDG_CACHE_HOME=/proc/nowhere", f"TMPDIR={tmp_path}"]
    variables += [f"HOME={home}"] if home else []
    with serve_command("env", *variables, warm="0") as (process, url):
        scene = {"landscape": {"kind": "saddle"}, "map": "outcomes", "steps": 5}
        answer = httpx2.post(f"{url}frames", json={"scene": scene, "kinds": ["outcomes"]}, timeout=60)
        assert answer.status_code == 200 and answer.content.startswith(b"CLIF")
        assert httpx2.get(url, timeout=60).status_code == 200
        process.terminate()
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert list(tmp_path.glob("cliffscape-*")) == []
