"""A job of the cluster: it fetches results from an actor, and goes on with another one if that is lost."""

import asyncio
import pickle
import secrets
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Generic, TypeVar

from cliffscape.app.cluster.order import FramesOrder, Made, Order
from cliffscape.app.cluster.pool import LostError, Place, Pool
from cliffscape.app.compute.job import DeadlineError, EndableJob, Sender

T = TypeVar("T")
# Seconds between two looks for an actor while none answers.
LOOK_SECONDS = 0.1


class ClusterJob(EndableJob, Generic[T]):
    """Iterate over it in asyncio, and ``cancel`` it at the end.

    ``finish`` is called once, when the job has ended. ``store`` is called with every final frame and its key.
    """

    def __init__(
        self,
        pool: Pool,
        order: Order,
        seconds: float,
        sender: Sender,
        finish: Callable[["ClusterJob[Any]", str], None],
        store: Callable[[str, bytes], None] = lambda key, frame: None,
    ) -> None:
        self.sender = sender
        self._pool, self._order, self._finish, self._store = pool, order, finish, store
        self._deadline = time.monotonic() + seconds
        self._results: deque[T] = deque()
        self._place: Place | None = None
        self._name = ""
        self._ended = self._finished = False

    def __aiter__(self) -> "ClusterJob[T]":
        return self

    async def __anext__(self) -> T:
        while self._failure is None or self._results:
            if self._results:
                return self._results.popleft()
            if self._ended:
                raise StopAsyncIteration
            await self._fetch()
        raise self._failure

    async def _fetch(self) -> None:
        """Get the next answer, from the actor that has the job or from a new one."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            self._fail(DeadlineError())
            return
        place, order = self._place, b""
        if place is None:
            place = self._pool.choose(self._order.placement.key, bool(self._order.run))
            if place is None:
                await asyncio.sleep(LOOK_SECONDS)
                return
            # What was sent to a lost actor has another name than what its successor is sent.
            self._name, order = secrets.token_hex(8), pickle.dumps(self._order, pickle.HIGHEST_PROTOCOL)
            self._place = place
            place.jobs += 1
        try:
            answer = await self._pool.take(place, self._name, order, left)
        except LostError:
            self._leave()
            return
        if self._ended:
            return
        if answer.kept is not None:
            self._order = replace(self._order, kept=answer.kept)
        for made in answer.results:
            self._keep(made)
        if answer.failure is not None:
            self._fail(answer.failure)
        elif answer.ended:
            self._end("completed")

    def _keep(self, made: Made) -> None:
        """A result; a frame that is complete is not asked for again."""
        if made.key and isinstance(self._order, FramesOrder):
            self._order = self._order.after(made)
            self._store(made.key, made.content)
        self._results.append(made.content)

    def _fail(self, failure: Exception) -> None:
        self._failure = failure
        self._end("failed")

    def _leave(self) -> None:
        """Take the job from its actor."""
        if self._place is not None:
            self._place.jobs -= 1
            self._place = None

    def _end(self, how: str) -> None:
        """End once; an actor that still has the job stops it."""
        if self._ended:
            return
        self._ended = True
        if how == "cancelled" and self._place is not None:
            self._pool.cancel(self._place, self._name)
        self._leave()
        self._finish(self, how)
