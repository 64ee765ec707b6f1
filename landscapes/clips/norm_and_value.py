"""Gradient clips: functions that are applied to a gradient before the optimizer uses it.

A clip is the same kind of pair as an optimizer: ``init(theta) -> state`` and
``update(gradient, state, theta) -> (gradient, state)``. Norms run over the last axis only, so lanes
are independent. Thresholds may be tensors ``(L, 1)``: one per lane.
"""

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated

import torch
from torch import Tensor

from cliffscape.landscapes.clips.family import Call, Threshold, TrainingCalls, clip, no_calls, norm_calls
from cliffscape.landscapes.declare import Range
from cliffscape.landscapes.random_streams import random_direction, stream_key
from cliffscape.landscapes.transform import State, Transform, norm, plain_norm, stateless

# The name under which a clip's seed enters the key of its random stream.
SEED = "clip.seed"


def scale_to_norm(vector: Tensor, threshold: float | Tensor) -> Tensor:
    """``vector`` ``(..., D)`` scaled down to a norm of ``threshold`` if its own norm is larger and finite."""
    length = norm(vector)
    # Dividing first: v * (g / length) stays finite where (v * g) / length could overflow.
    return torch.where((length > threshold) & (length < math.inf), vector / length * threshold, vector)


def clamp(vector: Tensor, threshold: float | Tensor) -> Tensor:
    """``vector`` ``(..., D)`` with every component limited to ``-threshold`` to ``threshold``; NaN stays."""
    bound = threshold + torch.zeros_like(vector)
    return torch.minimum(torch.maximum(vector, -bound), bound)


@clip(
    "None",
    shape="",
    calls=TrainingCalls(
        "PyTorch clips nothing by itself.",
        "Keras clips nothing by itself.",
        "optax clips nothing by itself.",
        transformers=Call("max_grad_norm=0.0", "Its default is 1.0, so without this argument it clips by norm."),
    ),
)
def none() -> Transform:
    """The gradient is used as it is.

    Formula: g ← g
    At threshold: This rule has no threshold.
    One Inf: Passed on; the parameters become Inf or NaN with it.
    One NaN: Passed on; the parameters become NaN with it.
    Norm overflow: No norm is computed.
    Reference: Goodfellow, Bengio & Courville 2016, section 8.2.4
    """
    return stateless(lambda gradient: gradient)


@clip("By norm (book)", calls=norm_calls())
def by_norm(threshold: Threshold = 0.2) -> Transform:
    """Scale the gradient down to the threshold when its norm is larger; the direction is kept.

    Args:
        threshold: The largest gradient norm that passes unchanged.

    Formula: if ‖g‖ > v: g ← g v/‖g‖
    At threshold: Unchanged; no epsilon is added to the norm.
    One Inf: Passed on, because the gradient has no direction then, and the run diverges.
    One NaN: Passed on, and the run diverges.
    Norm overflow: Clipped like any other gradient: entries are divided by the largest before they are squared.
    Reference: Goodfellow, Bengio & Courville 2016, eq. 10.48-10.49; Pascanu, Mikolov & Bengio 2013
    """
    return stateless(lambda gradient: scale_to_norm(gradient, threshold))


@clip(
    "By value",
    shape="square",
    calls=TrainingCalls(
        Call("torch.nn.utils.clip_grad_value_(model.parameters(), clip_value={threshold})"),
        Call("clipvalue={threshold}"),
        Call("optax.chain(optax.clip({threshold}), {optimizer})"),
        Call('gradient_clip_val={threshold}, gradient_clip_algorithm="value"'),
    ),
)
def by_value(threshold: Threshold = 0.2) -> Transform:
    """Clamp each component of the gradient separately; the direction may change, by up to 45° in the plane.

    Args:
        threshold: The largest magnitude a single component may have.

    Formula: gᵢ ← min(max(gᵢ, −v), v)
    At threshold: Unchanged.
    One Inf: That entry becomes v, with its sign.
    One NaN: That entry stays NaN, and the run diverges.
    Norm overflow: No norm is computed.
    Reference: Mikolov 2012; Goodfellow, Bengio & Courville 2016, section 10.11.1; the same as
    torch.nn.utils.clip_grad_value_, Keras's clipvalue and optax.clip
    """
    return stateless(lambda gradient: clamp(gradient, threshold))


