"""Batches: work of several jobs that costs little more for all of them than for one.

A job joins the batch of its key, even while that is in progress if its work allows it, and leaves when its own part is
done. The turns of every member advance the whole batch. Where a batch takes no more members, the next one waits for it
and grows meanwhile. All of this runs on the compute worker's thread.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

M = TypeVar("M")


@dataclass(eq=False)
class Member(Generic[M]):
    """One job's part of a batch: what it contributes, whether its part is done, and whether the job has left."""

    value: M
    finished: bool = False
    left: bool = False


class Work(Protocol[M]):
    """The work of a batch."""

    def add(self, member: Member[M]) -> bool:
        """Take a member in, from the next piece on; False if the work has gone too far for that."""

    def advance(self) -> None:
        """Compute one piece for all members that have not left, and mark those whose part is done as finished."""


W = TypeVar("W", bound=Work[Any])


@dataclass(eq=False)
class Batch(Generic[M, W]):
    """A batch of at most ``most`` members at a time.

    ``earlier`` is the batch of the same key that must finish before this one starts.
    """

    work: W
    most: int
    earlier: "Batch[M, W] | None" = None
    members: list[Member[M]] = field(default_factory=list)
    _failure: Exception | None = None

    def add(self, member: Member[M]) -> bool:
        """Take a member in, if there is room for it and the work allows it."""
        if self._failure is not None or len(self.active) >= self.most or not self.work.add(member):
            return False
        self.members = [*self.active, member]
        return True

    @property
    def active(self) -> list[Member[M]]:
        """The members that still need the work."""
        return [member for member in self.members if not (member.left or member.finished)]

    @property
    def finished(self) -> bool:
        """Whether nobody needs the work any more, or it has failed."""
        return self._failure is not None or not self.active

    def advance(self) -> None:
        """Compute one piece of the batch, or of the earlier one that it waits for.

        Raises:
            Exception: the work failed; every member sees the same error.
        """
        if self._failure is not None:
            raise self._failure
        earlier = self.unfinished_earlier()
        if earlier is not None:
            earlier.advance_for_others()
            return
        try:
            self.work.advance()
        except Exception as failure:
            self._failure = failure
            raise

    def advance_for_others(self) -> None:
        """Compute one piece. Its members will see an error at their own turn."""
        try:
            self.advance()
        except Exception:
            if self._failure is None:
                raise

    def unfinished_earlier(self) -> "Batch[M, W] | None":
        """The batch that must finish before this one starts, if there still is one."""
        # A batch that everybody left before its start ends while the one before it is in progress.
        while self.earlier is not None and self.earlier.finished:
            self.earlier = self.earlier.earlier
        return self.earlier


class Batches:
    """The newest batch of each key."""

    def __init__(self) -> None:
        self._newest: dict[Hashable, Batch[Any, Any]] = {}

    @contextmanager
    def join(self, key: Hashable, member: Member[M], most: int, begin: Callable[[], W]) -> Iterator[Batch[M, W]]:
        """Take part in a batch of at most ``most`` members; ``begin`` creates the work of a new one."""
        newest: Batch[M, W] | None = self._newest.get(key)
        if newest is not None and newest.add(member):
            batch = newest
        else:
            batch = self._newest[key] = Batch(begin(), most, newest)
            batch.add(member)
        try:
            yield batch
        finally:
            member.left = True
            if batch.finished and self._newest.get(key) is batch:
                self._remove_newest(key)

    def _remove_newest(self, key: Hashable) -> None:
        # The next batch of the key must still wait for an earlier one that is in progress.
        earlier = self._newest[key].unfinished_earlier()
        if earlier is not None:
            self._newest[key] = earlier
        else:
            del self._newest[key]
