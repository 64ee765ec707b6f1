"""The watcher: a thread that follows the user's files while the server runs.

A process of its own loads a new version first. If that succeeds, the server starts again; if not, it keeps the version
that it has, and the watcher holds the sentence about the error.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from cliffscape.app.landscape_files.loader import LOADED, content_stamp

PAUSE = 0.5  # seconds between two looks at the files
CHECK = "cliffscape.app.landscape_files.check"


def read_contents(paths: Sequence[Path]) -> tuple[bytes | None, ...]:
    """The contents of files; None for one that cannot be read."""
    found: list[bytes | None] = []
    for path in paths:
        try:
            found.append(path.read_bytes())
        except OSError:
            found.append(None)
    return tuple(found)


def wait_for_change(paths: Sequence[Path], seconds: float) -> None:
    """Wait until a file changes, but no longer than ``seconds``."""
    before, until = read_contents(paths), time.monotonic() + seconds
    while read_contents(paths) == before and time.monotonic() < until:
        time.sleep(PAUSE)


class Watcher:
    """Follows files that are loaded. ``fault`` is the sentence about their newest version, or empty."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self.paths = tuple(paths)
        self.fault = ""
        self._loaded: tuple[bytes | None, ...] = tuple(file.content for file in LOADED)
        self._stopped = threading.Event()
        self._check: subprocess.Popen[str] | None = None

    @property
    def contents(self) -> dict[str, Any]:
        """What the page needs to know: whether to ask again, a stamp of the loaded version, and the fault."""
        return {"watched": bool(self.paths), "loaded": content_stamp(), "fault": self.fault}

    def start(self, restart: Callable[[], None]) -> None:
        """Follow the files until one has a new version that can be loaded, and then call ``restart``."""
        if self.paths:
            threading.Thread(target=self._follow, args=(restart,), daemon=True).start()

    def stop(self) -> None:
        """End the thread soon, and the process that loads a new version."""
        self._stopped.set()

    def _follow(self, restart: Callable[[], None]) -> None:
        seen = self._loaded
        while not self._stopped.wait(PAUSE):
            found = read_contents(self.paths)
            if found != seen:
                seen = found
                self._end_check()
                if found == self._loaded:
                    self.fault = ""
                else:
                    self._check = start_check(self.paths)
            elif self._check is not None and self._check.poll() is not None:
                self.fault = self._result(self._check)
                self._check = None
                if not self.fault:
                    restart()
                    return
        self._end_check()

    def _end_check(self) -> None:
        """End the process that loads a version that is no longer the newest one. It may be in an endless loop."""
        if self._check is not None:
            self._check.kill()
            self._check.communicate()
            self._check = None

    def _result(self, check: subprocess.Popen[str]) -> str:
        """The sentence of a process that has ended; empty if it has loaded the files."""
        out, _ = check.communicate()
        try:
            return str(json.loads(out))
        except json.JSONDecodeError:
            names = " and ".join(path.name for path in self.paths)
            return f"{names}: Python ended with status {check.returncode} while loading"


def start_check(paths: Sequence[Path]) -> subprocess.Popen[str]:
    """Start a process that loads files. It is in a session of its own, so Ctrl-C in the terminal does not reach it."""
    command = [sys.executable, "-m", CHECK, *map(str, paths)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
