"""One landscape, one optimizer, one clip and one schedule of a reader's own: a decorated function each."""

from typing import Annotated

import torch
from torch import Tensor

from cliffscape.landscapes.clips.family import Threshold, clip
from cliffscape.landscapes.declare import Range, descent_preset
from cliffscape.landscapes.loss import landscape
from cliffscape.landscapes.optimizers.family import LearningRate, optimizer
from cliffscape.landscapes.optimizers.schedules import Period, Schedule, schedule
from cliffscape.landscapes.transform import Transform, norm, stateless


@landscape(
    label="Trench",
    main="depth",
    windows={"whole": (-2.0, 2.0, -2.0, 2.0)},
    start=(1.5, 0.5),
    minima=lambda **_: ((0.0, 0.0),),
    solved=1e-2,
    study="wall_heights",
    presets=(descent_preset("Down the wall", "Both runs reach the floor of the trench.", 0.1, 1.0, 60),),
)
def trench(theta: Tensor, depth: Annotated[float, Range(0.1, 10, log=True)] = 2.0) -> Tensor:
    """A trench along y whose walls steepen from the floor up.

    Args:
        depth: How steep the walls are.

    Formula: f = depth (cosh x − 1) + y²/2
    Reference: made for a test
    """
    x, y = theta.unbind(-1)
    return depth * (0.5 * (torch.exp(x) + torch.exp(-x)) - 1) + 0.5 * y**2


@optimizer("Saturating descent")
def saturating_descent(learning_rate: LearningRate = 0.1) -> Transform:
    """Steps that never grow longer than the learning rate.

    Args:
        learning_rate: The length that no step exceeds.

    Formula: θ ← θ − ε g/(1 + ‖g‖)
    Reference: made for a test
    """
    return stateless(lambda gradient: -learning_rate * gradient / (1 + norm(gradient)))


@clip("Soft norm")
def soft_norm(threshold: Threshold = 1.0) -> Transform:
    """Shorten every gradient a little, and a long one to the threshold.

    Args:
        threshold: The norm that no gradient exceeds.

    Formula: g ← g v/√(v² + ‖g‖²)
    At threshold: Shortened by a factor of √2.
    One Inf: Becomes NaN.
    One NaN: Passed on.
    Norm overflow: Shortened to zero.
    Reference: made for a test
    """
    return stateless(lambda gradient: gradient * threshold / torch.sqrt(threshold**2 + norm(gradient) ** 2))


@schedule("Harmonic")
def harmonic(period: Period = 20) -> Schedule:
    """The learning rate falls like one over the number of steps.

    Args:
        period: After how many steps the rate is halved.

    Formula: εₜ = ε P/(P + t)
    Reference: made for a test
    """
    return lambda step: 1 / (1 + step / period)
