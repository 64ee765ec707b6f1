"""Measurements: named numbers about a Scene that a lesson's facts may ask for, one declared function each."""

import math
from collections.abc import Callable
from typing import Annotated, Any

import torch

from app.evidence import Evidence
from app.twins import TWINS, transforms
from landscapes.declare import Entry, Family, Range, entry_of
from landscapes.descent import descend

MEASUREMENTS: Family[Entry] = Family("measurement")

Lane = Annotated[str, Range(4, 7)]
Step = Annotated[int, Range(-1001, 1000)]
Side = Annotated[int, Range(11, 1001)]
Coordinate = Annotated[float, Range(-1e6, 1e6)]


def measurement(function: Callable[..., float]) -> Callable[..., float]:
    """Register a function of the evidence and of declared parameters under its name."""
    MEASUREMENTS.add(entry_of(function, skip=("evidence",)))
    return function


@measurement
def loss_at(evidence: Evidence, x: Coordinate = 0.0, y: Coordinate = 0.0) -> float:
    """The loss at a point of the map.

    Args:
        x: The first coordinate.
        y: The second coordinate.
    """
    return float(evidence.value_and_gradient(torch.tensor([x, y], dtype=torch.float64))[0])


@measurement
def gradient_norm_at(evidence: Evidence, x: Coordinate = 0.0, y: Coordinate = 0.0) -> float:
    """The norm of the gradient at a point of the map.

    Args:
        x: The first coordinate.
        y: The second coordinate.
    """
    return float(evidence.value_and_gradient(torch.tensor([x, y], dtype=torch.float64))[1].norm())


@measurement
def median_gradient_norm(evidence: Evidence, side: Side = 401) -> float:
    """The median of the gradient's norm on a grid over the window.

    Args:
        side: Points of the grid per side.
    """
    return float(evidence.grid(side)[1].median())


@measurement
def share_steeper(evidence: Evidence, than: Annotated[float, Range(0, 1e12)] = 1.0, side: Side = 401) -> float:
    """The share of a grid over the window where the gradient's norm is larger than a number.

    Args:
        than: The number.
        side: Points of the grid per side.
    """
    return float((evidence.grid(side)[1] > than).double().mean())


@measurement
def growth_per_repetition(
    evidence: Evidence,
    x: Coordinate = 0.0,
    y: Coordinate = 0.0,
    shorter: Annotated[int, Range(1, 100)] = 80,
    longer: Annotated[int, Range(1, 100)] = 100,
) -> float:
    """How much the logarithm of the gradient's norm at a point grows with every repetition of a recurrence.

    Args:
        x: The first coordinate.
        y: The second coordinate.
        shorter: A length of the sequence.
        longer: A greater one.
    """
    point, scene = torch.tensor([x, y], dtype=torch.float64), evidence.scene
    logarithms = []
    for length in (shorter, longer):
        changed = scene.landscape.model_copy(update={"sequence_length": length})
        there = Evidence(scene.model_copy(update={"landscape": changed}))
        logarithms.append(math.log(float(there.value_and_gradient(point)[1].norm())))
    return (logarithms[1] - logarithms[0]) / (longer - shorter)


@measurement
def promised(evidence: Evidence, lane: Lane = "without", step: Step = 0) -> float:
    """What the loss would do in a step if the surface went on as steep as it is where the step begins.

    Args:
        lane: The lane, ``without`` or ``with``.
        step: The step; from the end where it is negative.
    """
    _, gradient, move = evidence.move(lane, step)
    return float(gradient @ move)


@measurement
def turned(evidence: Evidence, lane: Lane = "with", step: Step = 0) -> float:
    """The angle between a step and the direction against the gradient, in degrees.

    Args:
        lane: The lane, ``without`` or ``with``.
        step: The step; from the end where it is negative.
    """
    _, gradient, move = evidence.move(lane, step)
    (gx, gy), (mx, my) = (-gradient).tolist(), move.tolist()
    return abs(math.degrees(math.atan2(gx * my - gy * mx, gx * mx + gy * my)))


@measurement
def longest_step(evidence: Evidence, lane: Lane = "with") -> float:
    """The longest step of a lane.

    Args:
        lane: The lane, ``without`` or ``with``.
    """
    return float(evidence.of(lane).step_length[:-1].max())


