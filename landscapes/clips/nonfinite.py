"""Clips that replace a gradient that contains Inf or NaN."""

import math
from typing import Annotated

import torch
from torch import Tensor

from cliffscape.landscapes.clips.family import Call, Threshold, TrainingCalls, clip, no_calls
from cliffscape.landscapes.clips.norm_and_value import scale_to_norm, with_random_directions
from cliffscape.landscapes.declare import Range
from cliffscape.landscapes.transform import State, Transform, Variables, norm, stateless


@clip(
    "Skip Inf and NaN",
    shape="",
    calls=TrainingCalls(
        Call(
            "if not all(p.grad.isfinite().all() for p in model.parameters() if p.grad is not None):\n"
            "    model.zero_grad(set_to_none=False)",
            "PyTorch has no function for it, but these lines are the rule. torch.amp.GradScaler skips such steps too.",
        ),
        "Keras has no such option. Its LossScaleOptimizer, for float16, skips such steps.",
        Call(
            "optax.apply_if_finite({optimizer}, max_consecutive_errors=1000)",
            "It skips the whole step, so the state of the optimizer stays as it is too. After so many steps with Inf "
            "or NaN it lets them pass.",
        ),
    ),
)
def skip_nonfinite() -> Transform:
    """A gradient that contains Inf or NaN is replaced by zero. Any other gradient is used as it is.

    Formula: if any gᵢ is Inf or NaN: g ← 0
    At threshold: This rule has no threshold.
    One Inf: The gradient becomes 0. With plain gradient descent the run then never moves again.
    One NaN: The gradient becomes 0 as well.
    Norm overflow: No norm is computed; the gradient passes.
    Reference: DeepMind 2020, optax.apply_if_finite; torch.amp.GradScaler skips such steps as well
    """

    def rule(gradient: Tensor) -> Tensor:
        # Inf − Inf and NaN − NaN are NaN; for finite numbers the difference is 0.
        strange = (gradient - gradient).abs().sum(-1, keepdim=True) != 0
        return torch.where(strange, torch.zeros_like(gradient), gradient)

    return stateless(rule)


@clip("By norm, random step on Inf", calls=no_calls("No framework replaces a gradient by a random one."))
def by_norm_else_random(threshold: Threshold = 0.2, seed: Annotated[int, Range(0, 2**31 - 3)] = 0) -> Transform:
    """Clip by norm. If the gradient contains Inf or NaN, take a random step of the same length as a clipped one.

    Args:
        threshold: The largest gradient norm that passes unchanged, and the length of the random gradient.
        seed: Seed of the random directions; runs that differ in their start or in a parameter have other directions.

    Formula: if g holds Inf or NaN: g ← v u, with u a random unit vector; else if ‖g‖ > v: g ← g v/‖g‖
    Measured: 92 % of 1000 seeds leave the region of Inf and are solved in 300 steps (linear recurrence, T = 1000,
    v = 1). If finite gradients above the threshold are also replaced by random ones, 39 % of 1000 seeds.
    At threshold: Unchanged.
    One Inf: A random gradient of norm v, so that the parameters move away.
    One NaN: A random gradient of norm v as well.
    Norm overflow: Clipped like any other gradient.
    Reference: Goodfellow, Bengio & Courville 2016, section 10.11.1
    """

    def replace(gradient: Tensor, direction: Tensor) -> Tensor:
        # The comparison is false for Inf and for NaN.
        return torch.where(norm(gradient) < math.inf, scale_to_norm(gradient, threshold), threshold * direction)

    return with_random_directions(seed, replace)


def recurrent_mask(theta: Tensor, variables: Variables | None) -> Tensor:
    """1 for the recurrent weights among theta's ``(D,)`` coordinates, else 0. Without names, 1 for the first one."""
    shapes = {"weight_hh": (1,), "rest": (theta.shape[-1] - 1,)} if variables is None else variables
    found = [torch.full((math.prod(shape),), float(name == "weight_hh")) for name, shape in shapes.items()]
    return torch.cat(found).to(theta.device, theta.dtype)


@clip("By norm, 0.02 W on Inf", calls=no_calls("Only the code of the authors has this rule, in Theano."))
def by_norm_else_shrink(threshold: Threshold = 0.2, variables: Variables | None = None) -> Transform:
    """Clip by norm. An enormous gradient, or one with Inf or NaN, is replaced by a fraction of the recurrent weights.

    Args:
        threshold: The largest gradient norm that passes unchanged.

    Formula: if g holds Inf or NaN, or ‖g‖ > 10¹⁰: g ← 0.02 W for the recurrent weights, 0 for all else;
    else if ‖g‖ > v: g ← g v/‖g‖
    Recurrent weights: in training, W_hh; on a landscape or a slice, the first coordinate.
    At threshold: Unchanged.
    One Inf: Replaced: 0.02 times the recurrent weights, 0 for all else.
    One NaN: Replaced as well.
    Norm overflow: Replaced as well, like every norm above 10¹⁰.
    Reference: the authors' code of Pascanu, Mikolov & Bengio 2013 (trainingRNNs)
    """

    def update(gradient: Tensor, state: State, theta: Tensor) -> tuple[Tensor, State]:
        shrinking = 0.02 * theta * recurrent_mask(theta, variables)
        return torch.where(norm(gradient) <= 1e10, scale_to_norm(gradient, threshold), shrinking), state

    return Transform(lambda theta: (), update)
