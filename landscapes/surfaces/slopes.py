"""Slopes with an obstacle, one decorated function each."""

from typing import Annotated

import torch
from torch import Tensor

from cliffscape.landscapes.declare import PresetFact, Range, descent_preset
from cliffscape.landscapes.loss import landscape

DROP, GOAL = 1.0, 5.0  # where the drop begins and where the minimum lies, along x
EDGES = 200.0  # width of the drop relative to the width of its rounded edges


def softplus(x: Tensor) -> Tensor:
    """log(1 + e^x), without overflow."""
    # The argument of exp is never positive, so it cannot overflow.
    return torch.where(x > 0, x, torch.zeros_like(x)) + torch.log(1 + torch.exp(-x.abs()))


@landscape(
    label="Slope with a drop",
    group="Cliffs",
    main="spike",
    windows={"descent": (-0.5, 7.5, -2.0, 2.0)},
    start=(0.0, 0.5),
    minima=lambda **_: ((GOAL, 0.0),),
    solved=1e-2,
    height="linear",
    presets=(
        descent_preset(
            "Adam slows after a spike",
            "After one gradient of 1000, Adam’s steps shrink from 0.01 to 0.00013. Even 3,000 steps later they are "
            "shorter than 0.0015.",
            0.01,
            2.0,
            1000,
            (
                PresetFact("gradient of 1000", "without.gradient_norm[101]"),
                PresetFact("from 0.01", "without.step_length[100]"),
                PresetFact("to 0.00013", "without.step_length[179]"),
                PresetFact(
                    "3,000 steps later they are shorter than 0.0015",
                    "max(without.step_length[1101], without.step_length[2101], without.step_length[3101])",
                    most=0.0015,
                    changes={"steps": 4000},
                ),
            ),
            optimizer="adam",
        ),
        descent_preset(
            "Gradient descent overshoots",
            "One step takes gradient descent ten units, past the minimum. It then returns in short steps.",
            0.01,
            2.0,
            1000,
            (
                PresetFact("ten units", "longest_step(run='without')"),
                PresetFact("One step", "without.step_length[103]", least=9.5, most=10.5),
            ),
        ),
    ),
)
def slope_with_drop(
    theta: Tensor,
    spike: Annotated[float, Range(1, 10000, log=True)] = 1000.0,
    width: Annotated[float, Range(0.001, 0.2, log=True, symbol="d")] = 0.015,
) -> Tensor:
    """A long slope of steepness 1 with one narrow, steep drop: one gradient in hundreds of steps is a spike.

    If the drop is 1.5 times as wide as a step is long, one or two steps land in it, from every start.

    Args:
        spike: The steepness of the drop; the slope has steepness 1.
        width: The width of the drop along x.

    Formula: J = √(1 + (x − 5)²) − 1 + ½ y² + (k − 1) D(x), with D′ = −1 for 1 < x < 1 + d and D′ = 0 elsewhere; its
        edges are rounded over d/200
    Reference: after Kingma & Ba 2015, section 2.1: the step in the presence of one large gradient
    """
    x, y = theta.unbind(-1)
    floor = torch.sqrt(1 + (x - GOAL) ** 2) - 1 + 0.5 * y**2
    edge = width / EDGES
    drop = edge * (softplus((DROP + width - x) / edge) - softplus((DROP - x) / edge))
    return floor + (spike - 1) * drop
