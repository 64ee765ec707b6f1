"""Sharpness-aware minimisation: a step from theta with the gradient at a nearby point of higher loss."""

from typing import Annotated

import torch
from torch import Tensor

from cliffscape.landscapes.declare import Range
from cliffscape.landscapes.loss import Measure
from cliffscape.landscapes.optimizers.family import LearningRate, Momentum, optimizer
from cliffscape.landscapes.optimizers.first_order import momentum as heavy_ball
from cliffscape.landscapes.transform import Transform, norm


@optimizer("SAM")
def sam(
    learning_rate: LearningRate = 0.1,
    radius: Annotated[float, Range(0, 1, symbol="ρ")] = 0.05,
    momentum: Momentum = 0.0,
) -> Transform:
    """Sharpness-aware minimisation: step with the gradient at a point up the slope, where the loss is higher.

    At a minimum that point is always on the slope, so runs swing around the minimum; the wider it is, the less.

    Args:
        learning_rate: How far to step per unit of velocity.
        radius: The distance to the point at which the gradient is computed; 0 gives momentum.
        momentum: The share of the velocity that is kept from step to step.

    Formula: g ← ∇f(θ + ρ ∇f(θ)/‖∇f(θ)‖), v ← α v + g, θ ← θ − ε v
    Stability: 2/sharpness, as in gradient descent. On a bowl of curvature h the run ends in swings of ±ε h ρ/(2 − ε h).
    Framework: The authors' JAX code, which clips only the second gradient too. PyTorch has no class for it.
    Gradient norm: Curve, clip factor and clip have the gradient at the displaced point. The loss is that at θ.
    Minibatches: Each minibatch has its own displacement.
    One Inf: The displacement and the second gradient are NaN.
    Cost: two gradients per step.
    Reference: Foret, Kleiner, Mobahi & Neyshabur 2021, algorithm 1
    """

    def displacement(gradient: Tensor) -> Tensor:
        length = norm(gradient)
        return radius * gradient / torch.where(length == 0, torch.ones_like(length), length)

    return heavy_ball(learning_rate, momentum)._replace(displacement=displacement)


def with_displacement(measure: Measure, optimizer: Transform) -> Measure:
    """``measure`` with the gradient at the point that the optimizer asks for. The loss is that at theta."""
    displacement = optimizer.displacement
    if displacement is None:
        return measure

    def measure_there(theta: Tensor) -> tuple[Tensor, Tensor]:
        value, gradient = measure(theta)
        return value, measure(theta + displacement(gradient))[1]

    return measure_there
