"""The application: it answers at once, warms up in the background, and stops its worker."""

import logging
import threading

import pytest
from fastapi.testclient import TestClient

from cliffscape.app.main import create_app
from cliffscape.app.settings import Settings
from cliffscape.app.web.engine import ProcessEngine


def worker_threads() -> list[str]:
    """Names of the compute workers' threads."""
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("worker ")]


def test_the_worker_lives_as_long_as_the_application(settings: Settings) -> None:
    before = len(worker_threads())
    app = create_app(settings)
    for _ in range(2):  # and may be started again
        with TestClient(app) as client:
            assert len(worker_threads()) == before + 1
            assert client.post("/frames", json={"scene": {}, "kinds": ["surface"]}).status_code == 200
        assert len(worker_threads()) == before


def test_health_does_not_wait_for_warming(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    began, go_on = threading.Event(), threading.Event()

    def slow(self: ProcessEngine, parts: object, costs: object) -> object:
        began.set()
        go_on.wait(10)
        yield b""

    monkeypatch.setattr(ProcessEngine, "_make", slow)
    with TestClient(create_app(settings.model_copy(update={"warm": True}))) as client:
        assert began.wait(10)
        assert client.get("/healthz").json()["worker"]["active"] == 1
        go_on.set()


def test_a_failure_while_warming_is_only_logged(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    logged = threading.Event()

    async def failing(self: ProcessEngine) -> None:
        logged.set()
        raise RuntimeError("cold")

    monkeypatch.setattr(ProcessEngine, "warm", failing)
    with (
        caplog.at_level(logging.ERROR),
        TestClient(create_app(settings.model_copy(update={"warm": True}))) as client,
    ):
        assert logged.wait(10)
        assert client.get("/healthz").status_code == 200
    assert "cold" in caplog.text


@pytest.mark.parametrize("removed", [False, True], ids=["kept", "removed"])
def test_the_page_is_served_under_a_root_path(settings: Settings, removed: bool) -> None:
    app = create_app(settings.model_copy(update={"root_path": "/some/prefix"}))
    prefix = "" if removed else "/some/prefix"
    with TestClient(app) as client:
        for path in ("/", "/catalogue.json", "/healthz", f"/{app.state.assets.address}/js/main.js"):
            assert client.get(prefix + path).status_code == 200
        answer = client.post(f"{prefix}/frames", json={"scene": {"landscape": {"kind": "saddle"}}, "kinds": []})
        assert answer.status_code == 200
        assert client.get("/some/prefixes/").status_code == client.get("/some/").status_code == 404


def test_a_root_path_without_its_slash_leads_to_the_page(settings: Settings) -> None:
    with TestClient(create_app(settings.model_copy(update={"root_path": "/some/prefix"}))) as client:
        answer = client.get("/some/prefix?steps=7", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (308, "prefix/?steps=7")
        assert client.get("/some/prefix?steps=7").url.path == "/some/prefix/"
