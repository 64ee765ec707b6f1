"""Quadratic bowls: losses with constant curvatures, whose stable learning rate is known."""

from typing import Annotated

from torch import Tensor

from cliffscape.landscapes.declare import PresetFact, Range, descent_preset
from cliffscape.landscapes.loss import Residuals, landscape


@landscape(
    label="Booth",
    group="Test functions",
    windows={"descent": (-10.0, 10.0, -10.0, 10.0)},
    start=(-5.0, -5.0),
    minima=lambda: ((1.0, 3.0),),
    solved=1e-3,
    squares=1.0,
    presets=(
        descent_preset(
            "Above the stable learning rate",
            "The largest curvature is 18, so gradient descent needs a rate below 2/18 = 0.111. At 0.115 each step of "
            "the unclipped run overshoots farther than the one before. The clipped run does not diverge, but it does "
            "not settle either: it jumps across the minimum in steps of 0.575 units.",
            0.115,
            5.0,
            40,
            (
                PresetFact("2/18 = 0.111", "2 / 18", least=0.1105, most=0.1115),
                PresetFact("largest curvature is 18", "2 * (2 ** 2 + 1) + 2 * 2 * 2"),
                PresetFact("overshoots farther", "without.step_length[1] / without.step_length[0]", least=1.06),
                PresetFact("does not diverge", "with.outcome", equals="not_converged"),
                PresetFact("0.575 units", "with.step_length[39]"),
            ),
        ),
    ),
)
def booth(theta: Tensor) -> Residuals:
    """A quadratic bowl whose long axis runs at 45° to the coordinate axes; its curvatures are 18 and 2.

    Formula: f = (x + 2y − 7)² + (2x + y − 5)²
    Reference: Jamil & Yang 2013, function 17
    """
    x, y = theta.unbind(-1)
    return x + 2 * y - 7, 2 * x + y - 5


@landscape(
    label="Ravine",
    group="Test functions",
    main="condition_number",
    windows={"descent": (-2.0, 2.0, -1.2, 1.2)},
    start=(-1.7, 0.9),
    minima=lambda **_: ((0.0, 0.0),),
    solved=1e-3,
    squares=0.5,
    presets=(
        descent_preset(
            "Zigzag across the ravine",
            "The largest stable learning rate depends on the steep direction. It makes progress in the flat one slow.",
            0.09,
            0.5,
            60,
        ),
    ),
)
def ravine(theta: Tensor, condition_number: Annotated[float, Range(1, 1000, log=True, symbol="κ")] = 20.0) -> Residuals:
    """A quadratic bowl stretched along one axis.

    Args:
        condition_number: The largest curvature divided by the smallest.

    Formula: f = ½ (x² + κ y²)
    Reference: Goodfellow, Bengio & Courville 2016, section 4.3.1
    """
    x, y = theta.unbind(-1)
    return x, condition_number**0.5 * y
