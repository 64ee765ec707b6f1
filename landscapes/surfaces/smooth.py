"""Smooth test surfaces: one decorated function each.

Every loss maps ``theta`` ``(..., 2)`` to ``(...)``, or to residuals. The loss of residuals is a multiple of the sum of
their squares. Parameters are numbers, or tensors that broadcast against ``(...)``. To add a landscape, write a
function; the page, links, kernels and tests follow.
"""

import math
from typing import Annotated

from torch import Tensor

from cliffscape.landscapes.declare import Point, Preset, PresetFact, Range, descent_preset
from cliffscape.landscapes.loss import Residuals, landscape


@landscape(
    label="Rosenbrock",
    group="Test functions",
    main="steepness",
    windows={"descent": (-2.0, 2.0, -1.0, 3.0)},
    start=(-1.2, 1.0),
    minima=lambda minimum=1.0, **_: ((minimum, minimum**2),),
    solved=1e-2,
    squares=1.0,
    presets=(
        descent_preset(
            "Diverges from the steep side",
            "Without clipping, the first step throws the run out of the window, and the run overflows at step 6.",
            0.002,
            10.0,
            200,
            (
                PresetFact("Diverges", "without.outcome", equals="diverged"),
                PresetFact("first step throws", "without.thrown_step", most=0),
                PresetFact("out of the window", "without.x[1]", most=-4),
                PresetFact("overflows at step 6", "without.nonfinite_step"),
            ),
            start=(1.8, -0.8),
            optimizer="momentum",
        ),
        descent_preset("The classic start", "Both runs follow the curved ravine slowly.", 0.0015, 10.0, 400),
    ),
)
def rosenbrock(
    theta: Tensor,
    minimum: Annotated[float, Range(-2, 2, symbol="a")] = 1.0,
    steepness: Annotated[float, Range(1, 1000, log=True, symbol="b")] = 100.0,
) -> Residuals:
    """A curved, narrow ravine. Gradient descent reaches it quickly but moves slowly along it.

    Args:
        minimum: The x of the minimum, which lies at (a, a²).
        steepness: How steep the walls of the ravine are; the slope along the ravine does not depend on it.

    Formula: f = (a − x)² + b (y − x²)²
    Reference: Rosenbrock 1960, with a = 1 and b = 100
    """
    x, y = theta.unbind(-1)
    return minimum - x, steepness**0.5 * (y - x**2)


# The threshold is so high that clipping has no effect on these presets.
NEWTON = {"optimizer": "newton", "clip": "by_norm", "clip.threshold": 10.0}
DESCENT = {"optimizer": "gradient_descent", "steps": 999}
HIMMELBLAU_MINIMA: tuple[Point, ...] = (
    (3.0, 2.0),
    (-2.805118086952745, 3.131312518250573),
    (-3.779310253377747, -3.283185991286170),
    (3.584428340330492, -1.848126526964404),
)


@landscape(
    label="Himmelblau",
    group="Test functions",
    windows={"descent": (-5.0, 5.0, -5.0, 5.0)},
    start=(4.5, 4.5),
    minima=lambda: HIMMELBLAU_MINIMA,
    solved=1e-3,
    squares=1.0,
    presets=(
        descent_preset(
            "Jump to another valley",
            "Without clipping, the first step is 6.7 units long, and the run ends in another valley.",
            0.015,
            20.0,
            60,
            (
                PresetFact("6.7 units", "without.step_length[0]"),
                PresetFact("another valley", "abs(without.y[-1] - with.y[-1])", least=3),
            ),
        ),
    ),
)
def himmelblau(theta: Tensor) -> Residuals:
    """Four minima of equal depth; a long step can lead to any of them.

    Formula: f = (x² + y − 11)² + (x + y² − 7)²
    Reference: Himmelblau 1972
    """
    x, y = theta.unbind(-1)
    return x**2 + y - 11, x + y**2 - 7


@landscape(
    label="Beale",
    group="Test functions",
    windows={"descent": (-4.5, 4.5, -4.5, 4.5)},
    start=(3.5, -1.5),
    minima=lambda: ((3.0, 0.5),),
    solved=1e-3,
    squares=1.0,
    presets=(
        descent_preset(
            "Overflow from a corner",
            "On the steep wall in the corner, the unclipped run overflows in four steps.",
            0.02,
            2.0,
            300,
            (
                PresetFact("Overflow", "without.outcome", equals="diverged"),
                PresetFact("overflows in four steps", "without.nonfinite_step"),
            ),
        ),
    ),
)
def beale(theta: Tensor) -> Residuals:
    """A flat middle, and walls in the corners that grow with the sixth power of the distance.

    Formula: f = (1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)²
    Reference: Beale 1958
    """
    x, y = theta.unbind(-1)
    return 1.5 - x + x * y, 2.25 - x + x * y**2, 2.625 - x + x * y**3


@landscape(
    label="Saddle between two minima",
    group="Test functions",
    windows={"descent": (-1.8, 1.8, -1.2, 1.2)},
    start=(0.02, 1.0),
    minima=lambda: ((1.0, 0.0), (-1.0, 0.0)),
    solved=1e-3,
    height="linear",
    squares=0.25,
    presets=(
        descent_preset(
            "After book figure 8.2",
            "The run slows down at the saddle, then leaves it. The book shows the loss of a network; this surface is "
            "defined by a formula.",
            0.2,
            0.5,
            60,
        ),
        Preset(
            "Newton goes to the saddle",
            "This holds for every start with |x| below 1/√5 = 0.447. Gradient descent goes to a minimum.",
            {**NEWTON, "start": (0.44, 1.0), "steps": 10},
            (
                PresetFact("√5 = 0.447", "1 / sqrt(5)", least=0.4465, most=0.4475),
                PresetFact("every start with |x| below", "abs(with.x[-1])", most=1e-9, changes={"start": (0.447, 1.0)}),
                PresetFact("to a minimum", "with.loss[-1]", most=1e-3, changes=DESCENT),
            ),
        ),
        Preset(
            "Newton goes to the minimum",
            "From every start with |x| above 1/√3 = 0.577 it goes to the minimum on the same side. Between 0.447 and "
            "0.577, a small change of the start can change where the run ends.",
            {**NEWTON, "start": (0.8, 1.0), "steps": 10},
            (
                PresetFact("1/√3 = 0.577", "1 / sqrt(3)", least=0.5765, most=0.5775),
                PresetFact("same side", "with.x[-1]", least=0.999, changes={"start": (0.578, 1.0), "steps": 60}),
                PresetFact("Between 0.447", "with.x[-1]", most=-0.9, changes={"start": (0.45, 1.0), "steps": 60}),
                PresetFact("0.577, a small", "with.x[-1]", least=0.9, changes={"start": (0.46, 1.0), "steps": 60}),
            ),
        ),
    ),
)
def saddle(theta: Tensor) -> Residuals:
    """A saddle at the origin, with a minimum on either side.

    Formula: f = ¼ (x² − 1)² + ½ y²
    Reference: Goodfellow, Bengio & Courville 2016, section 8.2.3
    """
    x, y = theta.unbind(-1)
    return x**2 - 1, math.sqrt(2) * y
