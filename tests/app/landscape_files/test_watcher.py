"""A server with the user's own file: it takes a new version over, and keeps the old one if the new one has errors."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from cliffscape.app.landscape_files import watcher
from cliffscape.app.landscape_files.loader import LOADED
from cliffscape.app.landscape_files.watcher import Watcher
from tests.app.decoding import decode
from tests.app.landscape_files.bad_files import GOOD, with_body
from tests.app.test_server import expect_end
from tests.app.web.test_server import serve_command

SECONDS = 100  # how long a test waits for something before it fails


def save(path: Path, text: str) -> None:
    """Save a file as editors do: no reader sees a half-written file."""
    written = path.with_suffix(".written")
    written.write_text(text, encoding="utf-8")
    written.replace(path)


def await_state(url: str, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """What the server says about the file, once it is as ``wanted``. No connection may be refused meanwhile."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        try:
            state: dict[str, Any] = httpx2.get(f"{url}landscape_files.json", timeout=SECONDS).json()
        except (httpx2.ReadError, httpx2.RemoteProtocolError):
            continue  # the server ended while it answered
        if wanted(state):
            return state
        time.sleep(0.05)
    pytest.fail("the server does not follow the file")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The file of a user."""
    path = tmp_path / "mine.py"
    save(path, GOOD)
    return path


def own_landscape(url: str) -> dict[str, Any]:
    """The user's landscape in the catalogue."""
    catalogue = httpx2.get(f"{url}catalogue.json", timeout=SECONDS).json()
    [found] = [one for one in catalogue["landscape"] if one["kind"] == "own_loss"]
    return dict(found)


def test_a_new_version_is_taken_over_and_no_connection_is_refused(file: Path) -> None:
    untraced = file.with_name("untraced.py")
    body = "return (theta**2).sum(-1) + 0 * (theta / 9).erfinv().sum(-1)"
    save(untraced, with_body(body).replace("own_", "untraced_"))
    with serve_command(warm="0", landscape_files=f"{file}{os.pathsep}{untraced}") as (process, url):
        assert process.stdout is not None
        reason = "aten.erfinv has no scalar form (untraced.py, line 15)."
        assert process.stdout.readline() == f"The server computes the runs of 'Untraced loss': {reason}\n"
        first = await_state(url, lambda state: True)
        assert first["watched"] and first["fault"] == ""
        assert own_landscape(url)["label"] == "Own loss"
        save(file, GOOD.replace("start=", "label='Newer loss', start="))
        await_state(url, lambda state: state["loaded"] != first["loaded"])
        assert own_landscape(url)["label"] == "Newer loss"
        assert process.stdout.readline() == "mine.py and untraced.py loaded again\n"
        process.send_signal(signal.SIGTERM)
        expect_end(process)


def test_a_version_with_an_error_leaves_the_old_one_and_the_page_says_so(file: Path) -> None:
    sentence = "mine.py, line 18: NameError: name 'missing' is not defined"
    with serve_command(warm="0", landscape_files=str(file)) as (process, url):
        first = await_state(url, lambda state: True)
        save(file, GOOD + "\nsize = missing\n")
        state = await_state(url, lambda state: bool(state["fault"]))
        assert state == {**first, "fault": sentence}
        page = httpx2.get(f"{url}?landscape=own_loss", timeout=SECONDS).text
        assert sentence in page
        assert str(file.parent) not in page
        scene = {"landscape": {"kind": "own_loss", "depth": 3}}
        answer = httpx2.post(f"{url}frames", json={"scene": scene, "kinds": ["surface"]}, timeout=SECONDS)
        assert "surface" in [frame.header["kind"] for frame in decode(answer.content)]
        save(file, GOOD)
        assert await_state(url, lambda state: not state["fault"]) == first
        process.send_signal(signal.SIGTERM)
        assert process.stderr is not None
        err = process.stderr.read()
        assert f"{sentence} (the page keeps the last version without errors)\n" in err
        assert "loader.py" not in err


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[str]]]:
    """The processes that load new versions. Each runs the newest content alone, which prints its answer."""
    started: list[subprocess.Popen[str]] = []

    def start(paths: list[Path]) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", paths[0].read_text(encoding="utf-8")]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        return started[-1]

    monkeypatch.setattr(watcher, "start_check", start)
    monkeypatch.setattr(watcher, "PAUSE", 0.01)
    yield started
    for process in started:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def await_that(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds."""
    until = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_version_in_an_endless_loop_ends_when_there_is_a_newer_one(
    file: Path, checks: list[subprocess.Popen[str]]
) -> None:
    restarted = threading.Event()
    own = Watcher([file])
    own.start(restarted.set)
    save(file, "while True: pass")
    await_that(lambda: bool(checks) and checks[-1].args[-1] == "while True: pass")  # type: ignore[index]
    endless = checks[-1]
    save(file, "print('\"\"')")
    assert restarted.wait(SECONDS)
    assert endless.returncode == -signal.SIGKILL
    assert own.fault == ""


def test_a_version_that_ends_python_has_a_sentence_too(file: Path, checks: list[subprocess.Popen[str]]) -> None:
    own = Watcher([file])
    own.start(lambda: None)
    save(file, "import os; os._exit(3)")
    await_that(lambda: own.fault.endswith("status 3 while loading"))
    assert own.fault == "mine.py: Python ended with status 3 while loading"
    own.stop()
    await_that(lambda: checks[-1].returncode is not None)


def test_a_server_without_own_files_follows_none() -> None:
    own = Watcher([])
    before = threading.active_count()
    own.start(lambda: None)
    assert threading.active_count() == before
    assert LOADED == {}
    assert own.contents == {"watched": False, "loaded": "", "fault": ""}
