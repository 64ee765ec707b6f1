"""The pool of blocks: actors of a cluster compute them, and those of an actor that is lost are computed by another."""

import contextlib
import pickle
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import ray
from ray.exceptions import RayError, RayTaskError

from cliffscape.app.blocks.pool import PoolError
from cliffscape.app.cluster.block_actor import THREADS, BlockActor, own_environment
from cliffscape.app.cluster.connection import ActorPlan, check_versions, compare_versions
from cliffscape.landscapes.networks.tasks.text import DefaultText

B = TypeVar("B")
R = TypeVar("R")
# A block, or the start of an actor, is tried again after so many losses of its actor.
MOST_LOSSES = 2
# Seconds until an actor has started, if none computes meanwhile.
START_SECONDS = 120.0
# Seconds between two questions whether the actors still answer, and after which one that does not counts as lost.
ASK_SECONDS, SILENT_SECONDS = 2.0, 10.0
LOST = f"{MOST_LOSSES + 1} actors ended one after another in the same work, perhaps because memory ran out"
NONE_STARTED = f"no actor of the cluster has started within {START_SECONDS:.0f} s"


@dataclass(eq=False)
class Work(Generic[B]):
    """What an actor does: a block, or its start if that is None; and how many actors were lost in it."""

    block: B | None
    losses: int = 0


class RayBlockPool(Generic[B, R]):
    """Computes blocks in as many actors as ``plan`` says; call it after joining a cluster.

    Raises:
        BoundError: the cluster has another version, or its actors do not answer.
    """

    def __init__(self, compute: Callable[[B], R], plan: ActorPlan) -> None:
        # One more than there are actors: an actor that has finished gets its next block at once.
        self.capacity = plan.actors + 1
        self._kind = ray.remote(BlockActor).options(max_restarts=0, max_concurrency=THREADS, **plan.needs)
        self._preparation = pickle.dumps(compute), own_environment(), DefaultText.text
        # What each actor answers next, and those that have nothing to do.
        self._asked: dict[Any, tuple[Any, Work[B]]] = {}
        self._idle: list[Any] = []
        self._waiting: deque[Work[B]] = deque()
        # Questions to actors that have not answered them yet, and when they were asked.
        self._questions: dict[Any, tuple[Any, float]] = {}
        # Process numbers of the actors that have started, on whatever machine they are.
        self.processes: dict[Any, int] = {}
        first: Any = self._kind.remote()
        try:
            check_versions(first, START_SECONDS)
            self._prepare(first, Work(None))
            for _ in range(plan.actors - 1):
                self._start(Work(None))
        except BaseException:
            end(first)
            self.cancel()
            raise

    def submit(self, block: B) -> None:
        """Take a block."""
        self._waiting.append(Work(block))
        self._hand_out()

    def next_result(self) -> tuple[B, R]:
        """A block that is computed, with its result.

        Raises:
            PoolError: several actors were lost in the same block, or none starts.
            Exception: computing the block failed.
        """
        began = time.monotonic()
        while True:
            self._replace_silent()
            ready, _ = ray.wait([*self._asked], timeout=ASK_SECONDS)
            if not ready:
                starting = all(work.block is None for _, work in self._asked.values())
                if starting and time.monotonic() - began > START_SECONDS:
                    raise PoolError(NONE_STARTED)
                continue
            handle, work = self._asked.pop(ready[0])
            try:
                answer = ray.get(ready[0])
            except RayTaskError as error:
                raise PoolError(
                    f"an actor of the cluster failed: {str(error).strip().splitlines()[-1][:300]}"
                ) from None
            except RayError:
                self._replace(handle, work)
                continue
            self._idle.append(handle)
            self._hand_out()
            if work.block is None:
                found, self.processes[handle] = answer
                compare_versions(found)
            elif isinstance(answer, Exception):
                raise answer
            else:
                return work.block, pickle.loads(answer)

    def cancel(self) -> None:
        """Give up all blocks in progress, and end the actors."""
        handles = [*self._idle, *(handle for handle, _ in self._asked.values())]
        for held in (self._waiting, self._idle, self._asked, self._questions, self.processes):
            held.clear()
        for handle in handles:
            end(handle)

    def _start(self, work: Work[B]) -> None:
        """Start an actor."""
        self._prepare(self._kind.remote(), work)

    def _prepare(self, handle: Any, work: Work[B]) -> None:
        """Prepare an actor, which gets blocks once it has answered."""
        self._asked[handle.prepare.remote(*self._preparation)] = handle, work

    def _hand_out(self) -> None:
        """Give blocks that wait to actors that have nothing to do."""
        while self._idle and self._waiting:
            handle, work = self._idle.pop(), self._waiting.popleft()
            self._asked[handle.compute.remote(pickle.dumps(work.block))] = handle, work

    def _replace_silent(self) -> None:
        """Ask all actors that compute whether they still answer, and replace those that do not.

        Raises:
            PoolError: too many were lost in the same work.
        """
        now = time.monotonic()
        for answer, (handle, work) in [*self._asked.items()]:
            if work.block is None:
                continue
            question, asked = self._questions.get(handle, (None, 0.0))
            if question is None or ray.wait([question], timeout=0)[0]:
                if now - asked > ASK_SECONDS:
                    self._questions[handle] = handle.answers.remote(), now
            elif now - asked > SILENT_SECONDS:
                del self._asked[answer]
                self._replace(handle, work)

    def _replace(self, handle: Any, work: Work[B]) -> None:
        """Start an actor for one that is lost, and give its block to the next one that is free.

        Raises:
            PoolError: too many were lost in the same work.
        """
        end(handle)
        self.processes.pop(handle, None)
        self._questions.pop(handle, None)
        work.losses += 1
        if work.losses > MOST_LOSSES:
            raise PoolError(LOST)
        if work.block is None:
            self._start(work)
            return
        self._waiting.appendleft(work)
        self._start(Work(None))
        self._hand_out()


def end(handle: Any) -> None:
    """End an actor, which may have ended already."""
    with contextlib.suppress(Exception):
        ray.kill(handle)
