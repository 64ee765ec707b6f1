"""Stages: a frame that is divided is computed in one stage after the other, each with parts that are independent."""

import itertools
import math
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from cliffscape.app.compute.cache import FrameGenerator, Turn
from cliffscape.app.compute.encoding import Frame
from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames.division.paces import Paces
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.generators import map_yields

# Seconds on one core from which work is divided.
DIVIDED_SECONDS = 0.4
# About how long a part takes, and the shortest one. A part costs an actor and the web process about 5 ms of processor
# time each besides its work, for its messages and its numbers on the way.
PART_SECONDS, SHORTEST = 0.25, 0.02
# Parts for each actor, at least and at most. With several, those that have quick parts take more of them.
FEWEST, MOST = 2, 16


@dataclass(frozen=True)
class Actors:
    """How many actors compute parts at the same time, whether they have GPUs, and their paces so far."""

    count: int = 1
    gpu: bool = False
    paces: Paces = field(default_factory=Paces)


class TrainedSeeds(NamedTuple):
    """The Scene whose training run a part advances, and which of its seeds, counted from 0; None for all."""

    scene: Scene
    seeds: range | None = None


@dataclass(frozen=True)
class StagePart:
    """A part of a stage. ``work`` is a function of a module, or a part of one, because other processes get it pickled.

    Its generator yields None after a chunk, a preview, or a value for ``show`` of the stage.
    """

    work: Callable[[Workspace], Generator[Any, None, Any]]
    trained: TrainedSeeds | None = None


def show_nothing(number: int, value: Any) -> Frame | None:
    """A stage without previews."""
    return None


@dataclass(frozen=True)
class Stage:
    """Parts, and ``show``, which makes a preview, or nothing, of the number of a part and of what it has yielded."""

    parts: Sequence[StagePart]
    show: Callable[[int, Any], Frame | None] = show_nothing

    def preview(self, number: int, value: Any) -> Frame | None:
        """The preview of something that a part has yielded. A frame is shown as it is."""
        return value if isinstance(value, Frame) else self.show(number, value)


# A frame in stages: it is sent the results of each, in the order of the parts.
Division = Generator[Stage, list[Any], Frame]


def compute_alone(division: Division, workspace: Workspace) -> FrameGenerator:
    """The frame, with all parts computed one after the other in this process."""
    results: list[Any] | None = None
    while True:
        try:
            stage = next(division) if results is None else division.send(results)
        except StopIteration as end:
            frame: Frame = end.value
            return frame
        results = []
        for number, part in enumerate(stage.parts):
            found = yield from map_yields(part.work(workspace), partial(preview_or_turn, stage, number))
            results.append(found)


def preview_or_turn(stage: Stage, number: int, value: Any) -> Frame | Turn | None:
    """What a frame generator yields for something that a part has yielded."""
    return value if value is None or isinstance(value, Turn) else stage.preview(number, value)


def count_parts(seconds: float, actors: Actors) -> int:
    """How many parts are worth it for work of so many seconds on one core; 1 if it is not divided."""
    return share_parts([seconds], actors)[0]


def share_parts(seconds: Sequence[float], actors: Actors) -> list[int]:
    """How many parts each of several pieces of work has, in proportion to the ``seconds`` that it takes on one core.

    Every actor has as many of them, because parts of one piece often take the same time.
    """
    whole = sum(seconds)
    if actors.count == 1 or whole < DIVIDED_SECONDS:
        return [1] * len(seconds)
    each = min(MOST, max(FEWEST, whole / actors.count / PART_SECONDS))
    shares = [actors.count * max(1, round(each * one / whole)) if whole else 1 for one in seconds]
    return [max(1, min(share, int(one / SHORTEST))) for share, one in zip(shares, seconds, strict=True)]


def split(count: int, parts: int, unit: int = 1) -> list[tuple[int, int]]:
    """About ``parts`` equal ranges of ``count`` things, first and last plus one; each begins at a multiple of ``unit``.

    There is at least one, which may be empty.
    """
    units = math.ceil(count / unit)
    parts = max(1, min(parts, units))
    bounds = [min(count, units * k // parts * unit) for k in range(parts + 1)]
    return list(itertools.pairwise(bounds))
