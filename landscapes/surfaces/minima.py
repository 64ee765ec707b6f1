"""Known minima, by closed forms and bisection.

Each function takes its landscape's parameters and returns points of zero gradient.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from cliffscape.landscapes.declare import Point

Array = NDArray[np.float64]
# The valley of the one-unit RNN: columns, 0.05 apart, the w up to which it is always drawn, and the steepest state
# beyond. With the default parameters the valley meets the face of the cliff there.
COLUMNS, NARROW, STEEPEST = 240, 4.25, 10.0
# The valley of the linear recurrence: the w up to which it is always drawn, and the largest last state elsewhere.
FIRST, HIGHEST = 1.39, 1000.0


def bisect_root(function: Callable[[Array], Array], low: Array, high: Array) -> Array:
    """Roots of an increasing ``function`` between ``low`` and ``high``, element by element, to the last bit."""
    while True:
        middle = (low + high) / 2
        # No float64 lies between the bounds any more.
        if np.all((middle == low) | (middle == high)):
            return middle
        above = function(middle) > 0
        low, high = np.where(above, low, middle), np.where(above, middle, high)


def sigmoid(x: Array) -> Array:
    """The logistic function, without overflow."""
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + small), small / (1 + small))


def one_unit_state(w: Array, b: Array, sequence_length: int, initial_state: float) -> tuple[Array, Array]:
    """The last state of the one-unit RNN, and its derivative by b."""
    state, slope = np.full_like(w, initial_state), np.zeros_like(w)
    for _ in range(sequence_length):
        rate = sigmoid(state)
        state, slope = w * rate + b, w * rate * (1 - rate) * slope + 1
    return state, slope


def one_unit_valley(sequence_length: int, initial_state: float, target: float) -> tuple[Point, ...]:
    """The curve of zero loss of the one-unit RNN: for each w, the b for which the last state is the target's logit.

    For w > 0 the last state increases with b, so bisection finds b. For a target of 0 or 1 there is no such curve. The
    valley ends where it meets the face of the cliff, so beyond w = 4.25 the state may not change much faster than b.
    """
    if not 0 < target < 1:
        return ()
    logit = math.log(target / (1 - target))
    w: Array = np.arange(1, COLUMNS + 1, dtype=np.float64) * 0.05

    def excess(b: Array) -> Array:
        return one_unit_state(w, b, sequence_length, initial_state)[0] - logit

    b = bisect_root(excess, np.full_like(w, -50.0), np.full_like(w, 50.0))
    slope = one_unit_state(w, b, sequence_length, initial_state)[1]
    face = (w > NARROW + 1e-9) & (slope > STEEPEST)
    end = int(np.argmax(face)) if face.any() else len(w)
    return tuple(zip(w[:end].tolist(), b[:end].tolist(), strict=True))


def product_valley(repetitions: int, target: float) -> tuple[Point, ...]:
    """The curve ab = y^(1/n) of the product of weights, on the side of positive weights."""
    product = target ** (1 / repetitions)
    return tuple((a, product / a) for a in (0.3 * 1.06**k for k in range(-60, 101)))


def linear_recurrence_valley(sequence_length: int, initial_state: float, target: float) -> tuple[Point, ...]:
    """The curve b = y - x0 w^T of the linear recurrence, as far as the power does not exceed ``HIGHEST``.

    Columns are close together where a long chain bends, and the first ones are always there.
    """
    near, far = [0.02 * k for k in range(80)], [0.1 * k for k in range(16, 121)]
    across = (*(-w for w in reversed(near[1:] + far)), *near, *far)
    reach = {w: initial_state * w**sequence_length for w in across}
    return tuple((w, target - last) for w, last in reach.items() if 0 <= w < FIRST or abs(last) <= HIGHEST)


def wall_foot(wall_height: float, wall_steepness: float) -> tuple[Point, ...]:
    """The minimum of the wall-and-floor landscape, where the slopes of floor and wall cancel, by bisection."""

    def slope(across: Array) -> Array:
        foot = sigmoid(-wall_steepness * across)
        return 0.3 * across / np.sqrt(across**2 + 0.01) - wall_height * wall_steepness * foot * (1 - foot)

    across = float(bisect_root(slope, np.zeros(()), np.full((), 50.0)))
    return ((across * math.cos(math.pi / 6), across * math.sin(math.pi / 6)),)