@measurement
def first_step_below(
    evidence: Evidence, loss: Annotated[float, Range(-1e12, 1e12)] = 0.0, lane: Lane = "with"
) -> float:
    """The first step at which the loss is below a number, or infinity.

    Args:
        loss: The number.
        lane: The lane, ``without`` or ``with``.
    """
    below = (evidence.of(lane).loss < loss).nonzero()
    return float(below[0]) if len(below) else math.inf


@measurement
def trusted_length(
    evidence: Evidence, lane: Lane = "without", step: Step = 0, error: Annotated[float, Range(0.001, 1)] = 0.1
) -> float:
    """How far along a step the slope at its beginning foretells the change of the loss.

    Args:
        lane: The lane, ``without`` or ``with``.
        step: The step; from the end where it is negative.
        error: The share of the foretold change by which it may be off.
    """
    here, gradient, move = evidence.move(lane, step)
    length = float(move.norm())
    # Ten thousand places between a billionth of the step and all of it, closer and closer towards its beginning.
    shares = torch.logspace(-9, 0, 10_000, dtype=torch.float64).unsqueeze(-1)
    change = evidence.value_and_gradient(here + shares * move)[0] - evidence.value_and_gradient(here)[0]
    foretold = (shares * move) @ gradient
    wrong = ((change - foretold).abs() > error * foretold.abs()).nonzero()
    return length * float(shares[wrong[0]]) if len(wrong) else length


@measurement
def lowest_along(evidence: Evidence, lane: Lane = "without", step: Step = 0) -> float:
    """How far along a step the loss is least.

    Args:
        lane: The lane, ``without`` or ``with``.
        step: The step; from the end where it is negative.
    """
    here, _, move = evidence.move(lane, step)
    shares = torch.logspace(-9, 0, 100_000, dtype=torch.float64).unsqueeze(-1)
    losses = evidence.value_and_gradient(here + shares * move)[0]
    return float(move.norm()) * float(shares[int(losses.argmin())])


@measurement
def share_below(
    evidence: Evidence,
    loss: Annotated[float, Range(0, 1e6)] = 0.01,
    lane: Lane = "with",
    starts: Annotated[int, Range(1, 5000)] = 500,
    seed: Annotated[int, Range(0, 2**31 - 3)] = 0,
) -> float:
    """The share of starts, spread evenly by chance over the window, from which a lane ends below a loss.

    Args:
        loss: The loss.
        lane: The lane, ``without`` or ``with``.
        starts: How many starts.
        seed: Seed of the starts.
    """
    twin = next(known for known in TWINS if known == lane or known == TWINS[-1])
    window = evidence.scene.rectangle
    generator = torch.Generator().manual_seed(seed)
    shares = torch.rand(starts, 2, generator=generator, dtype=torch.float64)
    low = torch.tensor([window.left, window.bottom], dtype=torch.float64)
    size = torch.tensor([window.right - window.left, window.top - window.bottom], dtype=torch.float64)
    blocks = descend(evidence.loss, low + shares * size, *transforms(evidence.scene, twin), evidence.scene.steps)
    *_, last = blocks
    return float((last.loss[-1] < loss).double().mean())


@measurement
def median_turns(
    evidence: Evidence,
    lines: Annotated[int, Range(1, 1001)] = 101,
    points: Annotated[int, Range(11, 10001)] = 2001,
) -> float:
    """How often the loss turns from rising to falling or back along a line through the window, in the middle case.

    Args:
        lines: How many level lines, evenly spaced over the window.
        points: Points per line.
    """
    rows = evidence.scene.rectangle.grid(points, lines)
    losses = torch.stack([evidence.loss(row) for row in rows])
    rising = losses.diff(dim=-1) > 0
    return float((rising[:, 1:] != rising[:, :-1]).sum(-1).double().median())


def measured(evidence: Evidence, kind: str, arguments: dict[str, Any]) -> float:
    """A measurement by its name, with the arguments that differ from its defaults; made once for the same evidence."""
    key = (kind, *sorted(arguments.items()))
    if key not in evidence.measured:
        evidence.measured[key] = float(MEASUREMENTS[kind].function(evidence, **arguments))
    return evidence.measured[key]
