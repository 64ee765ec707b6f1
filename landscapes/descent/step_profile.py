"""The loss along a step, and the change that slope and curvature at its start predict."""

import math
from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

from cliffscape.landscapes.loss import Loss, value_and_gradient

# The linear model holds while the change that it predicts is right to a tenth.
BELIEF = 0.1
# Points along a step, as shares of it: evenly spaced on a log scale, because a cliff is a thousandth of a throw wide.
SMALLEST = 1e-7
# 40 per decade.
PLACES = 281
# A change below this share of the loss is rounding.
ROUNDING = 1e-13


class Models(NamedTuple):
    """At a point, along a direction: loss, slope and curvature ``(...)``."""

    value: Tensor
    slope: Tensor
    curvature: Tensor


class Reach(NamedTuple):
    """Distances along a step: up to which the linear model is right to a tenth, and at which the loss is least."""

    believed: float
    least: float


def models(loss: Loss, theta: Tensor, direction: Tensor) -> Models:
    """Loss, first and second derivative at ``theta`` ``(..., D)`` along ``direction`` ``(..., D)``.

    Linear model: value + s slope; quadratic: + s² curvature/2 (Goodfellow, Bengio & Courville 2016, eq. 4.8-4.9).
    """

    def slope(point: Tensor) -> Tensor:
        return (value_and_gradient(loss, point)[1] * direction).sum(-1)

    first, row = value_and_gradient(slope, theta)
    return Models(loss(theta), first, (row * direction).sum(-1))


def reach(loss: Loss, start: Tensor, step: Tensor) -> Reach:
    """Evaluate the loss along ``step`` ``(D,)`` from ``start`` ``(D,)``, in float64.

    ``believed`` is where the change of the loss first differs by a tenth from what the slope predicts (the whole step
    if it never does), ``least`` is where the loss is least, to a thousandth.
    """
    length = torch.linalg.vector_norm(step)
    direction = step / length
    value, slope, _ = models(loss, start, direction)

    def along(distance: Tensor) -> Tensor:
        return loss(start + distance.unsqueeze(-1) * direction)

    def off(distance: Tensor, height: Tensor) -> Tensor:
        change, predicted = height - value, slope * distance
        # Written so that NaN counts as off, and a difference within rounding does not.
        return ~((change - predicted).abs() <= BELIEF * predicted.abs() + ROUNDING * value.abs())

    places = length * torch.logspace(math.log10(SMALLEST), 0, PLACES, dtype=torch.float64)
    heights = along(places)
    wrong = off(places, heights).nonzero()
    believed = (
        first_true(lambda place: off(place, along(place)), places, int(wrong[0])) if len(wrong) else length.item()
    )
    # argmin would choose a NaN.
    return Reach(believed, refine_minimum(along, places, int(heights.nan_to_num(math.inf).argmin())))


def first_true(off: Callable[[Tensor], Tensor], places: Tensor, first: int) -> float:
    """Where ``off`` begins, between the last place where it is not and the first where it is, by bisection."""
    if first == 0:
        return float(places[0])
    low, high = places[first - 1], places[first]
    # 40 halvings: to less than 1e-13 of the distance.
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if bool(off(middle)) else (middle, high)
    return float(high)


def refine_minimum(along: Callable[[Tensor], Tensor], places: Tensor, best: int) -> float:
    """The place of least loss ``along`` the step around ``places[best]``, on ever finer grids."""
    low, high = places[max(best - 1, 0)], places[min(best + 1, len(places) - 1)]
    # Each round narrows the interval tenfold.
    for _ in range(6):
        closer = torch.linspace(float(low), float(high), 21, dtype=torch.float64)
        found = int(along(closer).nan_to_num(math.inf).argmin())
        low, high = closer[max(found - 1, 0)], closer[min(found + 1, 20)]
    return float((low + high) / 2)
