"""The real server: a separate process, tested over sockets."""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import pytest

from tests.app.checked_server import FAULT
from tests.processes.forked import Forked, start

SERVE = [sys.executable, "-m", "tests.app.checked_server", "serve", "--port", "0", "--device", "cpu"]


def address_of(process: subprocess.Popen[str] | Forked) -> str:
    """The address in the first sentence of a server."""
    assert process.stdout is not None
    said = process.stdout.readline()
    found = re.fullmatch(r"Cliffscape is at (http://127\.0\.0\.1:\d+/) \(Ctrl-C stops it\)\n", said)
    assert found is not None, said
    return found[1]


def settings_of(environment: dict[str, str]) -> dict[str, str]:
    """The variables of this process, and settings of a server."""
    return {**os.environ, **{f"CLIFFSCAPE_{name.upper()}": value for name, value in environment.items()}}


def expect_no_fault(err: str) -> None:
    """The server writes a line for every response with a fault."""
    assert [line for line in err.splitlines() if line.startswith(FAULT)] == []


@contextmanager
def serve_command(*command: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server's process and its address; ``command`` starts it."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen([*command, *SERVE], env=settings_of(environment), text=True, **streams)
    try:
        yield process, address_of(process)
    finally:
        process.kill()
        _, err = process.communicate()
    expect_no_fault(err)


@contextmanager
def serve(**environment: str) -> Iterator[tuple[Forked, str]]:
    """A server in a forked process, which starts sooner, and its address."""
    with tempfile.TemporaryFile("w+") as log:
        process = start(SERVE[3:], log, settings_of(environment))
        try:
            yield process, address_of(process)
        finally:
            process.kill()
            _, err = process.communicate()
            process.stdout.close()
        expect_no_fault(err)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of a server that all tests of this file share."""
    with serve(warm="0") as (_, url):
        yield url


def test_responses_have_no_server_header(address: str) -> None:
    headers = httpx2.get(f"{address}healthz").headers
    assert "server" not in headers
    assert "content-security-policy" in headers


@pytest.mark.parametrize("chunked", [False, True])
def test_ten_megabytes_are_rejected(address: str, chunked: bool) -> None:
    body = b" " * 10_000_000
    pieces = (body[at : at + 65_536] for at in range(0, len(body), 65_536))
    try:
        kind = {"Content-Type": "application/json"}
        answer = httpx2.post(f"{address}frames", content=pieces if chunked else body, headers=kind, timeout=30)
    except httpx2.WriteError:
        pass  # the server closed the connection before the whole body was sent
    else:
        assert answer.status_code == 413
        assert answer.headers["content-type"] == "application/problem+json"
    assert httpx2.get(f"{address}healthz").status_code == 200


def connect(address: str) -> socket.socket:
    """A connection to the server."""
    host, port = address.removeprefix("http://").strip("/").split(":")
    return socket.create_connection((host, int(port)), timeout=10)


def post_request(body: bytes) -> bytes:
    """The bytes of a request for frames."""
    lines = ["POST /frames HTTP/1.1", "Host: localhost", "Content-Type: application/json"]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


def worker(address: str) -> dict[str, int]:
    """Counters of the compute worker."""
    counters: dict[str, int] = httpx2.get(f"{address}healthz").json()["worker"]
    return counters


def await_idle(address: str) -> None:
    """Wait until the worker has no job."""
    give_up = time.monotonic() + 60
    while worker(address)["active"]:
        assert time.monotonic() < give_up, "the worker goes on"
        time.sleep(0.02)


def test_a_closed_connection_stops_the_work(address: str) -> None:
    before = worker(address)["cancelled"]
    scene = {"landscape": {"kind": "repeated_composition", "hidden_units": 16, "repetitions": 6, "seed": 7}}
    body = json.dumps({"scene": scene, "kinds": ["surface"]}).encode()
    with connect(address) as connection:
        connection.sendall(post_request(body))
        assert connection.recv(12) == b"HTTP/1.1 200"
    await_idle(address)
    after = worker(address)
    assert after["active"] == 0
    assert after["cancelled"] == before + 1


def test_a_cancelled_surface_of_a_network_stops_between_chunks(address: str) -> None:
    """Long before its hundreds of chunks are computed."""
    net = {"landscape": {"kind": "recurrent_network", "batch_size": 64}, "cell": {"kind": "lstm", "hidden_units": 32}}
    before = worker(address)
    body = json.dumps({"scene": {**net, "window": (0, 2, 0, 1)}, "kinds": ["surface"]}).encode()
    with connect(address) as connection:
        connection.sendall(post_request(body))
        received = b""
        while b"progress" not in received:
            received += connection.recv(65_536)
        assert worker(address)["active"] == 1
    await_idle(address)
    after = worker(address)
    assert (after["cancelled"], after["completed"]) == (before["cancelled"] + 1, before["completed"])


@pytest.mark.parametrize("sent", [b"\x16\x03\x01\x02\x00" * 10, b"GET /?" + b"k" * 100_000], ids=["TLS", "long"])
def test_the_server_survives_invalid_http(address: str, sent: bytes) -> None:
    with connect(address) as connection:
        connection.sendall(sent + b" HTTP/1.1\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 400")
    assert httpx2.get(f"{address}healthz").status_code == 200


def test_a_port_in_use_is_reported(address: str) -> None:
    port = address.strip("/").rpartition(":")[2]
    command = [*SERVE[:-3], port]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert ran.stderr == f"cannot listen on 127.0.0.1 port {port}: Address already in use\n"
