"""Optimizers that use the direction of a gradient but not its length, so every step is bounded.

``theta`` and ``gradient`` are ``(..., D)``; hyper-parameters are numbers, or tensors ``(L, 1)``: one per lane.
"""

import torch
from torch import Tensor

from cliffscape.landscapes.optimizers.adaptive import FirstDecay, SecondDecay, WeightDecay
from cliffscape.landscapes.optimizers.family import LearningRate, optimizer
from cliffscape.landscapes.optimizers.moments import zero_moments
from cliffscape.landscapes.transform import State, Transform, norm, stateless


@optimizer("Normalised gradient")
def normalised_gradient(learning_rate: LearningRate = 0.1) -> Transform:
    """Step a fixed length against the gradient: the run is never thrown at a cliff and never stops at a minimum.

    Args:
        learning_rate: The length of every step.

    Formula: θ ← θ − ε g/‖g‖
    Reference: Nesterov 1984; Hazan, Levy & Shalev-Shwartz 2015
    """

    def rule(gradient: Tensor) -> Tensor:
        length = norm(gradient)
        return -learning_rate * gradient / torch.where(length == 0, torch.ones_like(length), length)

    return stateless(rule)


@optimizer("Sign descent")
def sign_descent(learning_rate: LearningRate = 0.05) -> Transform:
    """Step a fixed length in every coordinate, against the sign of the gradient.

    Args:
        learning_rate: The length of a step in each coordinate.

    Formula: θ ← θ − ε sign(g)
    Reference: Riedmiller & Braun 1993; Bernstein et al. 2018
    """
    return stateless(lambda gradient: -learning_rate * torch.sign(gradient))


@optimizer("Lion")
def lion(
    learning_rate: LearningRate = 0.02,
    first_decay: FirstDecay = 0.9,
    second_decay: SecondDecay = 0.99,
    weight_decay: WeightDecay = 0.0,
) -> Transform:
    """Step along the sign of a moving average of gradients that gives extra weight to the current gradient.

    Args:
        learning_rate: The length of a step in each coordinate.
        first_decay: The share of the remembered mean in the direction of a step.
        second_decay: The share of the mean that is remembered from step to step.
        weight_decay: The share that is subtracted from the parameters per step and unit of learning rate.

    Formula: θ ← θ − ε (sign(ρ₁ m + (1 − ρ₁) g) + λ θ), m ← ρ₂ m + (1 − ρ₂) g
    Reference: Chen et al. 2023, algorithm 2
    """

    def update(gradient: Tensor, state: State, theta: Tensor) -> tuple[Tensor, State]:
        direction = torch.sign(first_decay * state[0] + (1 - first_decay) * gradient)
        mean = second_decay * state[0] + (1 - second_decay) * gradient
        return -learning_rate * (direction + weight_decay * theta), (mean,)

    return Transform(zero_moments(1), update)