def scale_by_norm(length_of: Callable[[Tensor], Tensor], threshold: float | Tensor) -> Transform:
    """PyTorch's clip by a norm ``length_of``, which maps gradients ``(..., D)`` to ``(..., 1)``."""

    def rule(gradient: Tensor) -> Tensor:
        coefficient = threshold / (length_of(gradient) + 1e-6)
        return gradient * torch.minimum(coefficient, torch.ones_like(coefficient))

    return stateless(rule)


@clip("By norm (PyTorch)", calls=norm_calls("pytorch"))
def by_norm_pytorch(threshold: Threshold = 0.2) -> Transform:
    """What torch.nn.utils.clip_grad_norm_ does: a millionth is added to the norm before dividing.

    Args:
        threshold: max_norm; the largest gradient norm that passes almost unchanged.

    Formula: g ← g min(1, v/(‖g‖ + 10⁻⁶))
    At threshold: Scaled by slightly less than 1 (0.999999 for a norm of 1).
    One Inf: That entry becomes NaN, the others 0.
    One NaN: All entries become NaN.
    Norm overflow: The norm becomes Inf and every entry 0; the run stops moving without a warning.
    Reference: PyTorch, torch.nn.utils.clip_grad_norm_
    """
    return scale_by_norm(plain_norm, threshold)


@clip("Random step", calls=no_calls("No framework replaces a gradient by a random one."))
def random_step(threshold: Threshold = 0.2, seed: Annotated[int, Range(0, 2**31 - 3)] = 0) -> Transform:
    """Above the threshold, and on Inf or NaN, replace the gradient by a random one of the threshold's length.

    Args:
        threshold: The largest gradient norm that passes, and the length of the random gradient.
        seed: Seed of the random directions; runs that differ in their start or in a parameter have other directions.

    Formula: if ‖g‖ > v, or g holds Inf or NaN: g ← v u, with u a random unit vector
    Step: the threshold bounds the gradient; the step is the learning rate times that.
    At threshold: Unchanged.
    One Inf: A random gradient of norm v, so that the parameters move away.
    One NaN: A random gradient of norm v as well.
    Norm overflow: Replaced, like every norm above the threshold.
    Reference: Goodfellow, Bengio & Courville 2016, section 10.11.1
    """

    def replace(gradient: Tensor, direction: Tensor) -> Tensor:
        # NaN compares false, so such a gradient is replaced as well.
        return torch.where(norm(gradient) <= threshold, gradient, threshold * direction)

    return with_random_directions(seed, replace)


def with_random_directions(
    seed: float | Tensor,
    replace: Callable[[Tensor, Tensor], Tensor],
    values: Mapping[str, float | Tensor] | None = None,
) -> Transform:
    """A clip that maps a gradient and a random unit vector ``(..., D)``, another one at every step, to a gradient.

    Its state is the key of the run's stream, and how many vectors were drawn. ``values`` are those of the run's
    parameters.
    """

    def init(theta: Tensor) -> State:
        key = stream_key(theta, {**(values or {}), SEED: seed})
        return key, torch.zeros_like(key[..., :1])

    def update(gradient: Tensor, state: State, theta: Tensor) -> tuple[Tensor, State]:
        key, drawn = state
        direction = random_direction(key, drawn, theta.shape[-1]).to(gradient.dtype)
        return replace(gradient, direction), (key, drawn + 1)

    return Transform(init, update, with_values=partial(with_random_directions, seed, replace))
