"""Adaptive optimizers as Keras and optax compute them, where they differ from PyTorch.

Keras is TensorFlow's interface as well. ``theta`` and ``gradient`` are ``(..., D)``; hyper-parameters are numbers, or
tensors ``(L, 1)``: one per lane.
"""

import torch
from torch import Tensor

from cliffscape.landscapes.optimizers.adaptive import Decay, Epsilon, FirstDecay, SecondDecay
from cliffscape.landscapes.optimizers.family import LearningRate, Momentum, Switch, optimizer
from cliffscape.landscapes.optimizers.moments import adam_moments, divisor_norm, unbiased_divisor_norm, zero_moments
from cliffscape.landscapes.optimizers.root_mean_square import root_mean_square_steps
from cliffscape.landscapes.transform import State, Transform


@optimizer("RMSprop (Keras)")
def rmsprop_keras(
    learning_rate: LearningRate = 0.02,
    decay: Decay = 0.9,
    momentum: Momentum = 0.0,
    epsilon: Epsilon = 1e-7,
    centred: Switch = 0,
) -> Transform:
    """RMSprop as Keras and TensorFlow compute it: epsilon is added under the root, so its own root bounds the divisor.

    Args:
        learning_rate: The length of a step in each coordinate while gradients keep their size, without momentum.
        decay: The share of the mean squared gradient that is kept from step to step.
        momentum: The share of the velocity that is kept from step to step.
        epsilon: Added under the root: 1e-7 acts on small gradients as 3e-4 does outside the root.
        centred: 1 to divide by the standard deviation of recent gradients, 0 for their root mean square.

    Formula: r ← ρ r + (1 − ρ) g², v ← α v + g/√(r + δ), θ ← θ − ε v; centred: r − m² for r, with m the mean of g
    Framework: Keras 3 and TensorFlow 2. TensorFlow 1 has this step too, but r starts at 1 and epsilon is 1e-10.
    Schedule: In Keras the velocity contains the learning rate. Here a schedule is a factor on the step.
    Reference: keras.optimizers.RMSprop, Keras 3; tf.compat.v1.train.RMSPropOptimizer
    """
    return root_mean_square_steps(learning_rate, decay, momentum, centred, lambda r: torch.sqrt(r + epsilon))


@optimizer("Adam (Keras)")
def adam_keras(
    learning_rate: LearningRate = 0.1,
    first_decay: FirstDecay = 0.9,
    second_decay: SecondDecay = 0.999,
    epsilon: Epsilon = 1e-7,
    amsgrad: Switch = 0,
) -> Transform:
    """Adam as Keras computes it: epsilon is added before the bias correction, so it counts for more in first steps.

    Args:
        learning_rate: The length of a step in each coordinate while successive gradients are the same.
        first_decay: The share of the mean gradient that is kept from step to step.
        second_decay: The share of the mean squared gradient that is kept from step to step.
        epsilon: Added to the root before the bias correction; the paper's "epsilon hat".
        amsgrad: 1 to divide by the largest mean square so far, 0 for the current one.

    Formula: m and s as in Adam, θ ← θ − ε √(1 − ρ₂ᵗ)/(1 − ρ₁ᵗ) m/(√s + δ); AMSGrad's form: ŝ ← max(ŝ, s) for s
    Framework: Keras 3. Its weight_decay, which is not here, is decoupled, as in AdamW.
    Reference: keras.optimizers.Adam, Keras 3; Kingma & Ba 2015, the formula before section 2.1
    """

    def update(gradient: Tensor, state: State, theta: Tensor) -> tuple[Tensor, State]:
        state = adam_moments(state, gradient, first_decay, second_decay)
        mean, square, *largest, first_left, second_left = state
        rate = learning_rate * torch.sqrt(1 - second_left) / (1 - first_left)
        scale = torch.sqrt(largest[0] if largest else square) + epsilon
        return -rate * mean / scale, state

    return Transform(
        zero_moments(3 if amsgrad else 2, 2), update, memory=unbiased_divisor_norm(2 if amsgrad else 1, -1)
    )


@optimizer("AMSGrad (optax)")
def amsgrad_optax(
    learning_rate: LearningRate = 0.1,
    first_decay: FirstDecay = 0.9,
    second_decay: SecondDecay = 0.999,
    epsilon: Epsilon = 1e-8,
) -> Transform:
    """AMSGrad as optax computes it: the largest mean square is that after the bias correction.

    A gradient of the first steps counts fully in the corrected mean square, so it shortens all later steps more than in
    PyTorch.

    Args:
        learning_rate: The length of a step in each coordinate while successive gradients are the same.
        first_decay: The share of the mean gradient that is kept from step to step.
        second_decay: The share of the mean squared gradient that is kept from step to step.
        epsilon: Added to the root of the largest mean square.

    Formula: ŝ ← max(ŝ, s/(1 − ρ₂ᵗ)), θ ← θ − ε m̂/(√ŝ + δ)
    Framework: optax. PyTorch and Keras take the maximum before the bias correction.
    Reference: optax.amsgrad, optax.scale_by_amsgrad; Reddi, Kale & Kumar 2018
    """

    def update(gradient: Tensor, state: State, theta: Tensor) -> tuple[Tensor, State]:
        # Adam's moments without the largest mean square, whose bias is corrected here before the maximum is taken.
        moments = adam_moments((*state[:2], *state[3:]), gradient, first_decay, second_decay)
        mean, square, first_left, second_left = moments
        largest = torch.maximum(state[2], square / (1 - second_left))
        step = -learning_rate * mean / (1 - first_left) / (torch.sqrt(largest) + epsilon)
        return step, (mean, square, largest, first_left, second_left)

    return Transform(zero_moments(3, 2), update, memory=divisor_norm(2))
