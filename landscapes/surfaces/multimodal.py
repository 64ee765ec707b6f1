"""Test surfaces with many local minima, of which one is the lowest: one decorated function each."""

import math

import torch
from torch import Tensor

from cliffscape.landscapes.declare import Preset, PresetFact, descent_preset
from cliffscape.landscapes.loss import Residuals, landscape

# The smallest root of 4x³ − 32x + 5. Both coordinates of the minimum have this value.
STYBLINSKI_TANG_ROOT = -2.903534027771177


@landscape(
    label="Rastrigin",
    group="Test functions",
    windows={"descent": (-5.12, 5.12, -5.12, 5.12)},
    start=(3.3, -2.7),
    minima=lambda: ((0.0, 0.0),),
    solved=1e-3,
    height="linear",
    squares=1.0,
    presets=(
        descent_preset(
            "The valley of the start",
            "Both runs go down into the valley of their start, where the loss is 17.9. Clipping makes the steps "
            "shorter, but it does not lead a run to a deeper valley.",
            0.002,
            10.0,
            20,
            (
                PresetFact("the loss is 17.9", "without.end_loss"),
                PresetFact("Both runs go down", "with.end_loss", most=18.1),
            ),
        ),
        descent_preset(
            "From valley to valley",
            "In every valley the curvature is almost 400, so a rate of 0.015 is three times the largest stable one. "
            "The unclipped run jumps from valley to valley. Clipped steps are at most 0.15 units long, so the clipped "
            "run stays in the valley of its start, without coming to rest.",
            0.015,
            10.0,
            60,
            (
                PresetFact("almost 400", "2 + 40 * acos(-1) ** 2", least=390, most=400),
                PresetFact("three times", "0.015 * (2 + 40 * acos(-1) ** 2) / 2", least=2.9, most=3.1),
                PresetFact("valley to valley", "longest_step(run='without')", least=1),
                PresetFact("at most 0.15 units", "longest_step()", most=0.15 * (1 + 1e-12)),
                PresetFact("valley of its start", "abs(with.x[-1] - 3) + abs(with.y[-1] + 3)", most=0.3),
            ),
        ),
        Preset(
            "Newton goes to a maximum",
            "Newton’s method goes to the nearest point of zero gradient, and here that is a local maximum. Gradient "
            "descent goes away from it.",
            {"optimizer": "newton", "clip": "by_norm", "clip.threshold": 10.0, "start": (0.4, 0.6), "steps": 10},
        ),
    ),
)
def rastrigin(theta: Tensor) -> Residuals:
    """A bowl with a grid of valleys, one near every point with whole coordinates; the deepest is at the origin.

    Formula: f = 20 + x² − 10 cos 2πx + y² − 10 cos 2πy
    Reference: Rastrigin 1974
    """
    x, y = theta.unbind(-1)
    # 10 − 10 cos 2πx = 20 sin² πx, which has no rounding error near the origin.
    ripple = math.sqrt(20)
    return x, y, ripple * torch.sin(math.pi * x), ripple * torch.sin(math.pi * y)


