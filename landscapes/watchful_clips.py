"""Clips that watch the run: one learns its threshold from the norms before, one only asks whether there are numbers."""

import math
from typing import Annotated

import torch
from torch import Tensor

from landscapes.clips import State, Transform, clip, norm, stateless
from landscapes.declare import Range


@clip("Skip what is not finite")
def skip_nonfinite() -> Transform:
    """A gradient with Inf or NaN in it is replaced by zero, everything else is used as it is.

    Formula: if any g_i is Inf or NaN: g ← 0
    At the threshold: there is none.
    Inf or NaN: the gradient becomes 0; with plain gradient descent the run then stands still for good.
    Norm overflow: none, no norm is formed.
    Reference: DeepMind 2020, optax.apply_if_finite; torch.amp.GradScaler skips such steps as well
    """

    def rule(gradient: Tensor) -> Tensor:
        # Inf − Inf and NaN − NaN are NaN; of numbers the difference is 0.
        strange = (gradient - gradient).abs().sum(-1, keepdim=True) != 0
        return torch.where(strange, torch.zeros_like(gradient), gradient)

    return stateless(rule)


@clip("ZClip")
def zclip(
    score: Annotated[float, Range(0.5, 10, log=True, symbol="z")] = 2.5,
    decay: Annotated[float, Range(0.5, 0.999, symbol="α")] = 0.97,
    warm_up: Annotated[int, Range(2, 200, log=True)] = 25,
) -> Transform:
    """Clip what stands out: norms more than a few standard deviations above the mean of those before.

    The fixed bound that its authors set beside it is left out: that is clipping by norm.

    Args:
        score: How many standard deviations above the mean a norm may be.
        decay: The share of mean and variance that is kept from step to step.
        warm_up: How many steps are only watched before anything is clipped.

    Formula: z = (‖g‖ − μ)/(s + 10⁻⁶); if z > z₀: g ← g/‖g‖ (μ + z₀ s z₀/z); then μ, s² ← means with the clipped norm
    At the threshold: untouched.
    Inf or NaN: passed on, and mean and variance are left as they were.
    Norm overflow: none, the norm is scaled by the largest entry first.
    Reference: Kumar et al. 2025, ZClip, algorithm 1
    """

    def init(theta: Tensor) -> State:
        zero = torch.zeros_like(theta[..., :1])
        return zero, zero.clone(), zero.clone()

    def update(gradient: Tensor, state: State, theta: Tensor) -> tuple[Tensor, State]:
        mean, variance, step = state
        length = norm(gradient)
        deviation = torch.sqrt(variance)
        above = (length - mean) / (deviation + 1e-6)
        outlier = (above > score) & (step >= warm_up) & (length < math.inf)
        allowed = torch.where(outlier, mean + score * deviation * score / above, length)
        clipped = torch.where(outlier, gradient / length * allowed, gradient)
        warming = step < warm_up
        # While it warms up, the mean and variance of all norms so far; then moving ones.
        weight = torch.where(warming, 1 / (step + 1), 1 - decay + torch.zeros_like(step))
        finite = length < math.inf
        moved = mean + weight * (allowed - mean)
        spread = torch.where(
            warming,
            variance + (((allowed - mean) * (allowed - moved)) - variance) * weight,
            decay * variance + (1 - decay) * (allowed - moved) ** 2,
        )
        return clipped, (torch.where(finite, moved, mean), torch.where(finite, spread, variance), step + 1)

    return Transform(init, update)
