"""Caches of computed values, limited in bytes. The compute worker fills them; requests read them from any thread."""

import enum
import threading
from collections.abc import Callable, Generator, Hashable
from typing import Final, Generic, TypeVar

from cachetools import LRUCache

from cliffscape.app.compute.encoding import Frame, encode


class Turn(enum.Enum):
    """When the next chunk of a frame is computed."""

    LATER = enum.auto()


# The rest of a frame can wait: it is computed as long work is.
LATER: Final = Turn.LATER
# Computes a frame in chunks; a chunk may yield a preview, a frame to send before the final one.
FrameGenerator = Generator[Frame | Turn | None, None, Frame]
V = TypeVar("V")


class SizedCache(Generic[V]):
    """Values by key, limited in bytes; the least recently used are dropped first. Safe to use from any thread."""

    def __init__(self, most: int, size: Callable[[V], int]) -> None:
        self._entries: LRUCache[Hashable, V] = LRUCache(maxsize=most, getsizeof=size)
        self._lock = threading.Lock()
        self._size = size

    def get(self, key: Hashable) -> V | None:
        """The value stored under ``key``."""
        with self._lock:
            return self._entries.get(key)

    def put(self, key: Hashable, value: V) -> None:
        """Store ``value``, unless it is larger than the whole cache."""
        with self._lock:
            # LRUCache raises an error for a value that is larger than the cache.
            if self._size(value) <= self._entries.maxsize:
                self._entries[key] = value


class SharedWork:
    """Work on one frame that several jobs share. They advance it in turns until it is done for all of them.

    ``previews`` are the frames before the final one; a job that joins late is sent all of them.
    """

    def __init__(self, work: FrameGenerator) -> None:
        self.work = work
        self.users = 0
        self.can_wait = False
        self.previews: list[bytes] = []
        self.outcome: bytes | Exception | None = None

    def advance(self) -> None:
        """Compute one chunk."""
        try:
            preview = next(self.work)
            if preview is LATER:
                self.can_wait = True
            elif preview is not None:
                self.previews.append(encode(preview))
        except StopIteration as done:
            self.outcome = encode(done.value)
        except Exception as failure:
            self.outcome = failure


class FrameStore:
    """Encoded frames, and the work on frames in progress: clients that ask for one frame compute it once.

    ``get`` may be called from any thread, ``get_or_compute`` only on the compute worker.
    """

    def __init__(self, size: int) -> None:
        self._frames: SizedCache[bytes] = SizedCache(size, len)
        self._in_progress: dict[str, SharedWork] = {}

    def get(self, key: str) -> bytes | None:
        """The frame, if it is stored."""
        return self._frames.get(key)

    def put(self, key: str, frame: bytes) -> None:
        """Store a frame that was computed elsewhere."""
        self._frames.put(key, frame)

    def get_or_compute(
        self, key: str, begin: Callable[[], FrameGenerator], delay: Callable[[], object] = lambda: None
    ) -> Generator[bytes | None, None, bytes]:
        """The frame, stored or computed in chunks together with every other job that waits for it.

        Yields None after a chunk, or a preview. ``delay`` is called once the rest of the work can wait.
        """
        known = self._frames.get(key)
        if known is not None:
            return known
        if key not in self._in_progress:
            self._in_progress[key] = SharedWork(begin())
        shared = self._in_progress[key]
        shared.users += 1
        sent = 0
        try:
            while shared.outcome is None:
                # All previews are sent before the next chunk is computed.
                if sent < len(shared.previews):
                    sent += 1
                    yield shared.previews[sent - 1]
                    continue
                shared.advance()
                if shared.can_wait:
                    delay()
                if shared.outcome is None and sent == len(shared.previews):
                    yield None
        finally:
            shared.users -= 1
            # If this work failed or was dropped, another job may have started the same frame anew.
            if (shared.users == 0 or shared.outcome is not None) and self._in_progress.get(key) is shared:
                del self._in_progress[key]
                # Closing the generator lets unfinished work store its state, such as a training run.
                shared.work.close()
        if isinstance(shared.outcome, Exception):
            raise shared.outcome
        self._frames.put(key, shared.outcome)
        return shared.outcome
