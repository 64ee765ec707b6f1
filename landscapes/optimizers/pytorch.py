"""The classes of torch.optim that have options: weight decay in the gradient, dampening, centred RMSprop.

With their options at 0 they are the methods of ``first_order.py`` and ``adaptive.py``, which have fewer controls.
``theta`` and ``gradient`` are ``(..., D)``; hyper-parameters are numbers, or tensors ``(L, 1)``: one per lane.
"""

import math
from typing import Annotated

import torch
from torch import Tensor

from cliffscape.landscapes.declare import Range
from cliffscape.landscapes.optimizers import adaptive
from cliffscape.landscapes.optimizers.adaptive import (
    Decay,
    Epsilon,
    FirstDecay,
    SecondDecay,
    WeightDecay,
    nadam_steps,
)
from cliffscape.landscapes.optimizers.family import LearningRate, Momentum, Switch, optimizer
from cliffscape.landscapes.optimizers.root_mean_square import root_mean_square_steps
from cliffscape.landscapes.transform import State, Transform

# The base of the warm-up of NAdam's momentum.
WARMING = 0.96


def with_coupled_decay(inner: Transform, weight_decay: float | Tensor) -> Transform:
    """The optimizer on the gradient of the loss plus ½ weight_decay ‖θ‖². Clips are applied before, as in PyTorch."""

    def update(gradient: Tensor, state: State, theta: Tensor) -> tuple[Tensor, State]:
        return inner.update(gradient + weight_decay * theta, state, theta)

    return inner._replace(update=update)


@optimizer("SGD (PyTorch)")
def sgd_pytorch(
    learning_rate: LearningRate = 0.1,
    momentum: Momentum = 0.9,
    dampening: Annotated[float, Range(0, 1, symbol="τ")] = 0.0,
    weight_decay: WeightDecay = 0.0,
    nesterov: Switch = 0,
) -> Transform:
    """Momentum with the options of torch.optim.SGD: dampening, weight decay in the gradient, Nesterov's form.

    Args:
        learning_rate: How far to step per unit of velocity.
        momentum: The share of the velocity that is kept from step to step.
        dampening: The share of each gradient after the first that does not enter the velocity; no effect at momentum 0.
        weight_decay: The share of the parameters that is added to the clipped gradient.
        nesterov: 1 for Nesterov's form, 0 for the heavy ball. PyTorch allows 1 only without dampening.

    Formula: g ← g + λ θ, v ← α v + (1 − τ) g (first v = g), θ ← θ − ε v, or θ ← θ − ε (g + α v) with Nesterov
    Stability: ε < 2 (1 + α)/((1 − τ)(h + λ)) for curvature h; with Nesterov and τ = 0 ε < 2 (1 + α)/((1 + 2 α)(h + λ))
    Framework: PyTorch. Keras has no dampening, and its weight decay is decoupled, as in AdamW.
    Reference: torch.optim.SGD, PyTorch 2.13
    """

    def update(gradient: Tensor, state: State, theta: Tensor) -> tuple[Tensor, State]:
        velocity, later = state
        # Without momentum PyTorch keeps no velocity, and the dampening has no effect.
        damped = torch.where(momentum + torch.zeros_like(later) > 0, dampening + torch.zeros_like(later), 0.0)
        velocity = momentum * velocity + (1 - damped * later) * gradient
        ahead = gradient + momentum * velocity if nesterov else velocity
        return -learning_rate * ahead, (velocity, torch.ones_like(later))

    # The second number is 0 before the first step, whose gradient is not damped.
    inner = Transform(lambda theta: (torch.zeros_like(theta), torch.zeros_like(theta[..., :1])), update)
    return with_coupled_decay(inner, weight_decay)


