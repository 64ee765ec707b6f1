"""The listener: a new start of the program takes it over."""

import os
import socket
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from cliffscape.app import command, listener
from cliffscape.app.listener import INHERITED, inherited_listener, open_listener, start_again


class StartError(Exception):
    """Instead of a new start of the test's process."""


def fail_to_start(*arguments: object) -> NoReturn:
    """A replacement that starts nothing."""
    raise StartError(*arguments)


def test_a_new_start_has_the_same_arguments_and_finds_the_same_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "execv", fail_to_start)
    # Otherwise the signals of this process would stay blocked.
    monkeypatch.setattr(listener, "block_signals", lambda: None)
    monkeypatch.setenv(INHERITED, "")
    with open_listener("127.0.0.1", 0) as first:
        address = first.getsockname()
        with pytest.raises(StartError) as caught:
            start_again(first)
        assert caught.value.args == (sys.executable, [sys.executable, *sys.orig_argv[1:]])
        assert os.get_inheritable(first.fileno())
        monkeypatch.setenv(INHERITED, str(os.dup(first.fileno())))
    again = inherited_listener()
    assert again is not None
    with again, socket.create_connection(address, timeout=10):
        assert again.getsockname() == address
        assert not os.get_inheritable(again.fileno())
    assert INHERITED not in os.environ


@pytest.mark.parametrize("number", ["", "none", "-1"])
def test_without_a_number_there_is_no_listener(monkeypatch: pytest.MonkeyPatch, number: str) -> None:
    monkeypatch.setenv(INHERITED, number)
    assert inherited_listener() is None


def test_a_new_start_waits_for_a_version_of_a_file_that_can_be_loaded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file may change between its check and the new start. The server must not end then."""
    monkeypatch.setattr(command, "RETRY_SECONDS", 0)
    monkeypatch.setattr(command, "start_again", fail_to_start)
    path = tmp_path / "mine.py"
    path.write_text("1 / 0\n", encoding="utf-8")
    with open_listener("127.0.0.1", 0) as inherited, pytest.raises(StartError):
        command.load_landscapes([path], inherited)
    assert capsys.readouterr().err.endswith("mine.py, line 1: ZeroDivisionError: division by zero\n")
