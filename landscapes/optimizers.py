"""First-order optimizers: pairs ``init(theta) -> state``, ``update(gradient, state, theta) -> (step, state)``.

``theta`` and ``gradient`` are ``(..., D)``; the step is added to ``theta``. Hyper-parameters are numbers, or
tensors ``(L, 1)``: one per lane.
"""

from collections.abc import Callable
from typing import Annotated

import torch
from torch import Tensor

from landscapes.clips import State, Transform, stateless
from landscapes.declare import Entry, Family, Range, entry_of

OPTIMIZERS: Family[Entry] = Family("optimizer")
LearningRate = Annotated[float, Range(1e-4, 10, log=True, symbol="ε")]
Momentum = Annotated[float, Range(0, 0.999, symbol="α")]


def optimizer(label: str) -> Callable[[Callable[..., Transform]], Callable[..., Transform]]:
    """Register a function that returns an optimizer."""

    def register(function: Callable[..., Transform]) -> Callable[..., Transform]:
        OPTIMIZERS.add(entry_of(function, label))
        return function

    return register


@optimizer("Gradient descent")
def gradient_descent(learning_rate: LearningRate = 0.5) -> Transform:
    """Step against the gradient, as long as the gradient is large.

    Args:
        learning_rate: How far to step per unit of gradient.

    Formula: θ ← θ − ε g
    Stable limit: 2/sharpness; above it no minimum holds the run
    Reference: Goodfellow, Bengio & Courville 2016, section 8.3.1
    """
    return stateless(lambda gradient: -learning_rate * gradient)


@optimizer("Momentum")
def momentum(learning_rate: LearningRate = 0.1, momentum: Momentum = 0.9) -> Transform:
    """Heavy ball: step along a decaying sum of past gradients.

    Args:
        learning_rate: How far to step per unit of velocity.
        momentum: The share of the velocity that is kept from step to step.

    Formula: v ← α v + g, θ ← θ − ε v
    Reference: Polyak 1964; torch.optim.SGD(momentum)
    """

    def update(gradient: Tensor, state: State, theta: Tensor) -> tuple[Tensor, State]:
        velocity = momentum * state[0] + gradient
        return -learning_rate * velocity, (velocity,)

    return Transform(lambda theta: (torch.zeros_like(theta),), update)


@optimizer("Nesterov momentum")
def nesterov(learning_rate: LearningRate = 0.1, momentum: Momentum = 0.9) -> Transform:
    """Momentum that looks ahead: the gradient is weighed as if the velocity had already been followed.

    Args:
        learning_rate: How far to step per unit of velocity.
        momentum: The share of the velocity that is kept from step to step.

    Formula: v ← α v + g, θ ← θ − ε (g + α v)
    Reference: Nesterov 1983, in the form of torch.optim.SGD(nesterov=True); Sutskever et al. 2013
    """

    def update(gradient: Tensor, state: State, theta: Tensor) -> tuple[Tensor, State]:
        velocity = momentum * state[0] + gradient
        return -learning_rate * (gradient + momentum * velocity), (velocity,)

    return Transform(lambda theta: (torch.zeros_like(theta),), update)


@optimizer("Adam")
def adam(
    learning_rate: LearningRate = 0.1,
    first_decay: Annotated[float, Range(0, 0.999, symbol="ρ₁")] = 0.9,
    second_decay: Annotated[float, Range(0, 0.99999, symbol="ρ₂")] = 0.999,
    epsilon: Annotated[float, Range(1e-12, 1, log=True, symbol="δ")] = 1e-8,
) -> Transform:
    """Step along the mean gradient divided, coordinate by coordinate, by its root mean square.

    Args:
        learning_rate: The length of a step in each coordinate while gradients agree.
        first_decay: The share of the mean gradient that is kept from step to step.
        second_decay: The share of the mean squared gradient that is kept from step to step.
        epsilon: Added to the root mean square, so that a flat coordinate does not divide by zero.

    Formula: m ← ρ₁ m + (1 − ρ₁) g, s ← ρ₂ s + (1 − ρ₂) g², θ ← θ − ε m̂/(√ŝ + δ)
    Reference: Kingma & Ba 2015; Goodfellow, Bengio & Courville 2016, algorithm 8.7
    """

    def init(theta: Tensor) -> State:
        one = torch.ones_like(theta[..., :1])
        return torch.zeros_like(theta), torch.zeros_like(theta), one, one

    def update(gradient: Tensor, state: State, theta: Tensor) -> tuple[Tensor, State]:
        mean, square, first_left, second_left = state
        mean = first_decay * mean + (1 - first_decay) * gradient
        square = second_decay * square + (1 - second_decay) * gradient**2
        first_left, second_left = first_left * first_decay, second_left * second_decay
        scale = torch.sqrt(square / (1 - second_left)) + epsilon
        return -learning_rate * mean / (1 - first_left) / scale, (mean, square, first_left, second_left)

    return Transform(init, update)
