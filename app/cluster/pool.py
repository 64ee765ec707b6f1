"""The pool: the actors of a cluster, which of them answer, and calls that notice when one does not."""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ray
from cachetools import LRUCache
from ray.exceptions import ActorUnavailableError, GetTimeoutError, RayActorError

from cliffscape.app.cluster.actor import Answer
from cliffscape.app.cluster.ranking import choose, ranking

# Seconds without an answer after which an actor counts as lost: ten of its heartbeats.
SILENT_SECONDS = 10.0
# Seconds between two questions to a lost actor.
AGAIN_SECONDS = 0.3
# Training runs whose actors are known; an actor stores far fewer.
MOST_RUNS = 10_000


class LostError(Exception):
    """An actor has ended, or does not answer."""


@dataclass(eq=False)
class Place:
    """An actor, its unfinished jobs, and if it is lost, the question that it has not yet answered."""

    number: int
    handle: Any
    jobs: int = 0
    question: Any = None
    asked: float = 0.0

    @property
    def lost(self) -> bool:
        """Whether it has not answered since it was lost."""
        return self.question is not None

    def ask(self) -> None:
        """Ask a lost actor whether it is back."""
        self.question, self.asked = self.handle.prepare.remote(), time.monotonic()


class Pool:
    """Actors that Ray starts again when they end. Call it from one thread; several event loops may take turns."""

    def __init__(self, handles: Sequence[Any], gpu: bool) -> None:
        self.gpu = gpu
        # Where training runs are: a new one may begin anywhere, and is continued where it began.
        self._homes: LRUCache[str, int] = LRUCache(MOST_RUNS)
        self.places = [Place(number, handle) for number, handle in enumerate(handles)]
        for place in self.places:
            # Nobody waits for this answer: work waits until the engine is ready.
            place.handle.prepare.remote()

    def choose(self, key: str, sticky: bool) -> Place | None:
        """The place for work with this key; None if no actor answers. ``sticky`` work stays where it was before."""
        answering = {place.number for place in self.places if self._answers(place)}
        ranked = [number for number in ranking(key, len(self.places)) if number in answering]
        if not ranked:
            return None
        number = self._homes.get(key) if sticky else None
        if number not in answering:
            number = choose(ranked, [place.jobs for place in self.places])
        if sticky:
            self._homes[key] = number
        return self.places[number]

    async def take(self, place: Place, name: str, order: bytes, seconds: float) -> Answer:
        """The next answer about a job.

        Raises:
            LostError: the actor has ended, or does not answer.
        """
        try:
            async with asyncio.timeout(SILENT_SECONDS):
                answer: Answer = await place.handle.take.remote(name, order, seconds)
                return answer
        except TimeoutError:
            self.lose(place, silent=True)
        except RayActorError:
            self.lose(place)
        raise LostError(f"actor {place.number}")

    def cancel(self, place: Place, name: str) -> None:
        """Stop a job, without waiting for it."""
        if not place.lost:
            place.handle.cancel.remote(name)

    def lose(self, place: Place, silent: bool = False) -> None:
        """Give no more work to an actor until it answers again. A silent one is ended, and Ray starts a new one."""
        if place.lost:
            return
        if silent:
            with contextlib.suppress(Exception):
                ray.kill(place.handle, no_restart=False)
        place.ask()

    def _answers(self, place: Place) -> bool:
        """Whether an actor answers. A lost one does once it has answered the question."""
        if not place.lost:
            return True
        ready, _ = ray.wait([place.question], timeout=0)
        if not ready:
            return False
        try:
            ray.get(place.question, timeout=AGAIN_SECONDS)
        except (RayActorError, ActorUnavailableError, GetTimeoutError):
            if time.monotonic() - place.asked > AGAIN_SECONDS:
                place.ask()
            return False
        place.question = None
        return True

    def report(self) -> list[dict[str, Any]]:
        """Every actor: whether it answers, and its jobs."""
        return [{"answers": not place.lost, "jobs": place.jobs} for place in self.places]

    def close(self) -> None:
        """End the actors, and Ray if this process has started or joined it."""
        for place in self.places:
            with contextlib.suppress(Exception):
                ray.kill(place.handle)
        ray.shutdown()
