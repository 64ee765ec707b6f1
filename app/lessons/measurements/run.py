"""Measurements of a run and of its steps."""

import math
from typing import Annotated

from torch import Tensor

from cliffscape.app.lessons.headless import HeadlessRun
from cliffscape.app.lessons.measurements.registry import Coordinate, RunArgument, Step, measurement
from cliffscape.landscapes.declare import Range
from cliffscape.landscapes.descent.step_profile import RULE, Reach, reach


def angle(one: Tensor, other: Tensor) -> float:
    """The angle between two vectors ``(2,)``, in degrees."""
    (ax, ay), (bx, by) = one.tolist(), other.tolist()
    # By sine and cosine: an arc cosine is inaccurate for small angles.
    return abs(math.degrees(math.atan2(ax * by - ay * bx, ax * bx + ay * by)))


def reach_of(headless: HeadlessRun, run: str, step: int, error: float = RULE.tolerance) -> Reach:
    """The profile of a step: where the linear model ends, and where the loss is lowest."""
    here, _, move = headless.move(run, step)
    return reach(headless.loss, here, move, error, lambda _, point: headless.value_and_gradient(point))


@measurement()
def predicted_change(headless: HeadlessRun, run: RunArgument = "without", step: Step = 0) -> float:
    """The change of the loss in a step that the linear model at its start predicts.

    Args:
        run: The run, ``without`` or ``with``.
        step: The step; negative numbers count from the end.
    """
    _, gradient, move = headless.move(run, step)
    return float(gradient @ move)


@measurement()
def step_angle(headless: HeadlessRun, run: RunArgument = "with", step: Step = 0) -> float:
    """The angle between a step and the negative gradient, in degrees.

    Args:
        run: The run, ``without`` or ``with``.
        step: The step; negative numbers count from the end.
    """
    _, gradient, move = headless.move(run, step)
    return angle(-gradient, move)


@measurement()
def longest_step(headless: HeadlessRun, run: RunArgument = "with") -> float:
    """The longest step of a run.

    Args:
        run: The run, ``without`` or ``with``.
    """
    return float(headless.record(run).step_length[:-1].max())


@measurement()
def smallest_clip_factor(headless: HeadlessRun, run: RunArgument = "with") -> float:
    """The smallest clip factor of a run's steps.

    Args:
        run: The run, ``without`` or ``with``.
    """
    return float(headless.record(run).clip_factor[:-1].min())


@measurement()
def largest_step_angle(headless: HeadlessRun, run: RunArgument = "with") -> float:
    """The largest angle between a step of a run and the negative gradient, in degrees.

    Args:
        run: The run, ``without`` or ``with``.
    """
    position = headless.record(run).position
    gradients = headless.value_and_gradient(position[:-1])[1]
    return max(angle(-gradient, move) for gradient, move in zip(gradients, position.diff(dim=0), strict=True))


@measurement()
def first_step_below(
    headless: HeadlessRun, loss: Annotated[float, Range(-1e12, 1e12)] = 0.0, run: RunArgument = "with"
) -> float:
    """The first step at which the loss is below a bound, or infinity.

    Args:
        loss: The bound.
        run: The run, ``without`` or ``with``.
    """
    below = (headless.record(run).loss < loss).nonzero()
    return float(below[0]) if len(below) else math.inf


@measurement()
def first_halving(
    headless: HeadlessRun,
    run: RunArgument = "with",
    coordinate: Annotated[int, Range(1, 2)] = 1,
    goal: Coordinate = 0.0,
) -> float:
    """The first step at which the distance of a coordinate to a goal is half of its initial value, or infinity.

    Args:
        run: The run, ``without`` or ``with``.
        coordinate: The first or the second.
        goal: The value that the coordinate should reach.
    """
    distance = (headless.record(run).position[:, coordinate - 1] - goal).abs()
    half = (distance <= distance[0] / 2).nonzero()
    return float(half[0]) if len(half) else math.inf


@measurement()
def trusted_length(
    headless: HeadlessRun,
    run: RunArgument = "without",
    step: Step = 0,
    error: Annotated[float, Range(0.001, 1)] = RULE.tolerance,
) -> float:
    """The length along a step over which the linear model at its start predicts the change of the loss.

    Args:
        run: The run, ``without`` or ``with``.
        step: The step; negative numbers count from the end.
        error: The allowed error, as a share of the predicted change.
    """
    return reach_of(headless, run, step, error).linear_until


@measurement()
def length_to_lowest_loss(headless: HeadlessRun, run: RunArgument = "without", step: Step = 0) -> float:
    """The length along a step at which the loss is lowest.

    Args:
        run: The run, ``without`` or ``with``.
        step: The step; negative numbers count from the end.
    """
    return reach_of(headless, run, step).lowest_at
