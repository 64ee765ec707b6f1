"""A cluster that cannot be used: a sentence, or the engine of this process. None of these tests starts a Ray."""

import logging
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cliffscape.app import cli
from cliffscape.app.cluster import connection
from cliffscape.app.cluster.connection import actor_settings, connect, create_engine
from cliffscape.app.settings import Settings
from cliffscape.app.web.engine import ProcessEngine
from cliffscape.landscapes.bound_error import BoundError

pytest.importorskip("ray", reason="The cluster needs Ray: make test-cluster.")
ADDRESSES = "local, or the address of a Ray such as ray://head:10001 or head:6379"


def closed_port() -> int:
    """A port of this machine on which nothing listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def sentence(**options: Any) -> str:
    """What is said about these settings."""
    with pytest.raises(BoundError) as error:
        create_engine(Settings(device="cpu", **options))
    return str(error.value)


def test_an_address_that_nobody_answers() -> None:
    address = f"ray://127.0.0.1:{closed_port()}"
    expected = f"cluster must be {ADDRESSES} that can be reached, got {address} (Connection refused)"
    assert sentence(cluster=address) == expected
    assert sentence(cluster="head") == f"cluster must be {ADDRESSES}, got head"
    result = CliRunner().invoke(cli.cli, ["serve", "--port", "0", "--cluster", address])
    assert (result.exit_code, result.output) == (2, f"{expected}\n")


def test_an_optional_cluster_is_replaced_by_this_process(caplog: pytest.LogCaptureFixture) -> None:
    settings = Settings(device="cpu", cluster="head", cluster_optional=True)
    with caplog.at_level(logging.WARNING):
        assert isinstance(create_engine(settings), ProcessEngine)
    assert caplog.messages == [f"cluster must be {ADDRESSES}, got head. This process computes instead."]
    assert isinstance(create_engine(Settings(device="cpu")), ProcessEngine)


def test_a_port_that_answers_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "JOIN_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        assert sentence(cluster=address) == f"cluster must be {ADDRESSES} that answers within 0.1 s, got {address}"


def test_a_ray_of_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    words = "RuntimeError: Version mismatch: The cluster was started with:\n    Ray: 2.9.0\n    Python: 3.9.1"
    failed = subprocess.CompletedProcess([], 1, "", words)
    monkeypatch.setattr(subprocess, "run", lambda *arguments, **options: failed)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        assert sentence(cluster=address) == (
            f"cluster must be {ADDRESSES} that this version can join, got {address}: RuntimeError: Version mismatch: "
            "The cluster was started with: Ray: 2.9.0 Python: 3.9.1"
        )


def test_ray_is_missing_or_has_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAY_AUTH_MODE", "disabled")
    with pytest.raises(BoundError, match="RAY_AUTH_MODE must be token, or unset, got disabled"):
        connect("local")
    monkeypatch.setattr(connection, "find_spec", lambda name: None)
    expected = "cluster must be used with Ray: pip install 'cliffscape[cluster]', got no package ray"
    assert sentence(cluster="local") == expected


def test_a_model_of_this_process_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "VIEWS", {"net": object()})
    expected = "cluster must be used without --model and --landscapes, which actors do not have, got --model"
    assert sentence(cluster="local") == expected


def test_landscape_files_are_refused(tmp_path: Path) -> None:
    assert sentence(cluster="local", landscape_files=(tmp_path / "own.py",)).endswith("got --landscapes")


def test_actors_have_the_settings_of_the_server_but_for_their_device() -> None:
    given = dict(actor_settings(Settings(cluster="local", slots=3, text_file=Path("somewhere.txt")), True, 4))
    assert len(given.pop("text")) > 1000
    own = Settings(**given)
    assert (own.slots, own.device, own.threads, own.cluster, own.text_file) == (3, "cuda", 4, "", None)


def test_the_option_without_an_address_is_a_local_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[str, Any]] = []

    def load_settings(options: dict[str, Any]) -> None:
        seen.append(options)
        raise SystemExit

    monkeypatch.setattr(cli, "load_settings", load_settings)
    for line in (["--cluster"], ["--cluster", "--port", "0"], ["--port", "0", "--cluster", "head:6379"], []):
        CliRunner().invoke(cli.cli, ["serve", *line])
    assert [one["cluster"] for one in seen] == ["local", "local", "head:6379", None]
