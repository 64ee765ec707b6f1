"""Kept runs: copies of the training runs of an actor, which the web process holds while somebody waits for them."""

import threading
import time

from cliffscape.app.runs.training import RunState, TrainingRun

# Seconds between two copies of a run: what is lost with an actor. A copy is some megabytes at most.
KEEP_SECONDS = 1.0


class KeptRuns:
    """The newest copy of every run, and when it was made, or when the run began.

    The worker's thread makes copies, the event loop sends them.
    A copy is dropped when its run is done, or once ``most`` other runs have newer ones.
    """

    def __init__(self, most: int = 32) -> None:
        self._most = most
        self._states: dict[str, tuple[float, RunState | None]] = {}
        self._lock = threading.Lock()

    def keep(self, key: str, run: TrainingRun) -> None:
        """Copy the run, if that is due."""
        now, known = time.monotonic(), self._states.get(key)
        if known is None:
            # Of a run that begins, nothing would be lost yet.
            self._put(key, now, None)
        elif now - known[0] >= KEEP_SECONDS:
            self._put(key, now, run.state())

    def _put(self, key: str, at: float, state: RunState | None) -> None:
        """Make a run the newest one."""
        with self._lock:
            self._states.pop(key, None)
            self._states[key] = at, state
            while len(self._states) > self._most:
                del self._states[next(iter(self._states))]

    def since(self, key: str, seconds: float) -> tuple[float, RunState | None]:
        """When the newest copy was made, and the copy if that was after ``seconds``."""
        with self._lock:
            at, state = self._states.get(key, (seconds, None))
        return at, state if at > seconds else None
