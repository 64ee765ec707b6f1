"""Clips that compute their threshold from the gradient norms of earlier steps."""

import math
from typing import Annotated

import torch
from torch import Tensor

from cliffscape.landscapes.clips.family import Call, TrainingCalls, clip
from cliffscape.landscapes.declare import Range
from cliffscape.landscapes.transform import State, Transform, norm, plain_norm


@clip(
    "ZClip",
    shape="",
    calls=TrainingCalls(
        "PyTorch has no function for it. The authors have a package, github.com/bluorion-com/ZClip, with "
        "zclip.step(model) between loss.backward() and optimizer.step(), for zclip = ZClip(alpha={decay}, "
        "z_thresh={score}). It has a bound on the norm in addition.",
        "Keras has no such rule.",
        "optax has no such rule.",
    ),
)
def zclip(
    score: Annotated[float, Range(0.5, 10, log=True, symbol="z")] = 2.5,
    decay: Annotated[float, Range(0.5, 0.999, symbol="α")] = 0.97,
    warm_up: Annotated[int, Range(2, 200, log=True)] = 25,
) -> Transform:
    """Clip outliers: gradient norms more than a few standard deviations above the mean of earlier norms.

    The authors combine it with a fixed bound. That bound is left out here, since it is clipping by norm.

    Args:
        score: How many standard deviations above the mean a norm may be.
        decay: The share of mean and variance that is kept from step to step.
        warm_up: The number of steps before clipping begins.

    Formula: z = (‖g‖ − μ)/(s + 10⁻⁶); if z > z₀: g ← g/‖g‖ (μ + z₀ s z₀/z); then μ, s² ← means with the clipped norm
    At threshold: Unchanged.
    One Inf: Passed on; mean and variance stay as they were. During the warm-up this step is still counted, so later
    norms have less weight in the mean.
    One NaN: Passed on; mean and variance stay as they were. During the warm-up this step is still counted.
    Norm overflow: Clipped like any other gradient after the warm-up. During the warm-up the variance becomes Inf or
    NaN, with this gradient or with the next, and nothing is clipped, then or later.
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
        # During the warm-up the mean and variance of all norms so far, then moving averages.
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


def percentile_of(rows: Tensor, share: float | Tensor) -> Tensor:
    """The percentile ``(..., 1)`` of sorted ``rows`` ``(..., N)``, NaN if one of them is; rounded as in NumPy.

    As in NumPy, interpolating between a finite number and Inf, or between two Infs, gives NaN.
    """
    last = rows.shape[-1] - 1
    place = share / 100 * last + torch.zeros_like(rows[..., :1])
    below = place.floor().clamp(0, last)
    low, high = (rows.gather(-1, index.long()) for index in (below, (below + 1).clamp(max=last)))
    # Sorting puts NaN at the end.
    return torch.where(rows[..., -1:].isnan(), torch.nan, interpolate(low, high, place - below))


def interpolate(low: Tensor, high: Tensor, part: Tensor) -> Tensor:
    """The value between ``low`` and ``high``, from the nearer end: as NumPy does, for the same rounding."""
    return torch.where(part < 0.5, low + (high - low) * part, high - (high - low) * (1 - part))


HISTORY = "AutoClip stores every norm of the run, but a kernel in the browser has a fixed number of variables."


def percentile_calls(norms: str) -> TrainingCalls:
    """The calls for clipping by norm to a percentile of ``norms``, an expression of the empty list of norms."""
    code = (
        "norms.append(torch.nn.utils.get_total_norm([p.grad for p in model.parameters() if p.grad is not None]))\n"
        "limit = torch.quantile(torch.stack([*norms]).double(), {percentile} / 100)\n"
        "torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=float(limit))"
    )
    return TrainingCalls(
        Call(code, "PyTorch has no function for it, but these lines are the rule.", f"norms = {norms}"),
        "Keras has no such rule.",
        "optax has no such rule.",
    )


@clip("AutoClip", shape="", no_kernel=HISTORY, calls=percentile_calls("[]"))
def autoclip(percentile: Annotated[float, Range(0, 100, symbol="p")] = 10.0) -> Transform:
    """Clip by norm to a percentile of all gradient norms so far, including the current one.

    The published rule stores the norms of the whole run, so it cannot be swept. AutoClip with a window can.

    Args:
        percentile: Which percentile of the norms is the threshold; with 100 gradients keep almost all of their length.

    Formula: v ← p-th percentile of ‖g₁‖, …, ‖gₜ‖; g ← g min(1, v/(‖g‖ + 10⁻⁶))
    At threshold: Scaled by slightly less than 1; the first gradient is always at the threshold.
    One Inf: That entry becomes NaN, the others 0, if the percentile ranks below the largest finite norm. If not, all
    entries become NaN, as at the first gradient. The Inf stays among the norms.
    One NaN: All entries become NaN, and so does the percentile from then on.
    Norm overflow: The norm counts as Inf: every entry becomes 0, if the percentile ranks below the largest finite norm.
    If not, every entry becomes NaN, as at the first gradient. The Inf stays among the norms.
    Reference: Seetharaman, Wichern, Pardo & Le Roux 2020, algorithm 1, with NumPy's linear interpolation
    """

    def update(gradient: Tensor, state: State, theta: Tensor) -> tuple[Tensor, State]:
        length = plain_norm(gradient)
        history = torch.cat([state[0], length], -1).sort(-1).values
        coefficient = percentile_of(history, percentile) / (length + 1e-6)
        return gradient * torch.minimum(coefficient, torch.ones_like(coefficient)), (history,)

    return Transform(lambda theta: (theta[..., :0],), update)
