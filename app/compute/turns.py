"""Turns: which job of the compute worker computes its next chunk.

Quick jobs come before short ones, so that a first picture does not wait for everybody's fine ones. Short jobs come
before long ones, so that a drag does not wait for a training run or a fine outcome map. Jobs of the same length take
turns.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

# The costs, in milliseconds of one core, up to which a job is quick and short.
QUICK, SHORT = 150, 2000
LONG = SHORT + 1
# After so many turns of shorter jobs one longer job has a turn, so that it ends even if somebody always drags.
SHORT_TURNS = 8

J = TypeVar("J")


@dataclass
class Turns(Generic[J]):
    """Jobs in the order of their turns. ``cost`` is that of a job's current work, which may change from turn to turn.

    At most ``slots`` long jobs take turns, and further ones wait: their results are large.
    """

    slots: int
    cost: Callable[[J], float]
    quick: deque[J] = field(default_factory=deque)
    short: deque[J] = field(default_factory=deque)
    long: deque[J] = field(default_factory=deque)
    waiting: deque[J] = field(default_factory=deque)
    _current: J | None = None
    _current_is_long: bool = False
    # How many turns the quick and the short jobs had since a longer one.
    _turns: list[int] = field(default_factory=lambda: [0, 0])

    def __len__(self) -> int:
        return len(self.quick) + len(self.short) + len(self.long) + len(self.waiting) + (self._current is not None)

    def add(self, job: J) -> None:
        """Queue a job, behind all others of its length."""
        cost = self.cost(job)
        if cost <= SHORT:
            (self.quick if cost <= QUICK else self.short).append(job)
        elif self._has_slot():
            self.long.append(job)
        else:
            self.waiting.append(job)

    def next(self) -> J | None:
        """The job whose turn it is, if there is one. Call ``end_turn`` after its turn."""
        while self.waiting and self._has_slot():
            self.long.append(self.waiting.popleft())
        queue = self._queue()
        self._current_is_long = queue is self.long
        self._current = queue.popleft() if queue else None
        return self._current

    def _queue(self) -> deque[J]:
        """The queue that has the turn."""
        queues = self.quick, self.short, self.long
        for number, queue in enumerate(queues[:-1]):
            longer_waits = any(queues[number + 1 :])
            if queue and not (longer_waits and self._turns[number] >= SHORT_TURNS):
                self._turns[number] += 1
                return queue
            self._turns[number] = 0
        return self.long

    def end_turn(self, going: bool) -> None:
        """Queue the job whose turn it was again, or take it out."""
        job, self._current = self._current, None
        if job is not None and going:
            self.add(job)

    def _has_slot(self) -> bool:
        running = self._current is not None and self._current_is_long
        return len(self.long) + running < self.slots

    def take_all(self) -> list[J]:
        """Take out all jobs."""
        queues = self.quick, self.short, self.long, self.waiting
        jobs = [job for queue in queues for job in queue]
        for queue in queues:
            queue.clear()
        return jobs
