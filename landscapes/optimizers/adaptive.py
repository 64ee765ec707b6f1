"""Adaptive optimizers: every coordinate has its own step length, computed from its past gradients.

``theta`` and ``gradient`` are ``(..., D)``; hyper-parameters are numbers, or tensors ``(L, 1)``: one per lane.
"""

from collections.abc import Callable
from typing import Annotated

import torch
from torch import Tensor

from cliffscape.landscapes.declare import Range
from cliffscape.landscapes.optimizers.family import LearningRate, optimizer
from cliffscape.landscapes.optimizers.moments import (
    adam_moments,
    divisor_norm,
    moving_mean,
    moving_square,
    unbiased_divisor_norm,
    zero_moments,
)
from cliffscape.landscapes.transform import State, Transform

Decay = Annotated[float, Range(0, 0.99999, symbol="ρ")]
FirstDecay = Annotated[float, Range(0, 0.999, symbol="ρ₁")]
SecondDecay = Annotated[float, Range(0, 0.99999, symbol="ρ₂")]
Epsilon = Annotated[float, Range(1e-12, 1, log=True, symbol="δ")]
WeightDecay = Annotated[float, Range(0, 1, symbol="λ")]


@optimizer("Adagrad")
def adagrad(learning_rate: LearningRate = 0.1, epsilon: Epsilon = 1e-10) -> Transform:
    """Divide every coordinate by the root of the sum of all its squared gradients, so steps can only shrink.

    Args:
        learning_rate: The length of the first step in each coordinate.
        epsilon: Added to the root, so that a flat coordinate does not divide by zero.

    Formula: r ← r + g², θ ← θ − ε g/(√r + δ)
    Reference: Duchi, Hazan & Singer 2011; Goodfellow, Bengio & Courville 2016, algorithm 8.4; torch.optim.Adagrad
    """

    def update(gradient: Tensor, state: State, theta: Tensor) -> tuple[Tensor, State]:
        squares = state[0] + gradient**2
        return -learning_rate * gradient / (torch.sqrt(squares) + epsilon), (squares,)

    return Transform(zero_moments(1), update, memory=divisor_norm(0))


@optimizer("RMSprop")
def rmsprop(learning_rate: LearningRate = 0.02, decay: Decay = 0.99, epsilon: Epsilon = 1e-8) -> Transform:
    """Divide every coordinate by the root mean square of its recent gradients.

    Args:
        learning_rate: The length of a step in each coordinate while gradients keep their size.
        decay: The share of the mean squared gradient that is kept from step to step.
        epsilon: Added to the root mean square, so that a flat coordinate does not divide by zero.

    Formula: r ← ρ r + (1 − ρ) g², θ ← θ − ε g/(√r + δ)
    Reference: Hinton 2012, lecture 6; Goodfellow, Bengio & Courville 2016, algorithm 8.5; torch.optim.RMSprop
    """

    def update(gradient: Tensor, state: State, theta: Tensor) -> tuple[Tensor, State]:
        square = moving_square(state[0], gradient, decay)
        return -learning_rate * gradient / (torch.sqrt(square) + epsilon), (square,)

    return Transform(zero_moments(1), update, memory=divisor_norm(0))


@optimizer("Adadelta")
def adadelta(learning_rate: LearningRate = 1.0, decay: Decay = 0.9, epsilon: Epsilon = 1e-6) -> Transform:
    """RMSprop with the root mean square of its recent steps as step length, so the learning rate has no unit.

    Args:
        learning_rate: A factor on every step; 1 is the method as published.
        decay: The share of both mean squares that is kept from step to step.
        epsilon: Added under both roots; it sets the length of the first steps.

    Formula: r ← ρ r + (1 − ρ) g², Δ ← g √(s + δ)/√(r + δ), s ← ρ s + (1 − ρ) Δ², θ ← θ − ε Δ
    Reference: Zeiler 2012; torch.optim.Adadelta
    """

    def update(gradient: Tensor, state: State, theta: Tensor) -> tuple[Tensor, State]:
        square = moving_square(state[0], gradient, decay)
        change = torch.sqrt(state[1] + epsilon) / torch.sqrt(square + epsilon) * gradient
        return -learning_rate * change, (square, decay * state[1] + (1 - decay) * change**2)

    return Transform(zero_moments(2), update, memory=divisor_norm(0))


@optimizer("Adam")
def adam(
    learning_rate: LearningRate = 0.1,
    first_decay: FirstDecay = 0.9,
    second_decay: SecondDecay = 0.999,
    epsilon: Epsilon = 1e-8,
) -> Transform:
    """Divide the mean of recent gradients by their root mean square, in every coordinate.

    Args:
        learning_rate: The length of a step in each coordinate while successive gradients are the same.
        first_decay: The share of the mean gradient that is kept from step to step.
        second_decay: The share of the mean squared gradient that is kept from step to step.
        epsilon: Added to the root mean square, so that a flat coordinate does not divide by zero.

    Formula: m ← ρ₁ m + (1 − ρ₁) g, s ← ρ₂ s + (1 − ρ₂) g², θ ← θ − ε m̂/(√ŝ + δ)
    Reference: Kingma & Ba 2015; Goodfellow, Bengio & Courville 2016, algorithm 8.7
    """

    def update(gradient: Tensor, state: State, theta: Tensor) -> tuple[Tensor, State]:
        state = adam_moments(state, gradient, first_decay, second_decay)
        mean, square, first_left, second_left = state
        # Both averages start at 0; dividing by the sum of their weights so far corrects that.
        scale = torch.sqrt(square / (1 - second_left)) + epsilon
        return -learning_rate * mean / (1 - first_left) / scale, state

    return Transform(zero_moments(2, 2), update, memory=unbiased_divisor_norm(1, 3))


