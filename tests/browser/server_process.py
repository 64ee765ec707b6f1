"""Servers for the browser tests: `cliffscape serve`, each in a process of its own.

Loading PyTorch and the application takes two seconds of a core. One process loads them and is forked for every server.
tests/app/test_server.py tests the command itself, from its start.
"""

import functools
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing import forkserver, get_context
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import DupFd
from pathlib import Path
from typing import IO, Any

import pytest

ROOT = Path(__file__).parents[2]
# What a server imports, in its order.
LOADED = ["tests.app.checked_server", "cliffscape.app.main", "cliffscape.app.server", "tests.app.responses"]
# asyncio writes this when a client disconnects during a response.
HARMLESS = ("socket.send() raised exception.",)


def serve(options: Sequence[str], environment: Mapping[str, str], output: Any, log: Any) -> None:
    """Run the command line in this process, which was forked for it."""
    os.environ.clear()
    os.environ.update(environment)
    for stream, number in ((output, 1), (log, 2)):
        os.dup2(stream.detach(), number)
    sys.argv = ["cliffscape", "serve", "--port", "0", *options]
    from tests.app.checked_server import serve_checked  # noqa: PLC0415 - tests do not load the command line

    serve_checked()


@functools.cache
def context() -> Any:
    """Starts processes as forks of one that has loaded the application."""
    found = get_context("forkserver")
    found.set_forkserver_preload(LOADED)
    with pytest.MonkeyPatch.context() as patch:
        # The code in this checkout, even if another one is installed.
        patch.setenv("PYTHONPATH", str(ROOT))
        forkserver.ensure_running()
    return found


class ServerProcess:
    """A server and its standard output."""

    def __init__(self, process: BaseProcess, stdout: IO[str]) -> None:
        self.process = process
        self.stdout = stdout
        self.terminate, self.kill = process.terminate, process.kill

    def wait(self, seconds: float) -> None:
        """Wait until it has ended."""
        self.process.join(seconds)
        assert self.process.exitcode is not None, f"the server still runs after {seconds} s"


def start(options: Sequence[str], log: IO[str]) -> ServerProcess:
    """Start a server that writes its standard error to a file."""
    reading, writing = os.pipe()
    streams = DupFd(writing), DupFd(log.fileno())
    process = context().Process(target=serve, args=(options, dict(os.environ), *streams), daemon=True)
    process.start()
    # Only the server's own end is left, so that reading ends when it does.
    os.close(writing)
    return ServerProcess(process, os.fdopen(reading))


@contextmanager
def run_server(*options: str, expected: tuple[str, ...] = ()) -> Iterator[tuple[str, ServerProcess]]:
    """`cliffscape serve` on a free port: its address and its process.

    A line on its standard error fails the test, unless it is one of `expected`. The server writes one for every
    response that does not pass the check of responses.
    """
    with tempfile.TemporaryFile("w+") as log:
        process = start(options, log)
        words = process.stdout.readline().split()
        try:
            assert words, "the server ended before it printed its address"
            # "Cliffscape is at http://..."
            yield words[3].rstrip("/"), process
        finally:
            process.terminate()
            process.wait(20)
            process.stdout.close()
            log.seek(0)
            complaints = [line for line in log if line.strip() not in (*HARMLESS, *expected)]
        assert not complaints, f"the server wrote: {''.join(complaints)}"
