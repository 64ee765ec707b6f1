"""Caches: what was computed before, up to a number of bytes; read by the web, filled by the compute worker."""

import threading
from collections.abc import Callable, Generator, Hashable
from typing import Generic, TypeVar

from cachetools import LRUCache

from cliffscape.app.compute.encoding import Frame, encode

# Makes a frame chunk by chunk; a chunk may have something to show before the whole is done.
Work = Generator[Frame | None, None, Frame]
V = TypeVar("V")


class SizedCache(Generic[V]):
    """Values by key up to a number of bytes, the least recently used dropped first; safe to use from any thread."""

    def __init__(self, most: int, size: Callable[[V], int]) -> None:
        self._entries: LRUCache[Hashable, V] = LRUCache(maxsize=most, getsizeof=size)
        self._lock = threading.Lock()
        self._size = size

    def get(self, key: Hashable) -> V | None:
        """The value held under ``key``."""
        with self._lock:
            return self._entries.get(key)

    def put(self, key: Hashable, value: V) -> None:
        """Hold ``value``, unless it is larger than everything that may be held."""
        with self._lock:
            if self._size(value) <= self._entries.maxsize:
                self._entries[key] = value


class SharedWork:
    """Work on one frame that several jobs may push on, turn by turn, until it is done for all of them.

    ``early`` are the frames shown before the whole one; a job that comes in late is shown all of them.
    """

    def __init__(self, work: Work) -> None:
        self.work = work
        self.users = 0
        self.early: list[bytes] = []
        self.outcome: bytes | Exception | None = None

    def advance(self) -> None:
        """One chunk."""
        try:
            shown = next(self.work)
            if shown is not None:
                self.early.append(encode(shown))
        except StopIteration as done:
            self.outcome = encode(done.value)
        except Exception as failure:
            self.outcome = failure


class FrameStore:
    """Encoded frames, and the work on those that are being made; a class that opens one page computes it once.

    ``get`` may be called from any thread, ``obtain`` only on the compute worker.
    """

    def __init__(self, size: int) -> None:
        self._held: SizedCache[bytes] = SizedCache(size, len)
        self._begun: dict[str, SharedWork] = {}

    def get(self, key: str) -> bytes | None:
        """The frame, if it is held."""
        return self._held.get(key)

    def obtain(self, key: str, begin: Callable[[], Work]) -> Generator[bytes | None, None, bytes]:
        """The frame: held, or made chunk by chunk, together with every other job that wants it now.

        Yields None after a chunk, or what there is to show before the frame is whole.
        """
        known = self._held.get(key)
        if known is not None:
            return known
        if key not in self._begun:
            self._begun[key] = SharedWork(begin())
        shared = self._begun[key]
        shared.users += 1
        seen = 0
        try:
            while shared.outcome is None:
                if seen < len(shared.early):
                    seen += 1
                    yield shared.early[seen - 1]
                    continue
                shared.advance()
                if shared.outcome is None and seen == len(shared.early):
                    yield None
        finally:
            shared.users -= 1
            if (shared.users == 0 or shared.outcome is not None) and self._begun.get(key) is shared:
                del self._begun[key]
                # Work that was left may have something to put by.
                shared.work.close()
        if isinstance(shared.outcome, Exception):
            raise shared.outcome
        self._held.put(key, shared.outcome)
        return shared.outcome
