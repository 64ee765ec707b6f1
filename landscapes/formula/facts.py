"""Facts about a formula: a window, a start and minima, found from samples."""

from collections.abc import Generator
from dataclasses import dataclass

import torch
from torch import Tensor

from cliffscape.landscapes.declare import Point
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.formula.minima import SAME, SIDE, Minima, search_minima, together
from cliffscape.landscapes.generators import run_to_end
from cliffscape.landscapes.loss import Loss, Window
from cliffscape.landscapes.transform import in_plane

# The part of the plane, and that of a line, in which a formula of unknown scale is sampled.
SAMPLED, SAMPLED_LINE = Window(-5.0, 5.0, -5.0, 5.0), Window(-5.0, 5.0)
SAMPLES, LINE_SAMPLES = 41, 1001  # per side of the plane, and on a line
LINE_STARTS = 81  # of searches for minima
MARGIN = 2.0  # around minima
BESIDE = 0.4  # of the distance between the outer minima of a curve
EDGE = 0.1  # share of the window that shows the edge of a region where the loss is NaN
# Minima are searched for with as many steps as these operations allow, divided by those of one loss: with few of them
# while somebody types, and with many when nothing has changed for a while.
QUICK, THOROUGH = 25_000, 80_000
FEWEST_STEPS, MOST_STEPS = 8, 60
# A run has converged below this share of the loss that a tenth of the window lies below, from the minimum upwards.
SOLVED, LOW = 1e-3, 0.1
STEEP = 100.0  # ratio of high to low losses from which heights are logarithmic
START = 0.7  # share of the losses in the window that are below the start's


@dataclass(frozen=True)
class Facts:
    """What was found: ``solved`` is None if no global minimum was found, and ``minima`` are then empty.

    ``local_minima`` are the other ones around which the loss rises in every direction. ``searched`` says whether minima
    were searched for: a long recurrence takes too many operations.
    """

    window: Window
    start: Point
    minima: tuple[Point, ...]
    solved: float | None
    height: str
    local_minima: tuple[Point, ...] = ()
    searched: bool = True


def find_facts(loss: Loss, operations: int, curve: bool = False) -> Facts:
    """The facts about a loss, with a quick search for minima."""
    return run_to_end(search_facts(loss, operations, curve, QUICK))


def search_facts(loss: Loss, operations: int, curve: bool, budget: int) -> Generator[None, None, Facts]:
    """The facts about a loss that takes so many operations with its gradient and curvature.

    The loss of a ``curve`` gets points ``(N, 1)``, any other one points ``(N, 2)``. Yields between pieces of work.
    """
    points = points_of(SAMPLED_LINE if curve else SAMPLED)
    values = losses(loss, points)
    yield
    steps = search_steps(operations, budget)
    every = yield from minima_found(loss, steps, values, starts_of_search(curve))
    minima, lowest = global_minima(every, values)
    # A curve shows its local minima too; in the plane, the lowest ones would be lost in so large a window.
    near = within_sample(every.points) if curve and lowest is not None else minima
    window = window_around(near if len(near) else minima, points[values.isfinite()])
    inside = points_of(window)
    found = losses(loss, inside)
    if budget == THOROUGH:
        # In the window no local minimum may be missing next to one that is marked.
        within = yield from minima_found(loss, steps, values, points_of(window, SIDE, LINE_STARTS))
        every = together(every, within)
        minima, lowest = global_minima(every, values)
    above = 0.0 if lowest is None else tolerance(found, lowest)
    solved = lowest + above if lowest is not None and above > 0 else None
    places = tuple(map(point_of, minima)) if solved is not None else ()
    others = every.points[len(minima) :][every.isolated[len(minima) :]]
    local, height = tuple(map(point_of, others)), height_of(found, curve)
    return Facts(window, start_in(loss, inside, found), places, solved, height, local, steps > 0)


