"""Facts about a formula: a window, a start and minima, found from samples."""

from dataclasses import dataclass

import torch
from torch import Tensor

from cliffscape.landscapes.declare import Point
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.formula.minima import SAME, SIDE, find_minima
from cliffscape.landscapes.loss import Loss, Window

# The part of the plane in which a formula of unknown scale is sampled.
SAMPLED = Window(-5.0, 5.0, -5.0, 5.0)
SAMPLES = 41  # per side
MARGIN = 2.0  # around minima
EDGE = 0.1  # share of the window that shows the edge of a region where the loss is NaN
# Minima are searched for with as many steps as these operations allow, times the operations of one loss.
SEARCH, FEWEST_STEPS, MOST_STEPS = 25_000, 8, 60
# A run has converged below this share of the loss that a tenth of the window lies below, from the minimum upwards.
SOLVED, LOW = 1e-3, 0.1
STEEP = 100.0  # ratio of high to low losses from which heights are logarithmic
START = 0.7  # share of the losses in the window that are below the start's


@dataclass(frozen=True)
class Facts:
    """What was found: ``solved`` is None if no global minimum was found, and ``minima`` are then empty."""

    window: Window
    start: Point
    minima: tuple[Point, ...]
    solved: float | None
    height: str


def find_facts(loss: Loss, operations: int) -> Facts:
    """The facts about a loss that takes so many operations with its gradient and curvature."""
    points = SAMPLED.grid(SAMPLES, SAMPLES).reshape(-1, 2)
    values = losses(loss, points)
    minima, lowest = global_minima(loss, operations, values)
    window = window_around(minima, points[values.isfinite()])
    inside = window.grid(SAMPLES, SAMPLES).reshape(-1, 2)
    found = losses(loss, inside)
    above = 0.0 if lowest is None else tolerance(found, lowest)
    solved = lowest + above if lowest is not None and above > 0 else None
    places = tuple((x, y) for x, y in minima.tolist()) if solved is not None else ()
    return Facts(window, start_in(loss, inside, found), places, solved, height_of(found))


def losses(loss: Loss, points: Tensor) -> Tensor:
    """Losses ``(N,)`` at points ``(N, 2)``."""
    with torch.no_grad():
        return loss(points)


def global_minima(loss: Loss, operations: int, values: Tensor) -> tuple[Tensor, float | None]:
    """The lowest minima ``(K, 2)`` and their loss.

    There are none if a sample is lower than all minima, since they are not global then.
    """
    steps = min(MOST_STEPS, SEARCH // operations)
    none = torch.empty(0, 2, dtype=torch.float64), None
    if steps < FEWEST_STEPS or not values.isfinite().any() or (values == -torch.inf).any():
        return none
    found, depths = find_minima(loss, SAMPLED.grid(SIDE, SIDE).reshape(-1, 2), steps)
    if not len(found):
        return none
    lowest = depths[0].item()
    same = SAME * (1 + abs(lowest))
    if values[values.isfinite()].min().item() < lowest - same:
        return none
    return found[depths <= lowest + same], lowest


def tolerance(values: Tensor, lowest: float) -> float:
    """How far above the lowest loss a run has converged, for losses ``(N,)`` in the window; 0 if all are the lowest."""
    finite = values[values.isfinite()]
    # A tenth of the window may be a plateau at the lowest loss.
    above = [torch.quantile(finite, share).item() - lowest for share in (LOW, 0.5, 1)] if len(finite) else []
    return SOLVED * next((one for one in above if one > 0), 0.0)


def window_around(minima: Tensor, finite: Tensor) -> Window:
    """A window with all minima, or else with the sampled points ``(N, 2)`` where the loss is finite."""
    if not len(finite):
        return SAMPLED
    low, high = finite.amin(0), finite.amax(0)
    if len(minima):
        first, last = minima.amin(0), minima.amax(0)
        margin = MARGIN + EDGE * (last - first)
        low, high = first - margin, last + margin
    else:
        edge = EDGE * (high - low) + EDGE
        low, high = (low - edge).clamp(min=SAMPLED.left), (high + edge).clamp(max=SAMPLED.right)
    left, bottom = rounded(low)
    right, top = rounded(high)
    return Window(left, right, bottom, top)


def rounded(numbers: Tensor) -> tuple[float, float]:
    """Two numbers with two decimals."""
    x, y = numbers.tolist()
    # Adding zero turns -0.0 into 0.0.
    return round(x, 2) + 0.0, round(y, 2) + 0.0


def start_in(loss: Loss, points: Tensor, values: Tensor) -> Point:
    """A point of the window at which loss and gradient are finite, higher than most others."""
    known = values.isfinite()
    _, gradient = value_and_gradient(loss, points)
    usable = known & gradient.isfinite().all(-1) & (gradient.norm(dim=-1) > 0)
    candidates = points[usable] if usable.any() else points
    order = values[usable].argsort(stable=True) if usable.any() else torch.arange(len(points))
    return rounded(candidates[order[int(START * (len(order) - 1))]])


def height_of(values: Tensor) -> str:
    """``log`` if high losses are many times as large as low ones, else ``linear``."""
    finite = values[values.isfinite()]
    if not len(finite):
        return "linear"
    low, high = torch.quantile(finite, torch.tensor([0.1, 0.9], dtype=torch.float64)).tolist()
    return "log" if finite.min() >= 0 and high > STEEP * low else "linear"
