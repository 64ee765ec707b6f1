"""Turns: which job of the compute worker computes its next chunk.

Quick jobs come before short ones, so that a first picture does not wait for everybody's fine ones. Short jobs come
before long ones, so that a drag does not wait for a training run or a fine outcome map. Short and long jobs take turns
with others of their length. Quick ones do not: if a hundred people ask at once, with turns all of them would wait as
long as the last one. First pictures come before other quick work, so that everybody has one soon.
Long jobs of one group, such as parts of a frame, share a turn and end one after the other: the result of the first is
on its way while the next one is computed.

Longer work ends even if somebody always has shorter work, because it has a share of the time. It is a share of the time
and not of the turns, since a turn of long work may take ten times as long as a quick one.
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

# The costs, in milliseconds of one core, up to which a job is one of first pictures, quick, and short.
FIRST, QUICK, SHORT = 60, 100, 2000
LONG = SHORT + 1
# After a turn of a longer job, shorter ones have the next turns for so many times as long.
TIMES = 8
# The seconds that the shorter ones have at the start.
START = 0.5

J = TypeVar("J")


@dataclass
class Share:
    """How shorter and longer jobs share the time: ``left`` are the seconds of the shorter ones before a longer one."""

    left: float = START

    def is_for_shorter(self, shorter: bool, longer: bool) -> bool:
        """Whether a shorter job has the turn, if there are such jobs and longer ones."""
        return shorter and not (longer and self.left <= 0)

    def spend(self, seconds: float, shorter: bool) -> None:
        """Count a turn of a shorter or of a longer job."""
        self.left = self.left - seconds if shorter else TIMES * seconds


@dataclass
class Turns(Generic[J]):
    """Jobs in the order of their turns. ``cost`` is that of a job's current work, which may change from turn to turn.

    At most ``slots`` long jobs take turns, and further ones wait: their results are large. ``group`` names the group of
    a long job, or is empty. ``clock`` gives seconds.
    """

    slots: int
    cost: Callable[[J], float]
    clock: Callable[[], float] = time.monotonic
    group: Callable[[J], str] = lambda job: ""
    first: deque[J] = field(default_factory=deque)
    quick: deque[J] = field(default_factory=deque)
    short: deque[J] = field(default_factory=deque)
    long: deque[J] = field(default_factory=deque)
    waiting: deque[J] = field(default_factory=deque)
    _shares: tuple[Share, Share, Share] = field(default_factory=lambda: (Share(), Share(), Share()))
    _current: J | None = None
    _current_is_long: bool = False
    _began: float = 0
    # The shares that decided about the current turn, and whether it is one of a shorter job.
    _decided: list[tuple[Share, bool]] = field(default_factory=list)

    def __len__(self) -> int:
        return sum(map(len, self._queues())) + (self._current is not None)

    def _queues(self) -> tuple[deque[J], ...]:
        return self.first, self.quick, self.short, self.long, self.waiting

    def add(self, job: J, ahead: bool = False) -> None:
        """Queue a job, behind all others of its length; ``ahead`` queues a quick one before them.

        A long one is ``ahead`` only of its group.
        """
        cost = self.cost(job)
        if cost <= QUICK:
            queue = self.first if cost <= FIRST else self.quick
            (queue.appendleft if ahead else queue.append)(job)
        elif cost <= SHORT:
            self.short.append(job)
        elif self._has_slot():
            self.long.append(job)
            if ahead:
                self._move_behind(job)
        else:
            self.waiting.append(job)

    def _move_behind(self, job: J) -> None:
        """Queue the other jobs of a long job's group behind it."""
        group = self.group(job)
        for other in [one for one in self.long if group and one is not job and self.group(one) == group]:
            self.long.remove(other)
            self.long.append(other)

    def next(self) -> J | None:
        """The job whose turn it is, if there is one. Call ``end_turn`` after its turn."""
        while self.waiting and self._has_slot():
            self.long.append(self.waiting.popleft())
        self._decided.clear()
        queue = self._queue()
        self._current_is_long, self._began = queue is self.long, self.clock()
        self._current = queue.popleft() if queue else None
        return self._current

    def _queue(self) -> deque[J]:
        """The queue that has the turn."""
        quick, all_quick, all_short = self._shares
        if self._decide(all_quick, bool(self.first or self.quick), bool(self.short or self.long)):
            return self.first if self._decide(quick, bool(self.first), bool(self.quick)) else self.quick
        return self.short if self._decide(all_short, bool(self.short), bool(self.long)) else self.long

    def _decide(self, share: Share, shorter: bool, longer: bool) -> bool:
        self._decided.append((share, share.is_for_shorter(shorter, longer)))
        return self._decided[-1][1]

    def end_turn(self, going: bool) -> None:
        """Queue the job whose turn it was again, or take it out."""
        job, self._current = self._current, None
        seconds = self.clock() - self._began
        for share, shorter in self._decided:
            share.spend(seconds, shorter)
        if job is not None and going:
            self.add(job, ahead=True)

    def _has_slot(self) -> bool:
        running = self._current is not None and self._current_is_long
        return len(self.long) + running < self.slots

    def take_all(self) -> list[J]:
        """Take out all jobs."""
        jobs = [job for queue in self._queues() for job in queue]
        for queue in self._queues():
            queue.clear()
        return jobs
