"""First-order optimizers: pairs ``init(theta) -> state``, ``update(gradient, state, theta) -> (step, state)``.

``theta`` and ``gradient`` are ``(..., D)``; the step is added to ``theta``. Hyper-parameters are numbers, or
tensors ``(L, 1)``: one per lane.
"""

from typing import Annotated

import torch
from torch import Tensor

from cliffscape.landscapes.declare import Range
from cliffscape.landscapes.optimizers.family import LearningRate, Momentum, optimizer
from cliffscape.landscapes.transform import State, Transform, stateless


@optimizer("Gradient descent")
def gradient_descent(learning_rate: LearningRate = 0.5) -> Transform:
    """Step against the gradient, with a length proportional to its norm.

    Args:
        learning_rate: How far to step per unit of gradient.

    Formula: θ ← θ − ε g
    Stable limit: 2/sharpness; with a larger learning rate no run converges to the minimum
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
    """Momentum with look-ahead: the gradient is used as if the velocity had already been applied.

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


@optimizer("Nesterov (scheduled)")
def nesterov_schedule(
    learning_rate: LearningRate = 0.02,
    momentum: Momentum = 0.99,
    period: Annotated[int, Range(1, 1000, log=True)] = 250,
) -> Transform:
    """Nesterov's momentum as Sutskever wrote it, with a momentum that grows as the run goes on.

    The path shows the look-ahead points, at which the gradient is computed.

    Args:
        learning_rate: How far to step per unit of gradient.
        momentum: The largest momentum, with which the schedule ends.
        period: The number of steps after which 1 minus the momentum goes from 1/2 to 1/4, then to 1/6, 1/8, ...

    Formula: v ← μ v − ε ∇f(θ + μ v), θ ← θ + v, μₜ = min(1 − ½/(⌊t/P⌋ + 1), α)
    Reference: Sutskever, Martens, Dahl & Hinton 2013, equations 3 to 5
    """

    def share(step: Tensor) -> Tensor:
        whole = torch.floor(step / period)
        return torch.minimum(1 - 0.5 / (whole + 1), momentum + torch.zeros_like(step))

    def update(gradient: Tensor, state: State, theta: Tensor) -> tuple[Tensor, State]:
        velocity, step = state
        now, coming = share(step), share(step + 1)
        after = now * velocity - learning_rate * gradient
        # From one look-ahead point, θ + μ v, to the next.
        return (1 + coming) * after - now * velocity, (after, step + 1)

    return Transform(lambda theta: (torch.zeros_like(theta), torch.zeros_like(theta[..., :1])), update)
