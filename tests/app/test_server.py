"""The server's process: what it says at the start, and how it ends. ``web/test_server.py`` tests it over sockets."""

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest

from cliffscape.app import server
from cliffscape.app.listener import open_listener
from cliffscape.app.settings import Settings
from cliffscape.app.web.sharing import addresses
from cliffscape.app.web.sharing.qr_code import qr_text
from tests.app.decoding import decode
from tests.app.web.test_server import connect, post_request, serve, serve_command
from tests.landscapes.processes import is_running, needs_proc
from tests.processes.forked import Forked


def sentences(settings: Settings) -> list[str]:
    """What the server says, with PORT for its port."""
    with open_listener("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        return [one.replace(f":{port}/", ":PORT/") for one in server.announcements(settings, port)]


@pytest.mark.parametrize(
    ("host", "url"),
    [("127.0.0.1", "http://127.0.0.1:PORT/"), ("::1", "http://[::1]:PORT/"), ("lab-3", "http://lab-3:PORT/")],
)
def test_one_address_is_one_sentence(host: str, url: str) -> None:
    assert sentences(Settings(host=host)) == [f"Cliffscape is at {url} (Ctrl-C stops it)"]


def test_all_addresses_come_with_the_names_that_are_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "own_addresses", lambda everywhere: ["192.168.1.5"])
    settings = Settings(host="0.0.0.0", allowed_hosts=("lab.example.org",), root_path="/cliffs")
    assert sentences(settings) == [
        "Cliffscape is at http://127.0.0.1:PORT/cliffs/ (Ctrl-C stops it)",
        "Other machines reach it at http://192.168.1.5:PORT/cliffs/",
        "It answers to every IP address of this machine and to localhost, lab.example.org.",
        "Add names with --allowed-hosts, such as --allowed-hosts lab.example.org.",
    ]


def test_a_machine_without_a_network_has_no_other_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "own_addresses", lambda everywhere: [])
    said = sentences(Settings(host="::", allowed_hosts=()))
    assert said[0] == "Cliffscape is at http://[::1]:PORT/ (Ctrl-C stops it)"
    assert said[1] == "It answers to every IP address of this machine and to localhost."


def test_asking_for_the_own_address_sends_nothing_and_never_fails() -> None:
    elsewhere = [everywhere.elsewhere for everywhere in addresses.EVERYWHERE.values()]
    for everywhere in addresses.EVERYWHERE.values():
        address = addresses.own_address(everywhere)
        assert address is None or address not in elsewhere


def test_several_addresses_are_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "own_addresses", lambda everywhere: ["192.168.1.5", "10.0.0.7"])
    said = sentences(Settings(host="0.0.0.0", allowed_hosts=()))
    assert said[1] == "Other machines reach it at http://192.168.1.5:PORT/ or http://10.0.0.7:PORT/"


class Terminal(io.StringIO):
    """An output with an encoding, which is a terminal or not."""

    def __init__(self, interactive: bool, encoding: str = "utf-8") -> None:
        super().__init__()
        self.interactive, self.own = interactive, encoding

    encoding = property(lambda self: self.own)  # type: ignore[assignment]

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self.interactive


@pytest.mark.parametrize(
    ("wanted", "interactive", "encoding", "printed"),
    [
        (None, True, "utf-8", True),
        (None, False, "utf-8", False),
        (True, False, "utf-8", True),
        (False, True, "utf-8", False),
        (None, True, "ascii", False),
    ],
)
def test_the_code_of_the_rooms_address_is_printed_in_a_terminal(
    monkeypatch: pytest.MonkeyPatch, wanted: bool | None, interactive: bool, encoding: str, printed: bool
) -> None:
    monkeypatch.setattr(addresses, "own_addresses", lambda everywhere: ["192.168.1.5", "10.0.0.7"])
    code = server.room_code(Settings(host="0.0.0.0"), 8000, wanted, Terminal(interactive, encoding))
    assert code == (qr_text("http://192.168.1.5:8000/") if printed else "")


def test_a_code_that_cannot_be_printed_is_a_sentence_if_it_was_asked_for() -> None:
    assert "only this machine reaches 127.0.0.1" in server.room_code(Settings(), 8000, True, Terminal(True))
    assert server.room_code(Settings(), 8000, None, Terminal(True)) == ""
    everywhere = Settings(host="192.168.1.5")
    assert "ascii has no block characters" in server.room_code(everywhere, 8000, True, Terminal(True, "ascii"))


