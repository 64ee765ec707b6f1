"""Turns: which job of the compute worker computes its next chunk.

Short jobs come before long ones, so that a drag does not wait for a training run or a fine outcome map. Jobs of the
same length take turns.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

# The cost, in milliseconds of one core, up to which a job is short.
SHORT = 2000
LONG = SHORT + 1
# After so many turns of short jobs one long job has a turn, so that it ends even if somebody always drags.
SHORT_TURNS = 8

J = TypeVar("J")


@dataclass
class Turns(Generic[J]):
    """Jobs in the order of their turns. ``cost`` is that of a job's current work, which may change from turn to turn.

    At most ``slots`` long jobs take turns, and further ones wait: their results are large.
    """

    slots: int
    cost: Callable[[J], float]
    short: deque[J] = field(default_factory=deque)
    long: deque[J] = field(default_factory=deque)
    waiting: deque[J] = field(default_factory=deque)
    _current: J | None = None
    _current_is_long: bool = False
    _short_turns: int = 0

    def __len__(self) -> int:
        return len(self.short) + len(self.long) + len(self.waiting) + (self._current is not None)

    def add(self, job: J) -> None:
        """Queue a job, behind all others of its length."""
        if self.cost(job) <= SHORT:
            self.short.append(job)
        elif self._has_slot():
            self.long.append(job)
        else:
            self.waiting.append(job)

    def next(self) -> J | None:
        """The job whose turn it is, if there is one. Call ``end_turn`` after its turn."""
        while self.waiting and self._has_slot():
            self.long.append(self.waiting.popleft())
        self._current_is_long = not self.short or (bool(self.long) and self._short_turns >= SHORT_TURNS)
        self._short_turns = 0 if self._current_is_long else self._short_turns + 1
        queue = self.long if self._current_is_long else self.short
        self._current = queue.popleft() if queue else None
        return self._current

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
        queues = self.short, self.long, self.waiting
        jobs = [job for queue in queues for job in queue]
        for queue in queues:
            queue.clear()
        return jobs