@optimizer("AdamW")
def adamw(
    learning_rate: LearningRate = 0.1,
    first_decay: FirstDecay = 0.9,
    second_decay: SecondDecay = 0.999,
    epsilon: Epsilon = 1e-8,
    weight_decay: WeightDecay = 0.01,
) -> Transform:
    """Adam with weight decay that is applied to the parameters directly, not through the gradient.

    Args:
        learning_rate: The length of a step in each coordinate while successive gradients are the same.
        first_decay: The share of the mean gradient that is kept from step to step.
        second_decay: The share of the mean squared gradient that is kept from step to step.
        epsilon: Added to the root mean square, so that a flat coordinate does not divide by zero.
        weight_decay: The share that is subtracted from the parameters per step and unit of learning rate.

    Formula: θ ← θ − ε λ θ − ε m̂/(√ŝ + δ)
    Reference: Loshchilov & Hutter 2019; torch.optim.AdamW
    """
    inner = adam(learning_rate, first_decay, second_decay, epsilon)

    def update(gradient: Tensor, state: State, theta: Tensor) -> tuple[Tensor, State]:
        step, state = inner.update(gradient, state, theta)
        return step - learning_rate * weight_decay * theta, state

    return Transform(inner.init, update, memory=inner.memory)


@optimizer("AMSGrad")
def amsgrad(
    learning_rate: LearningRate = 0.1,
    first_decay: FirstDecay = 0.9,
    second_decay: SecondDecay = 0.999,
    epsilon: Epsilon = 1e-8,
) -> Transform:
    """Adam that divides by the largest mean square so far, so its steps stay short after a spike.

    Args:
        learning_rate: The length of a step in each coordinate while successive gradients are the same.
        first_decay: The share of the mean gradient that is kept from step to step.
        second_decay: The share of the mean squared gradient that is kept from step to step.
        epsilon: Added to the root of the largest mean square.

    Formula: ŝ ← max(ŝ, s), θ ← θ − ε m̂/(√ŝ/√(1 − ρ₂ᵗ) + δ)
    Reference: Reddi, Kale & Kumar 2018; torch.optim.Adam(amsgrad=True)
    """

    def update(gradient: Tensor, state: State, theta: Tensor) -> tuple[Tensor, State]:
        state = adam_moments(state, gradient, first_decay, second_decay)
        mean, _, largest, first_left, second_left = state
        scale = torch.sqrt(largest) / torch.sqrt(1 - second_left) + epsilon
        return -learning_rate * mean / (1 - first_left) / scale, state

    return Transform(zero_moments(3, 2), update, memory=unbiased_divisor_norm(2, 4))


@optimizer("NAdam")
def nadam(
    learning_rate: LearningRate = 0.1,
    first_decay: FirstDecay = 0.9,
    second_decay: SecondDecay = 0.999,
    epsilon: Epsilon = 1e-8,
) -> Transform:
    """Adam with Nesterov's look-ahead: the mean gradient is used as if the next step had already been taken.

    Args:
        learning_rate: The length of a step in each coordinate while successive gradients are the same.
        first_decay: The share of the mean gradient that is kept from step to step, once it has warmed up.
        second_decay: The share of the mean squared gradient that is kept from step to step.
        epsilon: Added to the root mean square, so that a flat coordinate does not divide by zero.

    Formula: μₜ = ρ₁ (1 − ½ 0.96^(t/250)), θ ← θ − ε ((1 − μₜ) g/(1 − Πμ) + μₜ₊₁ m/(1 − Πμ μₜ₊₁))/(√ŝ + δ)
    Reference: Dozat 2016; torch.optim.NAdam
    """
    # 0.96^(1/250), so that one multiplication per step gives 0.96^(t/250).
    return nadam_steps(learning_rate, first_decay, second_decay, epsilon, lambda power: 0.96**0.004)


def nadam_steps(
    learning_rate: float | Tensor,
    first_decay: float | Tensor,
    second_decay: float | Tensor,
    epsilon: float | Tensor,
    warming: Callable[[Tensor], float | Tensor],
) -> Transform:
    """NAdam's steps. ``warming`` returns the factor per step of what the momentum still lacks, for any ``(..., 1)``."""

    def update(gradient: Tensor, state: State, theta: Tensor) -> tuple[Tensor, State]:
        # ``product`` is Πμ, and ``power`` is the factor to the power of the number of steps.
        mean, square, second_left, product, power = state
        factor = warming(power)
        power = power * factor
        now, coming = first_decay * (1 - 0.5 * power), first_decay * (1 - 0.5 * power * factor)
        mean = moving_mean(mean, gradient, first_decay)
        square = moving_square(square, gradient, second_decay)
        second_left, product = second_left * second_decay, product * now
        ahead = (1 - now) / (1 - product) * gradient + coming / (1 - product * coming) * mean
        scale = torch.sqrt(square / (1 - second_left)) + epsilon
        return -learning_rate * ahead / scale, (mean, square, second_left, product, power)

    return Transform(zero_moments(2, 3), update, memory=unbiased_divisor_norm(1, 2))
