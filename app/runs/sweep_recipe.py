"""Sweep recipes: what the runs of a Scene's sweep descend, and how."""

import math
from dataclasses import dataclass

from cliffscape.app.runs.network import View
from cliffscape.app.runs.pair import RunName
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.catalogue import CLIPS, OPTIMIZERS, SCHEDULES
from cliffscape.landscapes.descent.batch import SOLVED, SweepRecipe, Values
from cliffscape.landscapes.descent.descend import Measure
from cliffscape.landscapes.optimizers.schedules import with_schedule
from cliffscape.landscapes.transform import Transform

FAMILIES = ("optimizer", "schedule", "clip")


def clip_of(scene: Scene, run: RunName) -> str:
    """The kind of clip a run has."""
    return str(scene.clip.kind) if run == "with" else "none"


def numbers(scene: Scene, *families: str) -> dict[str, float]:
    """Values of the families' parameters by dotted name."""
    found = {f"{family}.{name}": value for family in families for name, value in scene.parameters(family).items()}
    return {name: float(value) for name, value in found.items() if not isinstance(value, str)}


def sweep_recipe(scene: Scene, run: RunName) -> SweepRecipe:
    """What a run descends on a landscape of two parameters."""
    structural = {name: scene.parameters("landscape")[name] for name in scene.surface.structural}
    kinds = scene.landscape.kind, scene.optimizer.kind, clip_of(scene, run), scene.schedule.kind
    return SweepRecipe(*kinds, structural, numbers(scene, "landscape", *FAMILIES))


@dataclass(frozen=True)
class NetworkSweepRecipe:
    """What a run descends on a net's slice: the gradient by hand, in PyTorch."""

    scene: Scene
    run: RunName
    view: View

    @property
    def parameters(self) -> dict[str, float]:
        """Values of the optimizer's, the schedule's and the clip's parameters; of a slice no minimum is known."""
        families = FAMILIES if self.run == "with" else FAMILIES[:2]
        return {**numbers(self.scene, *families), SOLVED: -math.inf}

    @property
    def diagonal(self) -> float:
        """The diagonal of the slice's own window."""
        return self.scene.surface.window.diagonal

    @property
    def weight(self) -> int:
        """One loss a run; how many fit into memory is the caller's to know."""
        return 1

    def build(self, values: Values) -> tuple[Measure, Transform, Transform]:
        """Loss with gradient, clip and optimizer."""

        def of(family: str) -> dict[str, object]:
            return {name.partition(".")[2]: value for name, value in values.items() if name.startswith(f"{family}.")}

        rule: Transform = OPTIMIZERS[self.scene.optimizer.kind].function(**of("optimizer"))
        optimizer = with_schedule(rule, SCHEDULES[self.scene.schedule.kind].function(**of("schedule")))
        clip: Transform = CLIPS[clip_of(self.scene, self.run)].function(**of("clip"))
        return self.view.value_and_gradient, clip, self.view.with_curvature(optimizer)