@optimizer("RMSprop (PyTorch)")
def rmsprop_pytorch(
    learning_rate: LearningRate = 0.02,
    decay: Decay = 0.99,
    momentum: Momentum = 0.0,
    epsilon: Epsilon = 1e-8,
    weight_decay: WeightDecay = 0.0,
    centred: Switch = 0,
) -> Transform:
    """RMSprop with the options of torch.optim.RMSprop: momentum, weight decay in the gradient, a centred mean square.

    Args:
        learning_rate: The length of a step in each coordinate while gradients keep their size, without momentum.
        decay: The share of the mean squared gradient that is kept from step to step.
        momentum: The share of the velocity that is kept from step to step.
        epsilon: Added to the root, so that a flat coordinate does not divide by zero.
        weight_decay: The share of the parameters that is added to the clipped gradient.
        centred: 1 to divide by the standard deviation of recent gradients, 0 for their root mean square.

    Formula: g ← g + λ θ, r ← ρ r + (1 − ρ) g², v ← α v + g/(√r + δ), θ ← θ − ε v; centred: r − m² for r, with m the
        mean of g
    Framework: PyTorch, with epsilon outside the root. Keras and TensorFlow have it inside.
    Centred: Rounding can make r − m² negative if gradients hardly change. The step is then NaN, as in PyTorch.
    Reference: torch.optim.RMSprop, PyTorch 2.13; Graves 2013, section 4.2, for the centred form
    """
    inner = root_mean_square_steps(learning_rate, decay, momentum, centred, lambda r: torch.sqrt(r) + epsilon)
    return with_coupled_decay(inner, weight_decay)


@optimizer("Adam (PyTorch)")
def adam_pytorch(
    learning_rate: LearningRate = 0.1,
    first_decay: FirstDecay = 0.9,
    second_decay: SecondDecay = 0.999,
    epsilon: Epsilon = 1e-8,
    weight_decay: WeightDecay = 0.0,
    amsgrad: Switch = 0,
) -> Transform:
    """Adam with the options of torch.optim.Adam: weight decay in the gradient, so it is divided as well, and AMSGrad.

    Args:
        learning_rate: The length of a step in each coordinate while successive gradients are the same.
        first_decay: The share of the mean gradient that is kept from step to step.
        second_decay: The share of the mean squared gradient that is kept from step to step.
        epsilon: Added to the root mean square, so that a flat coordinate does not divide by zero.
        weight_decay: The share of the parameters that is added to the clipped gradient.
        amsgrad: 1 to divide by the largest mean square so far, 0 for the current one.

    Formula: g ← g + λ θ, then Adam's or AMSGrad's step with g
    Framework: PyTorch. The weight decay of AdamW, and that of Keras, is decoupled: it is not divided.
    Reference: torch.optim.Adam, PyTorch 2.13; Loshchilov & Hutter 2019 compare both kinds of weight decay
    """
    inner = (adaptive.amsgrad if amsgrad else adaptive.adam)(learning_rate, first_decay, second_decay, epsilon)
    return with_coupled_decay(inner, weight_decay)


@optimizer("NAdam (PyTorch)")
def nadam_pytorch(
    learning_rate: LearningRate = 0.1,
    first_decay: FirstDecay = 0.9,
    second_decay: SecondDecay = 0.999,
    epsilon: Epsilon = 1e-8,
    momentum_decay: Annotated[float, Range(0, 1, symbol="ψ")] = 4e-3,
    weight_decay: WeightDecay = 0.0,
) -> Transform:
    """NAdam with the options of torch.optim.NAdam: the pace of the momentum's warm-up, weight decay in the gradient.

    Args:
        learning_rate: The length of a step in each coordinate while successive gradients are the same.
        first_decay: The share of the mean gradient that is kept from step to step, once it has warmed up.
        second_decay: The share of the mean squared gradient that is kept from step to step.
        epsilon: Added to the root mean square, so that a flat coordinate does not divide by zero.
        momentum_decay: How fast the momentum warms up from half its value; 0 keeps it there.
        weight_decay: The share of the parameters that is added to the clipped gradient.

    Formula: g ← g + λ θ, then NAdam's step with μₜ = ρ₁ (1 − ½ 0.96^(ψ t))
    Framework: PyTorch. With ψ = 1 and δ = 1e-7 it is Nadam of Keras 3.
    Reference: torch.optim.NAdam, PyTorch 2.13; Dozat 2016
    """

    def warming(power: Tensor) -> Tensor:
        # The power is written as an exponential, because the exponent may also be a parameter of the browser's program.
        return torch.exp(math.log(WARMING) * (momentum_decay + torch.zeros_like(power)))

    return with_coupled_decay(nadam_steps(learning_rate, first_decay, second_decay, epsilon, warming), weight_decay)
