"""Page server: it runs in a thread, leaves the user's process as it is, and ends with its streams."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import httpx2
import pytest
import torch

from cliffscape.app.notebook.page_server import PageServer, notebook_settings
from cliffscape.landscapes.backends import c_compiler
from tests.app.decoding import decode

# A surface that takes minutes.
NET = {"landscape": {"kind": "recurrent_network", "batch_size": 64}, "cell": {"kind": "lstm", "hidden_units": 64}}
LONG = {"scene": {**NET, "window": [0, 2, 0, 1]}, "kinds": ["surface"]}
# A program that ends while its server computes.
SHORT_PROGRAM = f"""
import httpx2, cliffscape
page = cliffscape.show(open_tab=False)
with httpx2.stream("POST", page.url + "frames", json={LONG!r}, timeout=30) as answer:
    next(answer.iter_raw())
"""


@pytest.fixture
def server() -> Iterator[PageServer]:
    """A server, which is stopped after the test."""
    own = PageServer()
    yield own
    own.stop()


def test_it_serves_the_page_below_its_token_until_it_is_stopped(server: PageServer) -> None:
    assert server.running and server.url.endswith(server.path)
    answer = httpx2.get(server.url)
    assert (
        answer.status_code == 200 and "frame-ancestors * vscode-webview:" in answer.headers["content-security-policy"]
    )
    assert httpx2.get(f"http://127.0.0.1:{server.port}/").status_code == 403
    server.stop()
    server.stop()
    assert not server.running
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(server.url)


def test_a_page_of_another_site_may_show_it_in_a_frame_and_nothing_else(server: PageServer) -> None:
    other = {"Sec-Fetch-Site": "cross-site"}
    frame = {**other, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}
    assert httpx2.get(server.url, headers=frame).status_code == 200
    assert httpx2.get(server.url, headers={**other, "Sec-Fetch-Mode": "no-cors"}).status_code == 403


def test_signals_threads_and_compilers_stay_those_of_the_program() -> None:
    handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    count, before = torch.get_num_threads(), {*threading.enumerate()}
    server = PageServer()
    assert httpx2.get(f"{server.url}healthz").json()["threads"] == count
    names = {one.name for one in {*threading.enumerate()} - before}
    assert {"cliffscape", "worker cpu"} <= names
    server.stop()
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == handlers
    assert torch.get_num_threads() == count
    assert not c_compiler.ENDING.is_set()
    left = {one.name for one in {*threading.enumerate()} - before}
    assert left & {"cliffscape", "worker cpu"} == set()


def test_stopping_ends_a_stream_which_says_so(server: PageServer) -> None:
    with httpx2.stream("POST", f"{server.url}frames", json=LONG, timeout=30) as answer:
        pieces = answer.iter_raw()
        received = next(pieces)
        stopping = threading.Thread(target=server.stop)
        stopping.start()
        received += b"".join(pieces)
    stopping.join()
    assert decode(received)[-1].header["title"] == "Stopping"


def test_a_program_may_end_while_its_server_computes() -> None:
    done = subprocess.run([sys.executable, "-c", SHORT_PROGRAM], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_environment_decides_what_a_notebook_would_choose_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLIFFSCAPE_ALLOWED_HOSTS", raising=False)
    own = notebook_settings()
    assert (own.allowed_hosts, own.frame_ancestors, own.warm) == (("*",), ("*", "vscode-webview:"), False)
    variables = {"FRAME_ANCESTORS": "self", "ALLOWED_HOSTS": "a.example", "PORT": "8000", "HOST": "0.0.0.0"}
    for name, value in variables.items():
        monkeypatch.setenv(f"CLIFFSCAPE_{name}", value)
    own = notebook_settings()
    assert (own.allowed_hosts, own.frame_ancestors) == (("a.example",), ("self",))
    assert (own.host, own.port) == ("127.0.0.1", 0)
