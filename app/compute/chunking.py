"""Chunking: how many points to compute in one chunk, estimated from the time of earlier chunks."""

import time
from collections.abc import Hashable, Iterator
from contextlib import contextmanager

# Points per chunk: bounds, and the number before the first measurement.
SMALLEST, LARGEST = 256, 1 << 20
OPENING = 2048


class Chunking:
    """The number of points per chunk for each kind of work, chosen so that a chunk takes about ``seconds``."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._points: dict[Hashable, int] = {}

    def points(self, subject: Hashable, opening: int = OPENING) -> int:
        """The number of points of the next chunk; ``opening`` before the first measurement."""
        return self._points.get(subject, opening)

    def learn(
        self, subject: Hashable, points: int, seconds: float, smallest: int = SMALLEST, largest: int = LARGEST
    ) -> None:
        """Update the estimate with a chunk of ``points`` that took ``seconds``.

        The next chunk is at most twice as large, because a first chunk also pays for one-time setup. ``smallest``
        limits the effect of a short stall where a point is cheap; ``largest`` limits the memory of a chunk.
        """
        # The clock may not advance during a small chunk.
        share = self.seconds / max(seconds, 1e-9)
        self._points[subject] = int(min(largest, max(smallest, points * min(2.0, share))))

    @contextmanager
    def timing(self, subject: Hashable, points: int) -> Iterator[None]:
        """Update the estimate with the time of the block, which computes ``points``."""
        began = time.perf_counter()
        yield
        self.learn(subject, points, time.perf_counter() - began)
