"""Clips with one norm per variable, or per unit (the weights into it).

On a landscape of two parameters, and on a slice, every coordinate is both a variable and a unit.
"""

import math
from collections.abc import Sequence
from typing import Annotated

import torch
from torch import Tensor

from cliffscape.landscapes.clips.family import Call, Threshold, TrainingCalls, clip
from cliffscape.landscapes.declare import Range
from cliffscape.landscapes.transform import State, Transform, Variables, plain_norm

# Consecutive coordinates of theta, as pairs: the number of groups, and the entries per group.
Groups = Sequence[tuple[int, int]]


def variable_groups(variables: Variables | None, size: int) -> Groups:
    """Every variable as a group; ``size`` is the number of coordinates."""
    return [(size, 1)] if variables is None else [(1, math.prod(shape)) for shape in variables.values()]


def unit_groups(variables: Variables | None, size: int) -> Groups:
    """Every row of a matrix as a group, the weights into one unit, as PyTorch stores them out x in.

    A bias is one group, and so is a matrix with a single row or column, as in optax.
    """
    if variables is None:
        return [(size, 1)]
    rows = [shape[0] if len(shape) == 2 and min(shape) > 1 else 1 for shape in variables.values()]
    return [(count, math.prod(shape) // count) for count, shape in zip(rows, variables.values(), strict=True)]


def group_norms(vector: Tensor, groups: Groups) -> Tensor:
    """For every entry of ``vector`` ``(..., D)`` the norm of its group, as a plain root of the sum of squares."""
    found = []
    for part, group in zip(torch.split(vector, [count * size for count, size in groups], -1), groups, strict=True):
        rows = torch.unflatten(part, -1, group)
        found.append(plain_norm(rows).expand_as(rows).flatten(-2))
    return torch.cat(found, -1)


@clip(
    "By variable (Keras)",
    shape="square",
    calls=TrainingCalls(
        Call(
            "for parameter in model.parameters():\n    torch.nn.utils.clip_grad_norm_(parameter, max_norm={threshold})",
            "PyTorch adds 10⁻⁶ to the norm.",
        ),
        Call("clipnorm={threshold}"),
        "optax has no such rule. Its clip_by_block_rms bounds the root mean square of each array instead of its norm.",
    ),
)
def by_variable_keras(threshold: Threshold = 0.2, variables: Variables | None = None) -> Transform:
    """What Keras does with clipnorm: each variable's gradient is clipped separately, so the direction may change.

    Args:
        threshold: clipnorm; the largest gradient norm of a variable that passes unchanged.

    Formula: for every variable k: gₖ ← gₖ v/max(‖gₖ‖, v)
    Variables: in training, each weight matrix and each bias; on a landscape or a slice, each coordinate.
    At threshold: Unchanged.
    One Inf: That entry becomes NaN, the others of its variable 0; other variables are not affected.
    One NaN: Its variable becomes NaN; other variables are not affected.
    Norm overflow: The variable's norm becomes Inf, and its gradient 0.
    Reference: Keras 3, keras.optimizers.Optimizer(clipnorm=...)
    """

    def update(gradient: Tensor, state: State, theta: Tensor) -> tuple[Tensor, State]:
        length = group_norms(gradient, variable_groups(variables, theta.shape[-1]))
        return gradient * threshold / torch.maximum(length, threshold + torch.zeros_like(length)), state

    return Transform(lambda theta: (), update)


@clip(
    "Adaptive, by unit",
    shape="",
    calls=TrainingCalls(
        "PyTorch has no function for it. timm has one: call timm.utils.agc.adaptive_clip_grad(model.parameters(), "
        "clip_factor={factor}) between loss.backward() and optimizer.step().",
        "Keras has no such rule.",
        Call("optax.chain(optax.adaptive_grad_clip({factor}), {optimizer})"),
    ),
)
def adaptive_by_unit(
    factor: Annotated[float, Range(1e-6, 10, log=True, symbol="λ")] = 0.05, variables: Variables | None = None
) -> Transform:
    """Adaptive gradient clipping: the norm of a unit's gradient is at most a fraction of the norm of its weights.

    Args:
        factor: The largest gradient norm of a unit, as a share of the norm of its weights.

    Formula: for every unit i: if not ‖gᵢ‖ < m: gᵢ ← gᵢ m/max(‖gᵢ‖, 10⁻⁶), with m = λ max(‖wᵢ‖, 10⁻³)
    Units: in training, each row of a weight matrix and each bias; on a landscape or a slice, each coordinate.
    At threshold: Scaled by 1, so only rounding changes it.
    One Inf: That entry becomes NaN, the others of its unit 0; other units are not affected.
    One NaN: Its unit becomes NaN; other units are not affected.
    Norm overflow: The unit's norm becomes Inf, and its gradient 0.
    Reference: Brock, De, Smith & Simonyan 2021; DeepMind 2020, optax 0.2.8, optax.adaptive_grad_clip
    """

    def update(gradient: Tensor, state: State, theta: Tensor) -> tuple[Tensor, State]:
        groups = unit_groups(variables, theta.shape[-1])
        length, weight = group_norms(gradient, groups), group_norms(theta, groups)
        # 1e-3 and 1e-6 are the constants of optax.
        most = factor * torch.maximum(weight, torch.full_like(weight, 1e-3))
        scaled = gradient * (most / torch.maximum(length, torch.full_like(length, 1e-6)))
        return torch.where(length < most, gradient, scaled), state

    return Transform(lambda theta: (), update)
