"""Descent: steps of an optimizer on a loss, for any batch of lanes on any device."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import torch
from torch import Tensor

from cliffscape.landscapes.bound_error import must_be
from cliffscape.landscapes.clips.minibatches import over_minibatches
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.loss import Loss, Measure
from cliffscape.landscapes.optimizers.curvature_products import with_curvature
from cliffscape.landscapes.optimizers.sharpness_aware import with_displacement
from cliffscape.landscapes.transform import State, Transform, norm


class Record(NamedTuple):
    """Quantities of one step, or of several steps stacked: a block of a trajectory.

    ``position`` ``(..., D)``; ``loss``, ``gradient_norm`` (before the clip), ``clip_factor`` and ``step_length`` (of
    the step taken from here) ``(...)``. ``clip_factor`` is the norm after the clip over the norm before, of the step if
    the clip acts on steps, else of the gradient; 1 for a zero vector.
    """

    position: Tensor
    loss: Tensor
    gradient_norm: Tensor
    clip_factor: Tensor
    step_length: Tensor


class Carry(NamedTuple):
    """The state between two steps: parameters, and the states of clip and optimizer."""

    theta: Tensor
    clip: State
    optimizer: State

    def tensors(self) -> dict[str, Tensor]:
        """All tensors by name, position first."""
        named = {"theta": self.theta}
        named |= {f"clip_state_{k}": tensor for k, tensor in enumerate(self.clip)}
        return named | {f"optimizer_state_{k}": tensor for k, tensor in enumerate(self.optimizer)}


def initial_carry(theta: Tensor, clip: Transform, optimizer: Transform) -> Carry:
    """The carry before the first step."""
    return Carry(theta, clip.init(theta), optimizer.init(theta))


def carry_of(named: Mapping[str, Tensor]) -> Carry:
    """The carry whose tensors have these names, the inverse of ``Carry.tensors``; other names are ignored."""
    clip = tuple(tensor for name, tensor in named.items() if name.startswith("clip_state_"))
    optimizer = tuple(tensor for name, tensor in named.items() if name.startswith("optimizer_state_"))
    return Carry(named["theta"], clip, optimizer)


def descent_step(loss: Loss, clip: Transform, optimizer: Transform, carry: Carry) -> tuple[Carry, Record]:
    """One step: gradient, clip, update."""
    measure = with_displacement(lambda theta: value_and_gradient(loss, theta), optimizer)
    return apply_gradient(*measure(carry.theta), clip, with_curvature(loss, optimizer), carry)


def apply_gradient(
    value: Tensor, gradient: Tensor, clip: Transform, optimizer: Transform, carry: Carry
) -> tuple[Carry, Record]:
    """The rest of a step whose loss ``(...)`` and gradient ``(..., D)`` are known: clip, update.

    The kernels are traced from this function.
    """
    theta = carry.theta
    clipped, clip_state = clip.update(gradient, carry.clip, theta)
    step, optimizer_state = optimizer.update(clipped, carry.optimizer, theta)
    gradient_norm, _, clip_factor = compare_norms(gradient, clipped)
    if clip.limit is None:
        step_length = norm(step)
    else:
        limited = clip.limit(step)
        # A clip of steps does not change the gradient, so the first factor is 1.
        _, step_length, limit_factor = compare_norms(step, limited)
        step, clip_factor = limited, clip_factor * limit_factor
    record = Record(theta, value, gradient_norm[..., 0], clip_factor[..., 0], step_length[..., 0])
    return Carry(theta + step, clip_state, optimizer_state), record


def compare_norms(before: Tensor, after: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Norm before, norm after, and their ratio ``(..., 1)``; 1 for a zero vector, where 0/0 would be NaN.

    Each norm is computed once, because norms take about a third of the time of a step by PyTorch.
    """
    whole = norm(before)
    zero = whole == 0
    rest = whole if after is before else norm(after)
    return whole, rest, torch.where(zero, torch.ones_like(whole), rest / whole)


def norm_ratio(before: Tensor, after: Tensor) -> Tensor:
    """Norm after over norm before ``(..., 1)``; 1 for a zero vector."""
    return compare_norms(before, after)[-1]


def before_and_after_clip(
    gradient: Tensor, clip: Transform, optimizer: Transform, carry: Carry
) -> tuple[Tensor, Tensor]:
    """Input and output ``(..., D)`` of the clip: the gradient, or the negative step if the clip acts on steps."""
    clipped, _ = clip.update(gradient, carry.clip, carry.theta)
    if clip.limit is None:
        return gradient, clipped
    step, _ = optimizer.update(clipped, carry.optimizer, carry.theta)
    return -step, -clip.limit(step)


def descend(
    loss: Loss, start: Tensor, optimizer: Transform, clip: Transform, steps: int, block: int = 64
) -> Iterator[Record]:
    """Descend a loss with the derivatives of autograd. The minibatches of a ``MeanLoss`` are clipped one by one.

    Raises:
        TypeError: the optimizer asks for the Gauss-Newton matrix, and the loss is no ``SumOfSquares``.
    """
    guard, method = over_minibatches(loss, clip, optimizer.displacement), with_curvature(loss, optimizer)
    measure = with_displacement(lambda theta: value_and_gradient(loss, theta), optimizer)
    yield from descend_with(measure, start, method, guard, steps, block)


def descend_with(
    measure: Measure, start: Tensor, optimizer: Transform, clip: Transform, steps: int, block: int = 64
) -> Iterator[Record]:
    """Take ``steps`` steps from ``start`` ``(..., D)``, float64; yield blocks of ``(K, ...)`` records.

    There are ``steps + 1`` rows in all, the start and the end included; the last row's ``step_length`` is NaN,
    since no step is taken from it. A run that diverges continues with Inf and NaN; this is no error.

    Raises:
        TypeError: ``start`` is not float64 (in float32 a third of the runs near a cliff end elsewhere).
    """
    if start.dtype != torch.float64:
        raise TypeError(must_be("start", start.dtype, "float64"))
    carry = initial_carry(start, clip, optimizer)
    rows: list[Record] = []
    for step in range(steps + 1):
        carry, record = apply_gradient(*measure(carry.theta), clip, optimizer, carry)
        # The last row needs a clip factor too, so its step is computed, but not recorded.
        last = step == steps
        rows.append(record._replace(step_length=torch.full_like(record.loss, torch.nan)) if last else record)
        if len(rows) == block or last:
            yield Record(*(torch.stack(column) for column in zip(*rows, strict=True)))
            rows = []


def trajectory(loss: Loss, start: Tensor, optimizer: Transform, clip: Transform, steps: int) -> Record:
    """``descend``'s blocks as one record ``(steps + 1, ...)``."""
    blocks = list(descend(loss, start, optimizer, clip, steps))
    return Record(*(torch.cat(column) for column in zip(*blocks, strict=True)))
