"""Clipping by norm as other libraries implement it: they differ in edge cases.

Sums of squares are plain if the library's are, so that both overflow for the same gradients.
"""

import math

import torch
from torch import Tensor

from cliffscape.landscapes.clips.family import Call, Threshold, TrainingCalls, clip, norm_calls
from cliffscape.landscapes.clips.norm_and_value import by_norm_pytorch, scale_by_norm
from cliffscape.landscapes.transform import State, Transform, norm, plain_norm, stateless


@clip("By norm (Pascanu)", calls=norm_calls())
def by_norm_pascanu(threshold: Threshold = 0.2) -> Transform:
    """The rule as published: a gradient is rescaled if its norm is equal to the threshold or larger.

    Args:
        threshold: A gradient with this norm or a larger one is rescaled to it.

    Formula: if ‖g‖ ≥ v: g ← g v/‖g‖
    At threshold: Scaled by 1, so only rounding differs from the book's rule.
    One Inf: Passed on; the algorithm does not cover it, and the authors' code has a separate rule.
    One NaN: Passed on; the algorithm does not cover it.
    Norm overflow: Clipped like any other gradient.
    Reference: Pascanu, Mikolov & Bengio 2013, algorithm 1
    """

    def rule(gradient: Tensor) -> Tensor:
        length = norm(gradient)
        return torch.where((length >= threshold) & (length < math.inf), gradient / length * threshold, gradient)

    return stateless(rule)


@clip("By norm (Keras, global)", calls=norm_calls("keras"))
def by_norm_keras(threshold: Threshold = 0.2) -> Transform:
    """What Keras does with global_clipnorm: every gradient is scaled by the smaller of two factors.

    Args:
        threshold: global_clipnorm; the largest gradient norm that passes unchanged.

    Formula: g ← g v min(1/‖g‖, 1/v) + (‖g‖ − ‖g‖)
    At threshold: Unchanged except for rounding: v (1/v) may differ from 1 in the last place, as for v = 49.
    One Inf: All entries become NaN, on purpose, so that a diverged run is noticed.
    One NaN: All entries become NaN.
    Norm overflow: The norm becomes Inf, and all entries NaN.
    Reference: Keras 3, keras.src.utils.python_utils and optimizers, clip_by_global_norm
    """

    def rule(gradient: Tensor) -> Tensor:
        length = plain_norm(gradient)
        bound = threshold + torch.zeros_like(length)
        # length - length is 0 for a finite norm and NaN for any other, as in Keras.
        scale = bound * torch.minimum(1 / length, 1 / bound)
        return gradient * scale + (length - length)

    return stateless(rule)


@clip(
    "By norm (PyTorch, error)",
    raises=True,
    calls=TrainingCalls(
        Call("torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm={threshold}, error_if_nonfinite=True)"),
        "Keras raises no error. Its global_clipnorm makes a gradient with Inf or NaN NaN as a whole.",
        "optax raises no error, since its functions are compiled.",
    ),
)
def by_norm_pytorch_error(threshold: Threshold = 0.2) -> Transform:
    """What clip_grad_norm_ does with error_if_nonfinite=True: a norm that is Inf or NaN ends the run with an error.

    PyTorch raises a RuntimeError at that step. Here all parameters become NaN with it, so the run counts as
    diverged, and its verdict names the step.

    Args:
        threshold: max_norm; the largest gradient norm that passes almost unchanged.

    Formula: g ← g min(1, v/(‖g‖ + 10⁻⁶)); if ‖g‖ is Inf or NaN: error
    At threshold: Scaled by slightly less than 1 (0.999999 for a norm of 1).
    One Inf: PyTorch raises a RuntimeError; here all entries become NaN.
    One NaN: PyTorch raises a RuntimeError; here all entries become NaN.
    Norm overflow: The norm becomes Inf, and PyTorch raises a RuntimeError; here all entries become NaN.
    Reference: PyTorch, torch.nn.utils.clip_grad_norm_(..., error_if_nonfinite=True)
    """
    pytorch = by_norm_pytorch(threshold)

    def update(gradient: Tensor, state: State, theta: Tensor) -> tuple[Tensor, State]:
        clipped, state = pytorch.update(gradient, state, theta)
        # The comparison is false for NaN as well.
        finite = plain_norm(gradient) < math.inf
        return torch.where(finite, clipped, torch.full_like(clipped, math.nan)), state

    return pytorch._replace(update=update)


