"""Where the known minima lie: closed forms and bisections, in plain numbers.

Each function takes its landscape's parameters and returns points of zero gradient.
"""

import math
from collections.abc import Callable
from functools import partial

from landscapes.declare import Point


def bisect_root(function: Callable[[float], float], low: float, high: float) -> float:
    """A root of an increasing ``function`` between ``low`` and ``high``, to the last bit."""
    while True:
        middle = (low + high) / 2
        if middle in (low, high):
            return middle
        low, high = (low, middle) if function(middle) > 0 else (middle, high)


def sigmoid(x: float) -> float:
    """The logistic function, without overflow."""
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def one_unit_valley(sequence_length: int, initial_state: float, target: float) -> tuple[Point, ...]:
    """The curve of zero loss of the one-unit RNN: for each w the b whose last state has the target's logit.

    The last state rises with b for w > 0, so bisection finds it; a target of 0 or 1 has no such curve.
    """
    if not 0 < target < 1:
        return ()
    logit = math.log(target / (1 - target))

    def excess(w: float, b: float) -> float:
        state = initial_state
        for _ in range(sequence_length):
            state = w * sigmoid(state) + b
        return state - logit

    columns = [2.0 + 0.05 * k for k in range(46)]
    return tuple((w, bisect_root(partial(excess, w), -50.0, 50.0)) for w in columns)


def hyperbola(repetitions: int, target: float) -> tuple[Point, ...]:
    """The curve ab = y^(1/n) of the product of weights, on the side of positive weights."""
    product = target ** (1 / repetitions)
    return tuple((a, product / a) for a in (0.3 * 1.06**k for k in range(45)))


def linear_recurrence_valley(sequence_length: int, initial_state: float, target: float) -> tuple[Point, ...]:
    """The curve b = y - x0 w^T of the linear recurrence."""
    columns = (0.02 * k for k in range(70))
    return tuple((w, target - initial_state * w**sequence_length) for w in columns)


def wall_foot(wall_height: float, wall_steepness: float) -> tuple[Point, ...]:
    """The minimum of the wall-and-floor landscape: where floor and wall slopes cancel, by bisection."""

    def slope(across: float) -> float:
        foot = sigmoid(-wall_steepness * across)
        return 0.3 * across / math.sqrt(across**2 + 0.01) - wall_height * wall_steepness * foot * (1 - foot)

    across = bisect_root(slope, 0.0, 50.0)
    return ((across * math.cos(math.pi / 6), across * math.sin(math.pi / 6)),)