# A surface that takes minutes.
NET = {"landscape": {"kind": "recurrent_network", "batch_size": 64}, "cell": {"kind": "lstm", "hidden_units": 64}}
LONG = {"scene": {**NET, "window": [0, 2, 0, 1]}, "kinds": ["surface"]}
SIGNALS = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])


def expect_end(process: subprocess.Popen[str] | Forked) -> None:
    """Check that a server ends in peace. A server that does not end by itself runs into the timeout."""
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "Traceback" not in err


@SIGNALS
def test_a_signal_ends_it_with_status_0(number: int) -> None:
    with serve_command(warm="0") as (process, url):
        assert httpx2.get(f"{url}healthz").status_code == 200
        process.send_signal(number)
        expect_end(process)


@SIGNALS
def test_a_signal_ends_it_in_the_middle_of_a_stream_which_says_so(number: int) -> None:
    with serve(warm="0") as (process, url), httpx2.stream("POST", f"{url}frames", json=LONG, timeout=30) as answer:
        pieces = answer.iter_raw()
        received = next(pieces)
        process.send_signal(number)
        received += b"".join(pieces)
        assert decode(received)[-1].header["title"] == "Stopping"
        expect_end(process)


def test_a_signal_ends_it_although_a_client_reads_nothing() -> None:
    with serve(warm="0") as (process, url), connect(url) as connection:
        body = json.dumps({"scene": {"landscape": {"kind": "ravine"}}}).encode()
        for _ in range(20):
            connection.sendall(post_request(body))
        assert connection.recv(12) == b"HTTP/1.1 200"
        process.send_signal(signal.SIGTERM)
        expect_end(process)


@needs_proc
def test_a_signal_also_ends_the_compiler_and_deletes_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiler = tmp_path / "cc"
    script = f"sleep 100 &\necho $! > {tmp_path}/writing\nmv {tmp_path}/writing {tmp_path}/started\nwait"
    compiler.write_text(f'#!/bin/sh\n[ "$1" = --version ] && exit 0\n{script}\n')
    compiler.chmod(0o755)
    started = tmp_path / "started"
    monkeypatch.setenv("CC", str(compiler))
    with serve(cache_folder=str(tmp_path / "cache")) as (process, _):
        until = time.monotonic() + 60
        while not started.exists():
            assert time.monotonic() < until, "nothing is compiled"
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        expect_end(process)
    assert not is_running(int(started.read_text()))
    assert list((tmp_path / "cache").rglob("build-*")) == []


@SIGNALS
def test_a_signal_while_it_starts_ends_it_with_status_0(number: int, tmp_path: Path) -> None:
    """PyTorch takes seconds to load, and a container may be stopped by then."""
    code = "from app.cli import main; import builtins, os, signal, sys; real = builtins.__import__\n"
    code += "def load(name, *rest):\n"
    code += f"    if name == 'cliffscape.app.main': os.kill(os.getpid(), {number:d})\n"
    code += "    return real(name, *rest)\n"
    code += "builtins.__import__ = load; main()"
    command = [sys.executable, "-c", code, "serve", "--port", "0"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def can_be_first() -> bool:
    """Whether this user may start a process as the first of a namespace."""
    if shutil.which("unshare") is None:
        return False
    command = ["unshare", "--pid", "--fork", "true"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@needs_proc
@pytest.mark.skipif(not can_be_first(), reason="this user may not create a namespace of processes")
@SIGNALS
def test_a_signal_ends_it_as_the_first_process_of_a_container(number: int) -> None:
    """The system delivers to process 1 only signals for which it has a handler."""
    with serve_command("unshare", "--pid", "--fork", "--kill-child", warm="0") as (process, _):
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        status = Path(f"/proc/{children[0]}/status").read_text()
        assert re.search(r"^NSpid:\s+\d+\s+1$", status, re.M)
        os.kill(int(children[0]), number)
        expect_end(process)


EARLY = """
import asyncio, os, signal
from cliffscape.app.cli import cli

begin = asyncio.SelectorEventLoop.__init__

def interrupted(self, *arguments):
    os.kill(os.getpid(), signal.SIGTERM)
    begin(self, *arguments)

asyncio.SelectorEventLoop.__init__ = interrupted
cli(["serve", "--port", "0"])
"""


def test_a_signal_before_the_first_request_ends_it_without_a_traceback() -> None:
    """It arrives while asyncio starts."""
    done = subprocess.run([sys.executable, "-c", EARLY], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Cliffscape is at http://127.0.0.1:")
