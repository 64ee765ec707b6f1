"""Known minima, by closed forms and bisection.

Each function takes its landscape's parameters and returns points of zero gradient. It looks the landscape up by name,
since the modules of landscapes import this one.
"""

import math
from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cliffscape.landscapes.declare import Point
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.loss import LANDSCAPES, Residuals

Array = NDArray[np.float64]
# The valley of the one-unit RNN: columns, 0.05 apart, the w up to which it is always drawn, and the steepest state
# beyond. With the default parameters the valley meets the face of the cliff there.
COLUMNS, NARROW, STEEPEST = 240, 4.25, 10.0
# The valley of the linear recurrence: the w up to which it is always drawn, and the largest last state elsewhere.
FIRST, HIGHEST = 1.39, 1000.0
# The angle between the w axis and the direction across the wall.
WALL_ANGLE = math.pi / 6


def bisect_root(function: Callable[[Array], Array], low: Array, high: Array) -> Array:
    """Roots of an increasing ``function`` between ``low`` and ``high``, element by element, to the last bit."""
    while True:
        middle = (low + high) / 2
        # No float64 lies between the bounds any more.
        if np.all((middle == low) | (middle == high)):
            return middle
        above = function(middle) > 0
        low, high = np.where(above, low, middle), np.where(above, middle, high)


def one_unit_valley(sequence_length: int, initial_state: float, target: float) -> tuple[Point, ...]:
    """The curve of zero loss of the one-unit RNN: for each w, the b without an error.

    For w > 0 the error increases with b, so bisection finds b. For a target of 0 or 1 there is no such curve. The
    valley ends where it meets the face of the cliff, so beyond w = 4.25 the state may not change much faster than b.
    """
    if not 0 < target < 1:
        return ()
    w: Array = np.arange(1, COLUMNS + 1, dtype=np.float64) * 0.05
    parameters = {"sequence_length": sequence_length, "initial_state": initial_state, "target": target}

    def error(theta: Tensor) -> Tensor:
        residuals: Residuals = LANDSCAPES["one_unit_rnn"].function(theta, **parameters)
        return residuals[0]

    def points(b: Array) -> Tensor:
        return torch.from_numpy(np.stack([w, b], -1))

    b = bisect_root(lambda b: error(points(b)).numpy(), np.full_like(w, -50.0), np.full_like(w, 50.0))
    # On the valley the sigmoid is the target, and the error changes with the state by the derivative of the sigmoid.
    slope = value_and_gradient(error, points(b))[1][:, 1].numpy() / (target * (1 - target))
    face = (w > NARROW + 1e-9) & (slope > STEEPEST)
    end = int(np.argmax(face)) if face.any() else len(w)
    return tuple(zip(w[:end].tolist(), b[:end].tolist(), strict=True))


def product_valley(repetitions: int, target: float) -> tuple[Point, ...]:
    """The curve ab = y^(1/n) of the product of weights, on the side of positive weights."""
    product = target ** (1 / repetitions)
    return tuple((a, product / a) for a in (0.3 * 1.06**k for k in range(-60, 101)))


def linear_recurrence_valley(sequence_length: int, initial_state: float, target: float) -> tuple[Point, ...]:
    """The curve b = y - x0 w^T of the linear recurrence, as far as the power does not exceed ``HIGHEST``.

    Columns are close together where the curvature of a long chain is large, and the first ones are always there.
    """
    near, far = [0.02 * k for k in range(80)], [0.1 * k for k in range(16, 121)]
    w = torch.tensor([*(-w for w in reversed(near[1:] + far)), *near, *far], dtype=torch.float64)
    # The bias is added to the last state, so the valley has the bias that cancels the error without one.
    (error,) = LANDSCAPES["linear_recurrence"].function(
        torch.stack([w, torch.zeros_like(w)], -1),
        sequence_length=sequence_length,
        initial_state=initial_state,
        target=target,
    )
    drawn = ((w >= 0) & (w < FIRST)) | ((error + target).abs() <= HIGHEST)
    return tuple(zip(w[drawn].tolist(), (-error[drawn]).tolist(), strict=True))


def wall_foot(wall_height: float, wall_steepness: float) -> tuple[Point, ...]:
    """The minimum of the wall-and-floor landscape, where the slopes of floor and wall cancel, by bisection."""
    loss = LANDSCAPES["wall_and_floor"].loss(wall_height=wall_height, wall_steepness=wall_steepness)
    direction = torch.tensor([math.cos(WALL_ANGLE), math.sin(WALL_ANGLE)], dtype=torch.float64)

    def slope(across: Array) -> Array:
        return (value_and_gradient(loss, float(across) * direction)[1] @ direction).numpy()

    across = float(bisect_root(slope, np.zeros(()), np.full((), 50.0)))
    return ((across * math.cos(WALL_ANGLE), across * math.sin(WALL_ANGLE)),)