@landscape(
    label="Ackley",
    group="Test functions",
    windows={"descent": (-5.0, 5.0, -5.0, 5.0), "tip": (-0.6, 0.6, -0.6, 0.6)},
    start=(2.5, -1.7),
    minima=lambda: ((0.0, 0.0),),
    solved=1e-3,
    height="linear",
    presets=(
        descent_preset(
            "Out of a valley",
            "Steps of up to 0.92 units take the unclipped run out of the valley of its start, and it ends near the "
            "minimum. Clipped steps are at most 0.1 units long, so the clipped run stays. Clipping does not help to "
            "find the lowest valley.",
            0.1,
            1.0,
            60,
            (
                PresetFact("0.92 units", "longest_step(run='without')"),
                PresetFact("near the minimum", "abs(without.x[-1]) + abs(without.y[-1])", most=0.5),
                PresetFact("at most 0.1 units", "longest_step()", most=0.1 * (1 + 1e-12)),
            ),
        ),
        descent_preset(
            "Steps that do not become shorter",
            "Near the tip the gradient’s norm does not fall below 2.83, so gradient descent does not come to rest. The "
            "unclipped run jumps across the tip in steps of 0.42 units, the clipped run in steps of 0.05.",
            0.05,
            1.0,
            60,
            (
                PresetFact("below 2.83", "gradient_norm_at(x=0.000001, y=0)"),
                PresetFact("0.42 units", "without.last_step"),
                PresetFact("steps of 0.05", "with.last_step"),
            ),
            start=(0.4, 0.3),
            window="tip",
        ),
    ),
)
def ackley(theta: Tensor) -> Tensor:
    """A funnel with ripples. Its lowest point is the tip of a cone, and the gradient does not approach 0 there.

    Tip: There is no gradient at the tip. The gradient 0 is used, and the curvature of the ripples alone.

    Formula: f = 20 (1 − exp(−0.2 √(½ (x² + y²)))) + e − exp(½ (cos 2πx + cos 2πy))
    Reference: Ackley 1987
    """
    x, y = theta.unbind(-1)
    square = (x**2 + y**2) / 2
    tip = square == 0
    # At 0 the derivative of sqrt is Inf, and autograd multiplies it by 0, which is NaN. So the square root of 1 is
    # taken there, and the distance is the constant 0.
    distance = torch.where(tip, torch.zeros_like(x), torch.sqrt(torch.where(tip, torch.ones_like(x), square)))
    ripple = (torch.cos(2 * math.pi * x) + torch.cos(2 * math.pi * y)) / 2
    # e is a factor here, so that the loss at the origin is 0 whatever the last digit of exp(1).
    return 20 * (1 - torch.exp(-0.2 * distance)) + math.e * (1 - torch.exp(ripple - 1))


@landscape(
    label="Styblinski-Tang",
    group="Test functions",
    windows={"descent": (-5.0, 5.0, -5.0, 5.0)},
    start=(4.2, 4.6),
    minima=lambda: ((STYBLINSKI_TANG_ROOT, STYBLINSKI_TANG_ROOT),),
    solved=-78.3,
    height="linear",
    presets=(
        descent_preset(
            "A long step to the lowest valley",
            "The first step of the unclipped run is 7.46 units long and happens to lead to the lowest valley. The "
            "clipped run goes down into the valley of its start, which is shallower. Here the run with the larger "
            "steps ends lower, but only by luck.",
            0.05,
            20.0,
            12,
            (
                PresetFact("7.46 units", "without.step_length[0]"),
                PresetFact("lowest valley", "without.end_loss", most=-78.3),
                PresetFact("shallower", "with.end_loss", least=-65),
            ),
        ),
        descent_preset(
            "Overflow in the corner",
            "At a rate of 0.1 the unclipped run overflows in six steps. The clipped run stays in its valley. It does "
            "not settle there, because the largest stable rate is below 0.07.",
            0.1,
            10.0,
            60,
            (
                PresetFact("Overflow", "without.outcome", equals="diverged"),
                PresetFact("overflows in six steps", "without.nonfinite_step"),
                PresetFact("below 0.07", "2 / (6 * 2.7468 ** 2 - 16)", least=0.06, most=0.07),
            ),
        ),
    ),
)
def styblinski_tang(theta: Tensor) -> Tensor:
    """Four minima of different depths, the lowest at −78.33. The walls around them grow with the fourth power.

    Formula: f = ½ (x⁴ − 16x² + 5x + y⁴ − 16y² + 5y)
    Reference: Styblinski & Tang 1990
    """
    x, y = theta.unbind(-1)
    return (x**4 - 16 * x**2 + 5 * x + y**4 - 16 * y**2 + 5 * y) / 2
