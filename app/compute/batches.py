"""Batches: work of several jobs that costs little more for all of them than for one.

A job joins the batch of its key that has not started. While another batch of the key is in progress, the job's turns
advance that one, so the batch that has not started grows. All of this runs on the compute worker's thread.
"""

from collections.abc import Callable, Generator, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

M = TypeVar("M")
R = TypeVar("R")
V = TypeVar("V")


@dataclass(eq=False)
class Member(Generic[M]):
    """One job's part of a batch: what it contributes, its row once the batch has started, and whether the job left."""

    value: M
    row: int = -1
    left: bool = False


# Computes a batch: yields the results of its pieces, or None for a piece without one, and returns the last result.
Begin = Callable[[Sequence[Member[M]]], Generator[R | None, None, V]]


@dataclass(eq=False)
class Batch(Generic[M, R, V]):
    """A batch: its members, and the results of its pieces so far.

    ``earlier`` is the batch of the same key that must finish before this one starts.
    """

    begin: Begin[M, R, V]
    most: int
    earlier: "Batch[M, R, V] | None" = None
    members: list[Member[M]] = field(default_factory=list)
    results: list[R] = field(default_factory=list)
    finished: bool = False
    _work: Generator[R | None, None, V] | None = None
    _value: V | None = None
    _failure: Exception | None = None

    @property
    def open(self) -> bool:
        """Whether another job can join."""
        return self._work is None and sum(not one.left for one in self.members) < self.most

    @property
    def abandoned(self) -> bool:
        """Whether nobody waits for the batch any more."""
        return all(member.left for member in self.members)

    def advance(self) -> None:
        """Compute one piece of the batch, or of the earlier one that it waits for."""
        earlier = self.unfinished_earlier()
        if earlier is not None:
            earlier.advance()
            return
        try:
            if self._work is None:
                self._work = self.begin(self._assign_rows())
            result = next(self._work)
        except StopIteration as end:
            self._value, self.finished = end.value, True
        except Exception as failure:
            self._failure, self.finished = failure, True
        else:
            if result is not None:
                self.results.append(result)

    def unfinished_earlier(self) -> "Batch[M, R, V] | None":
        """The batch that must finish before this one starts, if there still is one."""
        # A batch that is abandoned before it starts ends while the one before it is in progress.
        while self.earlier is not None and self.earlier.finished:
            self.earlier = self.earlier.earlier
        return self.earlier

    def _assign_rows(self) -> Sequence[Member[M]]:
        self.members = [member for member in self.members if not member.left]
        for row, member in enumerate(self.members):
            member.row = row
        return self.members

    def value(self) -> V | None:
        """The last result of a finished batch.

        Raises:
            Exception: the work failed; every member sees the same error.
        """
        if self._failure is not None:
            raise self._failure
        return self._value

    def close(self) -> None:
        """End the work."""
        self.finished = True
        if self._work is not None:
            self._work.close()


class Batches:
    """The newest batch of each key."""

    def __init__(self) -> None:
        self._newest: dict[Hashable, Batch[Any, Any, Any]] = {}

    @contextmanager
    def join(self, key: Hashable, member: Member[M], most: int, begin: Begin[M, R, V]) -> Iterator[Batch[M, R, V]]:
        """Take part in a batch of at most ``most`` members; it ends when the last member leaves."""
        batch: Batch[M, R, V] | None = self._newest.get(key)
        if batch is None or not batch.open:
            batch = self._newest[key] = Batch(begin, most, batch)
        batch.members.append(member)
        try:
            yield batch
        finally:
            member.left = True
            if batch.abandoned:
                batch.close()
                if self._newest.get(key) is batch:
                    self._remove_newest(key)

    def _remove_newest(self, key: Hashable) -> None:
        # The next batch of the key must still wait for an earlier one that is in progress.
        earlier = self._newest[key].unfinished_earlier()
        if earlier is not None:
            self._newest[key] = earlier
        else:
            del self._newest[key]
