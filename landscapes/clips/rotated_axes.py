"""Clips in rotated axes: clamping components depends on the choice of axes, scaling the norm does not."""

import math
from typing import Annotated

import torch
from torch import Tensor

from cliffscape.landscapes.clips.family import Threshold, clip, no_calls
from cliffscape.landscapes.clips.norm_and_value import clamp
from cliffscape.landscapes.declare import Range
from cliffscape.landscapes.transform import Transform, stateless


@clip(
    "By value, rotated axes",
    shape="square",
    calls=no_calls("No framework has this rule, which shows how clipping by value depends on the axes."),
)
def by_value_turned(threshold: Threshold = 0.2, angle: Annotated[float, Range(1, 89, symbol="φ")] = 58.1) -> Transform:
    """Clip by value along rotated axes. The result differs from clipping along the coordinate axes.

    Args:
        threshold: The largest magnitude a component along a rotated axis may have.
        angle: The rotation of the axes in degrees; at 58.1 one axis runs across the cliff of the one-unit RNN.

    Formula: g ← R clamp(Rᵀ g), with R the rotation by φ
    Coordinates: the first two are rotated; in training, the others are clamped without rotation. A loss of one
    parameter has no axes to rotate, so its gradient is clamped.
    At threshold: Unchanged except for rounding.
    One Inf: Both components along the axes become v, with their signs: a corner of the square.
    One NaN: Both coordinates become NaN, and the run diverges.
    Norm overflow: No norm is computed.
    Reference: after Goodfellow, Bengio & Courville 2016, section 10.11.1
    """

    def rule(gradient: Tensor) -> Tensor:
        if gradient.shape[-1] == 1:
            return clamp(gradient, threshold)
        x, y, rest = gradient[..., :1], gradient[..., 1:2], gradient[..., 2:]
        # A tensor, because torch.cos takes no float.
        turn = math.pi / 180 * (angle + torch.zeros_like(x))
        cosine, sine = torch.cos(turn), torch.sin(turn)
        along, across = clamp(cosine * x + sine * y, threshold), clamp(cosine * y - sine * x, threshold)
        back = cosine * along - sine * across, sine * along + cosine * across
        return torch.cat([*back, clamp(rest, threshold)], -1)

    return stateless(rule)
