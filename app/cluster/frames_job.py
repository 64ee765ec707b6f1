"""A request for frames of which some are divided: one after the other, from an actor or from the parts of several."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any

from cliffscape.app.compute.job import DeadlineError, EndableJob, Results, Sender
from cliffscape.app.frames.plan import PlannedFrame

# Begins with the first of some frames, within so many seconds; returns the results and how many frames they are.
Begin = Callable[[Sequence[PlannedFrame], float], tuple[Results[bytes], int]]


class StoredFrame:
    """The results of a frame that is known by now."""

    def __init__(self, frame: bytes) -> None:
        self._frames = [frame]

    def cancel(self) -> None:
        """Nothing is in progress."""

    def __aiter__(self) -> "StoredFrame":
        return self

    async def __anext__(self) -> bytes:
        if not self._frames:
            raise StopAsyncIteration
        return self._frames.pop()


class FramesJob(EndableJob):
    """Iterate over it in asyncio, and ``cancel`` it at the end. ``finish`` is called once, when the job has ended."""

    def __init__(
        self,
        parts: Sequence[PlannedFrame],
        begin: Begin,
        seconds: float,
        sender: Sender,
        finish: Callable[[Any, str], None],
    ) -> None:
        self.sender = sender
        self._parts, self._begin, self._finish = list(parts), begin, finish
        self._deadline = time.monotonic() + seconds
        self._current: Results[bytes] | None = None
        self._ended = False

    def __aiter__(self) -> "FramesJob":
        return self

    async def __anext__(self) -> bytes:
        while not self._ended:
            try:
                frame = await self._next()
            except StopAsyncIteration:
                self._current = None
            except Exception as failure:
                # A job that has ended meanwhile keeps the reason.
                self._failure = self._failure or (DeadlineError() if isinstance(failure, TimeoutError) else failure)
                self._end("failed")
            else:
                return frame
        if self._failure is not None:
            raise self._failure
        raise StopAsyncIteration

    async def _next(self) -> bytes:
        """The next frame of the present results; begins with the next frames if there are none."""
        left = self._deadline - time.monotonic()
        if self._current is None:
            if not self._parts:
                self._end("completed")
                raise StopAsyncIteration
            self._current, count = self._begin(self._parts, left)
            del self._parts[:count]
        async with asyncio.timeout(left):
            return await anext(self._current)

    def _end(self, how: str) -> None:
        """End once, and stop what is in progress."""
        if self._ended:
            return
        self._ended = True
        if self._current is not None:
            self._current.cancel()
        self._finish(self, how)
