"""Loss sweep: outcomes on a grid for any loss, clip and optimizer, without names of the catalogue."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.clips.minibatches import over_minibatches
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.descent.axis import Axis
from cliffscape.landscapes.descent.batch import DIAGONAL, SOLVED, Values
from cliffscape.landscapes.descent.outcome import RunResult
from cliffscape.landscapes.descent.sweep import Sweepable, lane_grid, sweep
from cliffscape.landscapes.loss import Loss, Measure, Window
from cliffscape.landscapes.optimizers.curvature_products import with_curvature
from cliffscape.landscapes.optimizers.sharpness_aware import with_displacement
from cliffscape.landscapes.transform import Transform, with_own_stream

PARTS = ("clip", "optimizer")


@dataclass(frozen=True)
class LossRecipe:
    """A loss with functions that build its clip and its optimizer from the swept parameters.

    The axis ``clip.threshold`` is the argument ``threshold`` of ``clip``, and likewise for ``optimizer``; other
    arguments have their defaults, or values from ``functools.partial``. Swept arguments are tensors ``(L, 1)``. A step
    longer than the diagonal of ``window`` is a throw. The loss counts as converged below ``solved``.
    """

    loss: Loss
    clip: Callable[..., Transform]
    optimizer: Callable[..., Transform]
    window: Window
    solved: float | None = None

    @property
    def parameters(self) -> dict[str, float]:
        """The loss that counts as solved, minus infinity if there is none, and the diagonal."""
        return {SOLVED: -math.inf if self.solved is None else self.solved, DIAGONAL: self.diagonal}

    @property
    def diagonal(self) -> float:
        """The length beyond which a step is a throw."""
        return self.window.diagonal

    @property
    def weight(self) -> int:
        """The number of losses that a lane's loss averages: unknown, so one."""
        return 1

    def build(self, values: Values) -> tuple[Measure, Transform, Transform]:
        """Loss with gradient, clip and optimizer, for swept values by name.

        Raises:
            BoundError: a swept parameter belongs neither to the clip nor to the optimizer.
        """
        swept = {name: value for name, value in values.items() if name not in (SOLVED, DIAGONAL)}
        named: dict[str, dict[str, Any]] = {part: {} for part in PARTS}
        for name, value in swept.items():
            part, _, argument = name.partition(".")
            if part not in PARTS or not argument:
                raise BoundError("axis", name, "start.x, start.y, or an argument such as clip.threshold")
            named[part][argument] = value
        optimizer = self.optimizer(**named["optimizer"])
        own = with_own_stream(self.clip(**named["clip"]), swept)
        clip = over_minibatches(self.loss, own, optimizer.displacement)
        measure = with_displacement(partial(value_and_gradient, self.loss), optimizer)
        return measure, clip, with_curvature(self.loss, optimizer)

    def loss_at(self, values: Values, theta: Tensor) -> Tensor:
        """The loss ``(L,)``, which has no swept parameters."""
        with torch.no_grad():
            return self.loss(theta)


def sweep_grid(recipe: Sweepable, axes: tuple[Axis, Axis], side: int, start: Tensor, steps: int) -> RunResult:
    """The outcomes of ``side`` by ``side`` runs, ``(side, side)`` each: the first axis along a row, from the bottom."""
    work = sweep(recipe, lane_grid(axes, side, side, start), steps)
    while True:
        try:
            next(work)
        except StopIteration as end:
            found: RunResult = end.value
            return RunResult(*(column.reshape(side, side) for column in found))
