"""Chunking: how many points fit into one chunk of work, learned from the chunks before."""

import time
from collections.abc import Hashable, Iterator
from contextlib import contextmanager

SMALLEST, LARGEST = 256, 1 << 20
OPENING = 2048


class Chunking:
    """Points per chunk by subject (a landscape and its sizes), so that a chunk takes about ``seconds``."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._points: dict[Hashable, int] = {}

    def points(self, subject: Hashable, opening: int = OPENING) -> int:
        """How many points to take next; ``opening`` of them as long as nothing is known."""
        return self._points.get(subject, opening)

    def learn(
        self, subject: Hashable, points: int, seconds: float, smallest: int = SMALLEST, largest: int = LARGEST
    ) -> None:
        """Learn from a chunk of ``points``: at most twice as many the next time, since the first one pays for more.

        Never fewer than ``smallest``: where a point is cheap, a hiccup should not make chunks of next to nothing.
        Never more than ``largest``: points of a surface take memory.
        """
        share = self.seconds / max(seconds, 1e-9)
        self._points[subject] = int(min(largest, max(smallest, points * min(2.0, share))))

    @contextmanager
    def timing(self, subject: Hashable, points: int) -> Iterator[None]:
        """Learn from the chunk of ``points`` inside."""
        began = time.perf_counter()
        yield
        self.learn(subject, points, time.perf_counter() - began)
