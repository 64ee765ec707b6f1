"""Processes of the command line, forked from one that has loaded PyTorch and FastAPI.

Loading them takes two seconds of a core. tests/app/test_server.py tests the command itself, from its start.
"""

import functools
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from multiprocessing import forkserver, get_context
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import DupFd
from typing import IO, Any

import pytest

from tests.source.files import ROOT

# Not the model of a Scene, which is made after a user's own landscapes are loaded.
LOADED = ["torch", "fastapi", "uvicorn", "pydantic_settings", "jinja2"]
LOADED += ["cliffscape.app.cli", "cliffscape.landscapes.catalogue", "cliffscape.landscapes.networks.catalogue"]


@functools.cache
def context() -> Any:
    """Starts processes as forks of one that has loaded ``LOADED``."""
    found = get_context("forkserver")
    found.set_forkserver_preload(LOADED)
    with pytest.MonkeyPatch.context() as patch:
        # The code in this checkout, even if another one is installed.
        patch.setenv("PYTHONPATH", str(ROOT))
        forkserver.ensure_running()
    return found


def call(arguments: Sequence[str], environment: Mapping[str, str], output: Any, log: Any) -> None:
    """Run the command line in this process, which was forked for it."""
    os.environ.clear()
    os.environ.update(environment)
    for stream, number in ((output, 1), (log, 2)):
        os.dup2(stream.detach(), number)
    sys.argv = ["cliffscape", *arguments]
    from tests.app.checked_server import serve_checked  # noqa: PLC0415 - tests do not load the command line

    serve_checked()


class Forked:
    """A process of the command line, with the methods of ``subprocess.Popen``."""

    def __init__(self, process: BaseProcess, stdout: IO[str], log: IO[str]) -> None:
        self.process = process
        self.stdout = stdout
        self.log = log
        self.terminate, self.kill = process.terminate, process.kill

    @property
    def returncode(self) -> int | None:
        """The exit status, or the negative number of the signal that ended it."""
        return self.process.exitcode

    def send_signal(self, number: int) -> None:
        """Send a signal, unless the process has ended."""
        if self.process.is_alive():
            assert self.process.pid is not None
            os.kill(self.process.pid, signal.Signals(number))

    def wait(self, timeout: float | None = None) -> None:
        """Wait for its end."""
        self.process.join(timeout)
        if self.process.exitcode is None:
            raise subprocess.TimeoutExpired("cliffscape", timeout or 0)

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Wait for its end; what it wrote to standard output since the last line that was read, and all errors."""
        self.wait(timeout)
        self.log.seek(0)
        return self.stdout.read(), self.log.read()


def start(arguments: Sequence[str], log: IO[str], environment: Mapping[str, str] = os.environ) -> Forked:
    """Start a command, whose standard output is read line by line and whose standard error is a file."""
    reading, writing = os.pipe()
    streams = DupFd(writing), DupFd(log.fileno())
    process = context().Process(target=call, args=(arguments, dict(environment), *streams), daemon=True)
    process.start()
    # Only the command's own end is left, so that reading ends when it does.
    os.close(writing)
    return Forked(process, os.fdopen(reading), log)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A command from its start to its end. Its output must be shorter than a pipe, 64 kB."""
    with tempfile.TemporaryFile("w+") as log:
        process = start(arguments, log)
        out, err = process.communicate(100)
        process.stdout.close()
        assert process.returncode is not None
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)