@clip("By norm (optax)", calls=norm_calls("optax"))
def by_norm_optax(threshold: Threshold = 0.2) -> Transform:
    """What optax.clip_by_global_norm does: a norm that reaches the threshold is rescaled by a division and a product.

    Args:
        threshold: max_norm; gradients of a smaller norm pass unchanged.

    Formula: if not ‖g‖ < v: g ← (g/‖g‖) v
    At threshold: Scaled by 1, so only rounding changes it.
    One Inf: That entry becomes NaN, the others 0.
    One NaN: All entries become NaN.
    Norm overflow: The norm becomes Inf and every entry 0; the run stops moving without a warning.
    Reference: DeepMind 2020, optax 0.2.8, optax.clip_by_global_norm
    """

    def rule(gradient: Tensor) -> Tensor:
        length = plain_norm(gradient)
        # NaN compares false, so it is divided too, as in optax.
        return torch.where(length < threshold, gradient, gradient / length * threshold)

    return stateless(rule)


@clip(
    "By 1-norm (PyTorch)",
    shape="diamond",
    calls=TrainingCalls(
        Call("torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm={threshold}, norm_type=1)"),
        "Keras clips by the Euclidean norm only.",
        "optax clips by the Euclidean norm only.",
    ),
)
def by_one_norm_pytorch(threshold: Threshold = 0.2) -> Transform:
    """What clip_grad_norm_ does with norm_type=1: the norm is the sum of the magnitudes of all components.

    Args:
        threshold: max_norm; the largest 1-norm that passes almost unchanged.

    Formula: g ← g min(1, v/(‖g‖₁ + 10⁻⁶)), with ‖g‖₁ = Σ |gᵢ|
    Size: the 1-norm grows with the number of components, to at most √n times the Euclidean norm.
    At threshold: Scaled by slightly less than 1 (0.999999 for a norm of 1).
    One Inf: That entry becomes NaN, the others 0.
    One NaN: All entries become NaN.
    Norm overflow: Clipped like any other gradient: nothing is squared, so only a sum above 1.8e308 overflows.
    Reference: PyTorch, torch.nn.utils.clip_grad_norm_(..., norm_type=1)
    """
    return scale_by_norm(lambda gradient: gradient.abs().sum(-1, keepdim=True), threshold)


@clip(
    "By maximum norm (PyTorch)",
    shape="square",
    calls=TrainingCalls(
        Call('torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm={threshold}, norm_type=float("inf"))'),
        "Keras clips by the Euclidean norm only. Its clipvalue has the same bound, but changes the direction.",
        "optax clips by the Euclidean norm only. optax.clip has the same bound, but changes the direction.",
    ),
)
def by_max_norm_pytorch(threshold: Threshold = 0.2) -> Transform:
    """What clip_grad_norm_ does with norm_type=inf: the norm is the largest magnitude of a component.

    Args:
        threshold: max_norm; the largest magnitude of a component that passes almost unchanged.

    Formula: g ← g min(1, v/(‖g‖∞ + 10⁻⁶)), with ‖g‖∞ = max |gᵢ|
    Direction: kept, unlike by value, which has the same region but clamps every component separately.
    At threshold: Scaled by slightly less than 1 (0.999999 for a norm of 1).
    One Inf: That entry becomes NaN, the others 0.
    One NaN: All entries become NaN.
    Norm overflow: Clipped like any other gradient: the norm is one of the entries, so it cannot overflow.
    Reference: PyTorch, torch.nn.utils.clip_grad_norm_(..., norm_type=inf)
    """
    return scale_by_norm(lambda gradient: gradient.abs().amax(-1, keepdim=True), threshold)
