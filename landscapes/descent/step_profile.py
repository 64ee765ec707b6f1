"""The loss along a step, and the change that slope and curvature at its start predict."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from cliffscape.landscapes.derivatives import SecondOrder, value_and_gradient
from cliffscape.landscapes.loss import Derivative, Loss


@dataclass(frozen=True)
class ProfileRule:
    """How the loss along a step is searched. The page gets these numbers with the catalogue.

    The linear model holds while the change that it predicts is right to ``tolerance``, as a share of the prediction. A
    change below the share ``rounding`` of the loss is rounding. The search starts with ``distances`` distances from the
    share ``smallest`` of the step to all of it. They are evenly spaced on a log scale, because a cliff may be a
    thousand times narrower than a step. Then ``halvings`` steps of bisection find where the linear model ends, to less
    than 1e-13 of the distance. The minimum is searched on ``rounds`` grids of ``cells`` cells, each a tenth as wide as
    the one before.
    """

    tolerance: float = 0.1
    rounding: float = 1e-13
    smallest: float = 1e-7
    distances: int = 281
    halvings: int = 40
    rounds: int = 6
    cells: int = 20


RULE = ProfileRule()


class Models(NamedTuple):
    """At a point, along a direction: loss, slope and curvature ``(...)``."""

    value: Tensor
    slope: Tensor
    curvature: Tensor


class Reach(NamedTuple):
    """Distances along a step: up to which the linear model holds, and at which the loss is lowest."""

    linear_until: float
    lowest_at: float


def models(at: SecondOrder, direction: Tensor) -> Models:
    """Loss, first and second derivative at a point along ``direction`` ``(..., D)``.

    Linear model: value + s slope; quadratic: + s² curvature/2 (Goodfellow, Bengio & Courville 2016, eq. 4.8-4.9).
    """
    row = (at.hessian * direction.unsqueeze(-2)).sum(-1)
    return Models(at.value, (at.gradient * direction).sum(-1), (row * direction).sum(-1))


def reach(
    loss: Loss,
    start: Tensor,
    step: Tensor,
    error: float = RULE.tolerance,
    derivative: Derivative = value_and_gradient,
) -> Reach:
    """Evaluate the loss along ``step`` ``(D,)`` from ``start`` ``(D,)``, in float64.

    ``linear_until`` is where the change of the loss first differs by the share ``error`` from what the slope predicts
    (the whole step if it never does). ``lowest_at`` is where the loss is lowest, to a thousandth. Both are the length
    of a step that is 0, Inf or NaN long.
    """
    length = torch.linalg.vector_norm(step)
    if not 0 < length < math.inf:
        return Reach(length.item(), length.item())
    direction = step / length
    value, gradient = derivative(loss, start)
    slope: Tensor = (gradient * direction).sum(-1)

    def loss_at(distance: Tensor) -> Tensor:
        return loss(start + distance.unsqueeze(-1) * direction)

    def off(distance: Tensor, height: Tensor) -> Tensor:
        change, predicted = height - value, slope * distance
        # Written so that NaN counts as off, and a difference within rounding does not.
        return ~((change - predicted).abs() <= error * predicted.abs() + RULE.rounding * value.abs())

    distances = length * torch.logspace(math.log10(RULE.smallest), 0, RULE.distances, dtype=torch.float64)
    losses = loss_at(distances)
    wrong = off(distances, losses).nonzero()
    linear_until = (
        first_true(lambda distance: off(distance, loss_at(distance)), distances, int(wrong[0]))
        if len(wrong)
        else length.item()
    )
    # argmin would choose a NaN.
    return Reach(linear_until, refine_minimum(loss_at, distances, int(losses.nan_to_num(math.inf).argmin())))


def first_true(off: Callable[[Tensor], Tensor], distances: Tensor, first: int) -> float:
    """Where ``off`` begins, by bisection between the last distance where it is false and the next one."""
    if first == 0:
        return float(distances[0])
    low, high = distances[first - 1], distances[first]
    for _ in range(RULE.halvings):
        middle = (low + high) / 2
        low, high = (low, middle) if bool(off(middle)) else (middle, high)
    return float(high)


def refine_minimum(loss_at: Callable[[Tensor], Tensor], distances: Tensor, best: int) -> float:
    """The distance of the lowest loss around ``distances[best]``, on ever finer grids."""
    low, high = distances[max(best - 1, 0)], distances[min(best + 1, len(distances) - 1)]
    for _ in range(RULE.rounds):
        finer = torch.linspace(float(low), float(high), RULE.cells + 1, dtype=torch.float64)
        lowest = int(loss_at(finer).nan_to_num(math.inf).argmin())
        low, high = finer[max(lowest - 1, 0)], finer[min(lowest + 1, RULE.cells)]
    return float((low + high) / 2)