def search_steps(operations: int, budget: int) -> int:
    """How many steps a search for minima may take; 0 if there are too few for a search."""
    # A name alone is a formula without operations.
    steps = min(MOST_STEPS, budget // max(1, operations))
    return steps if steps >= FEWEST_STEPS else 0


def within_sample(points: Tensor) -> Tensor:
    """The points ``(K, D)`` in the part of the plane, or of the line, that is sampled."""
    return points[(points >= SAMPLED.left).all(-1) & (points <= SAMPLED.right).all(-1)]


def points_of(window: Window, side: int = SAMPLES, along: int = LINE_SAMPLES) -> Tensor:
    """Evenly spaced points ``(N, 2)`` of a window, or ``(N, 1)`` of one without height."""
    if window.bottom == window.top:
        return window.grid(along, 1)[0, :, :1]
    return window.grid(side, side).reshape(-1, 2)


def starts_of_search(curve: bool) -> Tensor:
    """Where the search for minima starts."""
    return points_of(SAMPLED_LINE if curve else SAMPLED, SIDE, LINE_STARTS)


def point_of(place: Tensor) -> Point:
    """The point of a place ``(2,)``, or of one ``(1,)`` on a line."""
    x, y = (place if len(place) == 2 else in_plane(place)).tolist()
    return x, y


def losses(loss: Loss, points: Tensor) -> Tensor:
    """Losses ``(N,)`` at points ``(N, D)``."""
    with torch.no_grad():
        return loss(points)


def minima_found(loss: Loss, steps: int, values: Tensor, starts: Tensor) -> Generator[None, None, Minima]:
    """All minima that so many steps find from the ``starts`` ``(N, D)``, for losses ``(N,)`` of samples."""
    if not steps or not values.isfinite().any():
        nothing = torch.empty(0, dtype=torch.float64)
        return Minima(nothing.reshape(0, starts.shape[-1]), nothing, nothing.bool())
    return (yield from search_minima(loss, starts, steps))


def global_minima(found: Minima, values: Tensor) -> tuple[Tensor, float | None]:
    """The lowest ones ``(K, D)`` of the minima, which come first, and their loss.

    There are none if a sample is lower than all minima, since they are not global then.
    """
    nowhere = found.points[:0]
    if not len(found.points) or (values == -torch.inf).any():
        return nowhere, None
    lowest = found.losses[0].item()
    same = SAME * (1 + abs(lowest))
    if values[values.isfinite()].min().item() < lowest - same:
        return nowhere, None
    return found.points[found.losses <= lowest + same], lowest


def tolerance(values: Tensor, lowest: float) -> float:
    """How far above the lowest loss a run has converged, for losses ``(N,)`` in the window; 0 if all are the lowest."""
    finite = values[values.isfinite()]
    # A tenth of the window may be a plateau at the lowest loss.
    above = [torch.quantile(finite, share).item() - lowest for share in (LOW, 0.5, 1)] if len(finite) else []
    return SOLVED * next((one for one in above if one > 0), 0.0)


def window_around(minima: Tensor, finite: Tensor) -> Window:
    """A window with all minima, or else with the sampled points ``(N, D)`` where the loss is finite."""
    if not len(finite):
        return SAMPLED if finite.shape[-1] == 2 else SAMPLED_LINE
    low, high = finite.amin(0), finite.amax(0)
    if len(minima):
        first, last = minima.amin(0), minima.amax(0)
        spread = last - first
        # A steep branch beside the minima of a curve would leave little height for what lies between them.
        margin = BESIDE * spread if finite.shape[-1] == 1 and spread > 0 else MARGIN + EDGE * spread
        low, high = first - margin, last + margin
    else:
        edge = EDGE * (high - low) + EDGE
        low, high = (low - edge).clamp(min=SAMPLED.left), (high + edge).clamp(max=SAMPLED.right)
    (left, bottom), (right, top) = rounded(low), rounded(high)
    return Window(left, right, bottom, top)


def rounded(place: Tensor) -> Point:
    """The point of a place, with two decimals."""
    x, y = point_of(place)
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


def height_of(values: Tensor, curve: bool) -> str:
    """``log`` if high losses are many times as large as low ones, else ``linear``.

    Of a curve, they are compared with those in the middle: a linear scale shows its shape, and low losses as a valley.
    """
    finite = values[values.isfinite()]
    if not len(finite):
        return "linear"
    low, high = torch.quantile(finite, torch.tensor([0.5 if curve else 0.1, 0.9], dtype=torch.float64)).tolist()
    return "log" if finite.min() >= 0 and high > STEEP * low else "linear"
