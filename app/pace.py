"""Pace: how many points fit into one chunk of work, learned from the chunks before."""

import time
from collections.abc import Hashable, Iterator
from contextlib import contextmanager

SMALLEST, LARGEST = 256, 1 << 20
OPENING = 2048


class Pace:
    """Points per chunk by subject (a landscape and its sizes), so that a chunk takes about ``seconds``."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._points: dict[Hashable, int] = {}

    def points(self, subject: Hashable) -> int:
        """How many points to take next."""
        return self._points.get(subject, OPENING)

    @contextmanager
    def timing(self, subject: Hashable, points: int) -> Iterator[None]:
        """Learn from a chunk of ``points``: at most twice as many the next time, since the first one pays for more."""
        began = time.perf_counter()
        yield
        share = self.seconds / max(time.perf_counter() - began, 1e-9)
        self._points[subject] = int(min(LARGEST, max(SMALLEST, points * min(2.0, share))))
