"""The steps of a pair of runs with the vectors of the page's lens, and the pair of one Scene."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from cliffscape.app.compute.batches import Member
from cliffscape.app.runs.network import SliceView, descent_on_slice
from cliffscape.app.runs.pair import Pair, build_pair
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.descent.descend import Record


class Steps(NamedTuple):
    """Steps of the pairs of a batch: records, gradients, and inputs and outputs of the clip, ``(K, 2, R, ...)``.

    Those of one pair have no axis R.
    """

    record: Record
    gradient: Tensor
    raw: Tensor
    clipped: Tensor

    def map(self, function: Callable[[Tensor], Tensor]) -> "Steps":
        """The steps with ``function`` applied to every tensor."""
        record, *arrows = self
        return Steps(Record(*map(function, record)), *map(function, arrows))


def join_steps(parts: Sequence[Steps]) -> Steps:
    """Steps one after the other."""
    records, *arrows = zip(*parts, strict=True)
    return Steps(Record(*map(torch.cat, zip(*records, strict=True))), *map(torch.cat, arrows))


def with_arrows(both: Pair, records: Iterator[Record]) -> Iterator[Steps]:
    """The records of a descent, with the vectors that the pair has noted."""
    for record in records:
        noted = both.history[-len(record.loss) :]
        yield Steps(record, *map(torch.stack, zip(*noted, strict=True)))
        both.history.clear()


class SinglePair:
    """The work of a batch of one: the pair of a generator of its steps. See ``Work``."""

    def __init__(self, pieces: Callable[[], Iterator[Steps]]) -> None:
        self.pieces, self.found = pieces(), list[Steps]()
        self.member: Member[Scene] | None = None

    def add(self, member: Member[Scene]) -> bool:
        """Only the first."""
        if self.member is not None:
            return False
        self.member = member
        return True

    def advance(self) -> None:
        """The next steps."""
        assert self.member is not None
        try:
            self.found.append(next(self.pieces))
        except StopIteration:
            self.member.finished = True

    def done(self, member: Member[Scene]) -> int:
        """How many rows of its trajectories the member has."""
        return sum(len(steps.record.loss) for steps in self.found)

    def steps_of(self, member: Member[Scene]) -> Steps:
        """The steps so far."""
        self.found[:] = [join_steps(self.found)]
        return self.found[0]


def descend_pair(view: SliceView, scene: Scene) -> Iterator[Steps]:
    """The pair of one Scene on a slice, ``(K, 2, ...)`` at a time."""
    both = build_pair(scene)
    yield from with_arrows(both, descent_on_slice(scene, view, both))
