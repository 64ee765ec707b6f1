"""Smooth test surfaces: one decorated function each, facts beside the formula.

Every loss maps ``theta`` ``(..., 2)`` to ``(...)`` and takes its parameters as numbers or tensors that
broadcast against ``(...)``. To add one, write a function; the page, links, kernels and tests follow.
"""

from typing import Annotated

from torch import Tensor

from landscapes.declare import Point, Range
from landscapes.landscape import experiment, landscape


@landscape(
    label="Rosenbrock",
    windows={"descent": (-2.0, 2.0, -1.0, 3.0)},
    start=(-1.2, 1.0),
    minima=lambda: ((1.0, 1.0),),
    solved=1e-2,
    presets=(
        experiment(
            "From the steep side",
            "One step from the wall is enough to leave the numbers.",
            0.002,
            10.0,
            200,
            start=(1.8, -0.8),
            optimizer="momentum",
        ),
        experiment("The classic start", "A curved ravine, slow to follow either way.", 0.0015, 10.0, 400),
    ),
)
def rosenbrock(theta: Tensor) -> Tensor:
    """A curved, narrow ravine: easy to enter, slow to follow.

    Formula: f = (1 − x)² + 100 (y − x²)²
    Reference: Rosenbrock 1960
    """
    x, y = theta.unbind(-1)
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


HIMMELBLAU_MINIMA: tuple[Point, ...] = (
    (3.0, 2.0),
    (-2.805118086952745, 3.131312518250573),
    (-3.779310253377747, -3.283185991286170),
    (3.584428340330492, -1.848126526964404),
)


@landscape(
    label="Himmelblau",
    windows={"descent": (-5.0, 5.0, -5.0, 5.0)},
    start=(4.5, 4.5),
    minima=lambda: HIMMELBLAU_MINIMA,
    solved=1e-3,
    presets=(experiment("Four valleys", "One long first step lands in another valley.", 0.015, 20.0, 60),),
)
def himmelblau(theta: Tensor) -> Tensor:
    """Four minima of equal depth; large steps choose between them by accident.

    Formula: f = (x² + y − 11)² + (x + y² − 7)²
    Reference: Himmelblau 1972
    """
    x, y = theta.unbind(-1)
    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2


@landscape(
    label="Beale",
    windows={"descent": (-4.5, 4.5, -4.5, 4.5)},
    start=(3.5, -1.5),
    minima=lambda: ((3.0, 0.5),),
    solved=1e-3,
    presets=(experiment("Out of the corner", "Four steps to Inf from a wall of the sixth power.", 0.02, 2.0, 300),),
)
def beale(theta: Tensor) -> Tensor:
    """A flat middle and walls in the corners that rise with the sixth power.

    Formula: f = (1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)²
    Reference: Beale 1958
    """
    x, y = theta.unbind(-1)
    first = 1.5 - x + x * y
    second = 2.25 - x + x * y**2
    third = 2.625 - x + x * y**3
    return first**2 + second**2 + third**2


@landscape(
    label="Saddle between two minima",
    windows={"descent": (-1.8, 1.8, -1.2, 1.2)},
    start=(0.02, 1.0),
    minima=lambda: ((1.0, 0.0), (-1.0, 0.0)),
    solved=1e-3,
    height="linear",
    presets=(
        experiment(
            "After book figure 8.2",
            "The path lingers at the saddle, then leaves it; the book’s surface is a net’s, this one a formula.",
            0.2,
            0.5,
            60,
        ),
    ),
)
def saddle(theta: Tensor) -> Tensor:
    """A saddle at the origin, with a minimum on either side.

    Formula: f = ¼ (x² − 1)² + ½ y²
    Reference: Goodfellow, Bengio & Courville 2016, section 8.2.3
    """
    x, y = theta.unbind(-1)
    return (x**2 - 1) ** 2 / 4 + y**2 / 2


@landscape(
    label="Ravine",
    windows={"descent": (-2.0, 2.0, -1.2, 1.2)},
    start=(-1.7, 0.9),
    minima=lambda **_: ((0.0, 0.0),),
    solved=1e-3,
    presets=(experiment("Across and along", "The steep direction sets the largest learning rate.", 0.09, 0.5, 60),),
)
def ravine(theta: Tensor, condition_number: Annotated[float, Range(1, 1000, log=True, symbol="κ")] = 20.0) -> Tensor:
    """A quadratic bowl stretched along one axis.

    Args:
        condition_number: The ratio of the steep curvature to the flat one.

    Formula: f = ½ (x² + κ y²)
    Reference: Goodfellow, Bengio & Courville 2016, section 4.3.1
    """
    x, y = theta.unbind(-1)
    return 0.5 * (x**2 + condition_number * y**2)
