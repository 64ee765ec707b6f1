"""Orders: the work that the web process sends to an actor. They name frames by the table of frame kinds."""

from abc import ABC, abstractmethod
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from cliffscape.app.cluster.placement import Placement
from cliffscape.app.compute.cache import Turn
from cliffscape.app.compute.job import Job
from cliffscape.app.compute.turns import LONG
from cliffscape.app.frames.division.stage import StagePart, TrainedSeeds
from cliffscape.app.frames.plan import PlannedFrame
from cliffscape.app.runs.stored_training import restore_run
from cliffscape.app.runs.training import RunState
from cliffscape.app.web.engine import ProcessEngine, Task
from cliffscape.landscapes.generators import map_yields


class Ended(NamedTuple):
    """The result of a part of a stage, as opposed to what the part has yielded before."""

    result: Any


class Made(NamedTuple):
    """A result: bytes of a frame, or what a task has found. A frame that is not a preview comes with its ``key``.

    After one that is ``last`` there is nothing to wait for.
    """

    content: Any
    key: str = ""
    last: bool = False


Work = Generator[Made | None, None, None]


@dataclass(frozen=True)
class Order(ABC):
    """Work for an actor: where it belongs, the training run that it may continue, and the kept state of the run."""

    placement: Placement
    trained: TrainedSeeds | None = None
    kept: RunState | None = None

    @property
    def run(self) -> str:
        """The key of its training run, if it has one."""
        return self.placement.run

    @abstractmethod
    def make(self, engine: ProcessEngine, costs: list[float]) -> Work:
        """The results; the cost of the current part is added to ``costs``."""

    def submit(self, engine: ProcessEngine, seconds: float) -> Job[Made]:
        """Begin on the engine's worker. The web process has counted the job, so it has no sender here.

        Raises:
            BusyError: the worker is full.
        """
        costs: list[float] = [self.cost]
        return engine.worker.submit(self._resume(engine, costs), seconds, lambda: costs[-1], group=self.group)

    @property
    def group(self) -> str:
        """The group of its job, see ``compute/turns.py``."""
        return ""

    @property
    @abstractmethod
    def cost(self) -> float:
        """The cost of its first part."""

    def _resume(self, engine: ProcessEngine, costs: list[float]) -> Work:
        if self.kept is not None and self.trained is not None:
            restore_run(self.trained.scene, self.kept, engine.workspace, self.trained.seeds)
        yield from self.make(engine, costs)


@dataclass(frozen=True)
class FramesOrder(Order):
    """Frames of a Scene, in order."""

    parts: Sequence[PlannedFrame] = ()

    @property
    def cost(self) -> float:
        """That of the first frame."""
        return self.parts[0].cost

    def make(self, engine: ProcessEngine, costs: list[float]) -> Work:
        """The frames, with their previews."""
        for part in self.parts:
            frame = yield from map_yields(engine.make(part, costs), preview)
            yield Made(frame, part.key)

    def after(self, made: Made) -> "FramesOrder":
        """The frames that are still missing after a result."""
        return replace(self, parts=[part for part in self.parts if part.key != made.key]) if made.key else self


@dataclass(frozen=True)
class TaskOrder(Order):
    """A task, such as a file. ``first_cost`` is its cost."""

    task: Task[Any] | None = None
    first_cost: float = LONG

    @property
    def cost(self) -> float:
        """That of the task."""
        return self.first_cost

    def make(self, engine: ProcessEngine, costs: list[float]) -> Work:
        """What the task finds."""
        assert self.task is not None
        yield from map_yields(self.task(engine.workspace), preview)


@dataclass(frozen=True)
class PartOrder(Order):
    """A part of a stage of a frame that is divided, with the key of the frame."""

    part: StagePart | None = None
    frame: str = ""

    @property
    def group(self) -> str:
        """That of the frame."""
        return self.frame

    @property
    def cost(self) -> float:
        """That of long work: short frames come before it."""
        return LONG

    def make(self, engine: ProcessEngine, costs: list[float]) -> Work:
        """What the part yields, and its result."""
        assert self.part is not None
        result = yield from map_yields(self.part.work(engine.workspace), shown)
        yield Made(Ended(result), last=True)


def shown(value: Any) -> Made | None:
    """What a part of a stage has yielded, as a result."""
    return None if value is None or isinstance(value, Turn) else Made(value)


def preview(frame: bytes | None) -> Made | None:
    """A frame before the final one, as a result."""
    return None if frame is None else Made(frame)
