"""The plan: which frames of a Scene to make, cheapest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cliffscape.app import frames
from cliffscape.app.compute.cache import FrameGenerator
from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames.kind import KINDS, FrameKind, Level, kinds_of
from cliffscape.app.scene.schema import Scene
from cliffscape.app.submodules import import_submodules

# Importing the files of this folder fills the table of kinds.
import_submodules(frames)
EVERY = tuple(KINDS)
DEFAULT_KINDS = tuple(name for name, kind in KINDS.items() if not kind.on_request)
# A frame of this cost or more may take minutes on a busy machine, so it has the longer deadline.
LONG = 1000
# Frames of at most this cost are embedded in the page.
INLINE = 20
NO_LEVELS: Mapping[str, int] = {}


@dataclass(frozen=True)
class PlannedFrame:
    """A frame to compute: its kind, level, cache key and cost, and the Scene. These name it in every process."""

    kind: str
    level: Level
    key: str
    cost: float
    scene: Scene

    def begin(self, workspace: Workspace) -> FrameGenerator:
        """Begin to compute it."""
        return KINDS[self.kind].generate(self.scene, self.level, self.key, workspace)

    @property
    def long(self) -> bool:
        """Whether it may take minutes."""
        return self.cost >= LONG

    def finer_than(self, level: int | None) -> bool:
        """Whether its level is above ``level``. Without one, and for a kind in one piece, this always holds."""
        return level is None or self.level is None or bool(self.level > level)


def frames_of(scene: Scene, kind: FrameKind, gpu: bool) -> list[PlannedFrame]:
    """The Scene's frames of one kind, coarse to fine."""
    costs = kind.levels(scene, gpu)
    return [
        PlannedFrame(kind.name, level, key, cost, scene)
        for (level, cost), key in zip(costs.items(), kind.keys(scene, list(costs)), strict=True)
    ]


def plan(
    scene: Scene,
    kinds: Sequence[str] = DEFAULT_KINDS,
    have: Sequence[str] = (),
    gpu: bool = False,
    finer_than: Mapping[str, int] = NO_LEVELS,
) -> list[PlannedFrame]:
    """The Scene's frames of these kinds, without those that the client holds; a GPU adds levels of its own.

    ``finer_than`` leaves out the levels of a kind up to a number, which the client computes itself.
    """
    planned = [one for kind in kinds_of(scene) if kind.name in kinds for one in frames_of(scene, kind, gpu)]
    wanted = [one for one in planned if one.key not in have and one.finer_than(finer_than.get(one.kind))]
    # Frames of equal cost are sorted by kind, so that the order in which files are imported does not matter.
    return sorted(wanted, key=lambda one: (one.cost, one.kind))


def opening(scene: Scene) -> list[PlannedFrame]:
    """The frames that are embedded in the page. The page requests all others."""
    return [frame for frame in plan(scene) if frame.cost <= INLINE]


def frame(scene: Scene, kind: str, level: Level) -> PlannedFrame:
    """The frame of one kind and level."""
    return next(one for one in plan(scene, [kind], gpu=True) if one.level == level)
