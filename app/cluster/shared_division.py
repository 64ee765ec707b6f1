"""A frame in stages, whose parts actors compute. Requests for the same frame share its division."""

import asyncio
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from cliffscape.app.cluster.order import Ended
from cliffscape.app.compute.encoding import encode
from cliffscape.app.compute.job import Results
from cliffscape.app.frames.division.stage import Division, Stage, StagePart

# Parts that an actor has at a time: while it computes one, the next is on its way.
PARTS_AHEAD = 2


class Done(NamedTuple):
    """The frame, after the last stage."""

    frame: bytes


class SharedDivision:
    """The work on one frame; ``begin`` gives a part to an actor, for so many seconds at most.

    It starts with the first request that joins, and ends when the last one leaves. ``previews`` are the frames before
    the final one; a request that joins late gets all of them. ``store`` is called with the frame, and ``forget`` at
    the end.
    """

    def __init__(
        self,
        division: Division,
        begin: Callable[[StagePart, float], Results[Any]],
        actors: int,
        seconds: float,
        store: Callable[[bytes], None],
        forget: Callable[[], None],
    ) -> None:
        self._division, self._begin, self._store, self._forget = division, begin, store, forget
        self._free = asyncio.Semaphore(PARTS_AHEAD * actors)
        self._deadline = time.monotonic() + seconds
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.users = 0
        self.previews: list[bytes] = []
        self.outcome: bytes | Exception | None = None

    @property
    def over(self) -> bool:
        """Whether nothing more is computed: it has ended, or all requests have left."""
        return self.outcome is not None or (self._task is not None and not self.users)

    def join(self) -> None:
        """Count a request, and begin with the first one."""
        self.users += 1
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())

    def leave(self) -> None:
        """Count a request less. If nobody needs the frame any more, its parts are cancelled."""
        self.users -= 1
        if not self.users and self._task is not None:
            self._task.cancel()
        self._notify()

    async def change(self) -> None:
        """Wait until there is a further preview, the outcome, or a request less."""
        await self._changed.wait()

    def _notify(self) -> None:
        """Wake all requests."""
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def _run(self) -> None:
        try:
            results: list[Any] | None = None
            while True:
                # Joining arrays takes tens of milliseconds, in which the event loop answers others.
                stage = await asyncio.to_thread(advance, self._division, results)
                if isinstance(stage, Done):
                    self._store(stage.frame)
                    self.outcome = stage.frame
                    return
                results = await self._compute(stage)
        except Exception as failure:
            self.outcome = failure
        finally:
            self._forget()
            self._notify()

    async def _compute(self, stage: Stage) -> list[Any]:
        """The results of a stage's parts; if one fails, the others are cancelled."""
        results: list[Any] = [None] * len(stage.parts)
        tasks = [asyncio.ensure_future(self._part(stage, number, results)) for number in range(len(stage.parts))]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return results

    async def _part(self, stage: Stage, number: int, results: list[Any]) -> None:
        async with self._free:
            job = self._begin(stage.parts[number], self._deadline - time.monotonic())
            try:
                async for value in job:
                    if isinstance(value, Ended):
                        results[number] = value.result
                    elif (frame := stage.preview(number, value)) is not None:
                        self.previews.append(encode(frame))
                        self._notify()
            finally:
                job.cancel()


def advance(division: Division, results: list[Any] | None) -> Stage | Done:
    """The next stage, or the frame."""
    try:
        return next(division) if results is None else division.send(results)
    except StopIteration as end:
        return Done(encode(end.value))


class DivisionResults:
    """The previews and the frame, for one request. Iterate over it in asyncio, and ``cancel`` it at the end."""

    def __init__(self, shared: SharedDivision) -> None:
        self._shared, self._sent, self._left = shared, 0, False
        shared.join()

    def cancel(self) -> None:
        """Leave the division, which ends if nobody else needs it."""
        if not self._left:
            self._left = True
            self._shared.leave()

    def __aiter__(self) -> "DivisionResults":
        return self

    async def __anext__(self) -> bytes:
        shared = self._shared
        while not self._left:
            if self._sent < len(shared.previews):
                self._sent += 1
                return shared.previews[self._sent - 1]
            if shared.outcome is None:
                await shared.change()
                continue
            self.cancel()
            if isinstance(shared.outcome, Exception):
                raise shared.outcome
            return shared.outcome
        raise StopAsyncIteration
