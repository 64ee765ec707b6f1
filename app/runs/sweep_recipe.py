"""Sweep recipes: the loss, clip and optimizer of the runs of a Scene's sweep."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor

from cliffscape.app.compute.cores import Cores
from cliffscape.app.runs.network import SliceView
from cliffscape.app.runs.pair import RunName, stream_values
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.catalogue import CLIPS, OPTIMIZERS, SCHEDULES
from cliffscape.landscapes.descent.batch import DIAGONAL, SOLVED, SweepRecipe, Values, numbers_of
from cliffscape.landscapes.loss import Measure
from cliffscape.landscapes.optimizers.schedules import with_schedule
from cliffscape.landscapes.optimizers.sharpness_aware import with_displacement
from cliffscape.landscapes.transform import Transform, with_own_stream

FAMILIES = ("optimizer", "schedule", "clip")


def clip_kind(scene: Scene, run: RunName) -> str:
    """The kind of a run's clip."""
    return str(scene.clip.kind) if run == "with" else "none"


def numeric_parameters(scene: Scene, *families: str) -> dict[str, float]:
    """Values of the families' numeric parameters by dotted name."""
    found = {f"{family}.{name}": value for family in families for name, value in scene.parameters(family).items()}
    return {name: float(value) for name, value in found.items() if not isinstance(value, str)}


def sweep_recipe(scene: Scene, run: RunName, varied: Sequence[str] = ()) -> SweepRecipe:
    """The sweep recipe of a run on a landscape of two parameters; ``varied`` are the swept parameters."""
    structural = {name: scene.parameters("landscape")[name] for name in scene.surface.structural}
    kinds = scene.landscape.kind, scene.optimizer.kind, clip_kind(scene, run), scene.schedule.kind
    own = any(name.startswith("landscape.") for name in varied)
    return SweepRecipe(*kinds, structural, numeric_parameters(scene, "landscape", *FAMILIES), own)


@dataclass(frozen=True)
class NetworkSweepRecipe:
    """The sweep recipe of a run on a network's slice, with explicit gradients, which ``cores`` compute together."""

    scene: Scene
    run: RunName
    view: SliceView
    cores: Cores

    @property
    def parameters(self) -> dict[str, float]:
        """Values of the optimizer's, the schedule's and the clip's parameters. The minimum of a slice is unknown."""
        families = FAMILIES if self.run == "with" else FAMILIES[:2]
        return {**numeric_parameters(self.scene, *families), SOLVED: -math.inf, DIAGONAL: self.diagonal}

    @property
    def diagonal(self) -> float:
        """The diagonal of the slice's default window."""
        return self.scene.surface.window.diagonal

    @property
    def weight(self) -> int:
        """One loss per run; the caller limits the memory of a batch."""
        return 1

    def build(self, values: Values) -> tuple[Measure, Transform, Transform]:
        """Loss with gradient, clip and optimizer."""
        rule: Transform = OPTIMIZERS[self.scene.optimizer.kind].function(**numbers_of("optimizer", values))
        schedule = SCHEDULES[self.scene.schedule.kind].function(**numbers_of("schedule", values))
        optimizer = with_schedule(rule, schedule)
        chosen: Transform = CLIPS[clip_kind(self.scene, self.run)].function(**numbers_of("clip", values))
        clip = with_own_stream(
            chosen, {name: values.get(name, number) for name, number in stream_values(self.scene).items()}
        )
        return with_displacement(self.measure, optimizer), clip, self.view.with_curvature(optimizer)

    def loss_at(self, values: Values, theta: Tensor) -> Tensor:
        """The loss ``(L,)``, with the bits that a descent has."""
        return self.measure(theta)[0]

    def measure(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """Loss ``(L,)`` and gradient ``(L, 2)`` on the slice. No lane depends on others, so the cores share them."""
        value, gradient = self.cores.map_lanes(self.view.value_and_gradient, points, self.view.fewest_lanes)
        return value, gradient
