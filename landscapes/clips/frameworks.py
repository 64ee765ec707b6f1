"""Clipping by norm as other libraries implement it: they differ in edge cases.

Sums of squares are plain where the libraries' are, so that both overflow for the same gradients.
"""

import math

import torch
from torch import Tensor

from cliffscape.landscapes.clips.family import Threshold, clip
from cliffscape.landscapes.transform import Transform, norm, plain_norm, stateless


@clip("By norm (Pascanu)")
def by_norm_pascanu(threshold: Threshold = 0.2) -> Transform:
    """The rule as its authors printed it: from the threshold on, and with it, the gradient is rescaled.

    Args:
        threshold: The gradient norm from which on the gradient is rescaled to it.

    Formula: if ‖g‖ ≥ v: g ← g v/‖g‖
    At threshold: Scaled by 1, so that only rounding tells it from the book's rule.
    One Inf: Passed on; the algorithm does not say, and the authors' code has a rule of its own.
    One NaN: Passed on; the algorithm does not say.
    Norm overflow: Clipped like any other.
    Reference: Pascanu, Mikolov & Bengio 2013, algorithm 1
    """

    def rule(gradient: Tensor) -> Tensor:
        length = norm(gradient)
        return torch.where((length >= threshold) & (length < math.inf), gradient / length * threshold, gradient)

    return stateless(rule)


@clip("By norm (Keras, global)")
def by_norm_keras(threshold: Threshold = 0.2) -> Transform:
    """What Keras does with global_clipnorm: every gradient is scaled by the smaller of two factors.

    Args:
        threshold: global_clipnorm; the largest gradient norm that passes unchanged.

    Formula: g ← g v min(1/‖g‖, 1/v) + (‖g‖ − ‖g‖)
    At threshold: Untouched but for rounding: v (1/v) may be one unit in the last place off 1, as for v = 49.
    One Inf: All entries become NaN, on purpose: a run that has diverged should be seen to have.
    One NaN: All entries become NaN.
    Norm overflow: The norm becomes Inf, and all entries NaN.
    Reference: Keras 3, keras.src.utils.python_utils and optimizers, clip_by_global_norm
    """

    def rule(gradient: Tensor) -> Tensor:
        length = plain_norm(gradient)
        bound = threshold + torch.zeros_like(length)
        scale = bound * torch.minimum(1 / length, 1 / bound)
        return gradient * scale + (length - length)

    return stateless(rule)


@clip("By norm (optax)")
def by_norm_optax(threshold: Threshold = 0.2) -> Transform:
    """What optax.clip_by_global_norm does: below the threshold nothing, from it on a division and a product.

    Args:
        threshold: max_norm; gradients of a smaller norm pass unchanged.

    Formula: if not ‖g‖ < v: g ← (g/‖g‖) v
    At threshold: Scaled by 1, so that only rounding is left of the rule.
    One Inf: That entry becomes NaN, the others 0.
    One NaN: All entries become NaN.
    Norm overflow: The norm becomes Inf, every entry 0, and the run freezes without a word.
    Reference: DeepMind 2020, optax 0.2.8, optax.clip_by_global_norm
    """

    def rule(gradient: Tensor) -> Tensor:
        length = plain_norm(gradient)
        return torch.where(length < threshold, gradient, gradient / length * threshold)

    return stateless(rule)
