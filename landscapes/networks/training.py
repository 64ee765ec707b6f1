"""Training: the same descent as on a landscape, with another minibatch at every update."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from cliffscape.landscapes.bound_error import must_be
from cliffscape.landscapes.descent.descend import Carry, Record, apply_gradient, initial_carry
from cliffscape.landscapes.networks.gauss_newton import gauss_newton_product
from cliffscape.landscapes.networks.network import Net
from cliffscape.landscapes.networks.tasks.task import Batch
from cliffscape.landscapes.optimizers.curvature_products import with_curvature, with_products
from cliffscape.landscapes.optimizers.sharpness_aware import with_displacement
from cliffscape.landscapes.transform import State, Transform


class Progress(NamedTuple):
    """The result of one block of updates.

    ``updates`` is the number of updates so far. ``loss`` (of each minibatch before its update), ``gradient_norm``
    (before the clip) and ``clip_factor`` are ``(K, ...)``; ``error`` ``(...)`` is the share of wrong answers on fresh
    sequences after the block, NaN where none are counted. ``carry`` is the state from which training resumes;
    its ``theta`` ``(..., S, D)`` are the parameters after the block.
    """

    updates: int
    loss: Tensor
    gradient_norm: Tensor
    clip_factor: Tensor
    error: Tensor
    carry: Carry


def side_by_side(*clips: Transform) -> Transform:
    """One clip for gradients ``(C, ..., D)`` that applies one of ``clips`` to each row, so one run trains the pair."""
    counts = [len(clip.init(torch.zeros(1))) for clip in clips]

    def init(theta: Tensor) -> State:
        return tuple(part for clip, row in zip(clips, theta, strict=True) for part in clip.init(row))

    def update(gradient: Tensor, state: State, theta: Tensor) -> tuple[Tensor, State]:
        clipped: list[Tensor] = []
        states: list[Tensor] = []
        place = 0
        for row, (clip, count) in enumerate(zip(clips, counts, strict=True)):
            done, after = clip.update(gradient[row], state[place : place + count], theta[row])
            clipped.append(done)
            states.extend(after)
            place += count
        return torch.stack(clipped), tuple(states)

    def limit(step: Tensor) -> Tensor:
        rows = zip(clips, step, strict=True)
        return torch.stack([row if clip.limit is None else clip.limit(row) for clip, row in rows])

    return Transform(init, update, limit=limit if any(clip.limit for clip in clips) else None)


def minibatches(net: Net, seeds: Tensor, first: int, last: int, size: int, dtype: torch.dtype) -> Iterator[Batch]:
    """The batches of updates ``first`` to ``last - 1``; small batches are drawn many at a time."""
    # Drawing has a fixed overhead, so up to 64 batches are drawn together, within 2^21 numbers.
    numbers = seeds.numel() * net.task.length * size * net.task.inputs
    count = max(1, min(64, 2**21 // numbers))
    for begin in range(first, last, count):
        updates = torch.arange(begin, min(begin + count, last), device=seeds.device)
        drawn = net.minibatch(seeds, updates.reshape(-1, *[1] * seeds.dim()), size, dtype)
        yield from (Batch(*parts) for parts in zip(drawn.inputs, drawn.targets, strict=True))


def with_minibatch_products(net: Net, batch: Batch, optimizer: Transform) -> Transform:
    """The optimizer with the curvature products that it asks for, on the minibatch of the gradient."""
    if optimizer.asks == "gauss_newton":
        return with_products(optimizer, lambda theta: gauss_newton_product(net, batch, theta))
    return with_curvature(net.loss(batch), optimizer)


def train(
    net: Net,
    start: Tensor | Carry,
    seeds: Tensor,
    optimizer: Transform,
    clip: Transform,
    updates: int,
    batch_size: int = 20,
    block: int = 50,
    fresh: int = 1000,
    done: int = 0,
) -> Iterator[Progress]:
    """Take updates ``done`` to ``updates - 1`` and yield a ``Progress`` after every ``block`` of them.

    ``start`` is theta ``(..., S, D)``, or the carry of an earlier run's last block, whose ``updates`` is then ``done``.
    ``seeds`` ``(S,)`` choose the minibatches, so runs along leading axes (the pair) see the same ones. ``fresh`` is the
    number of unseen sequences on which the error is counted, 0 for none. They are the same after every block. Block
    size and resuming do not change the parameters, not even in the last bit. A run that diverges continues as NaN, and
    all its answers count as wrong.
    """
    carry = start if isinstance(start, Carry) else initial_carry(start, clip, optimizer)
    dtype = carry.theta.dtype
    rows: list[Record] = []
    for update, batch in enumerate(minibatches(net, seeds, done, updates, batch_size, dtype), done + 1):
        value, gradient = with_displacement(net.value_and_gradient(batch), optimizer)(carry.theta)
        carry, record = apply_gradient(value, gradient, clip, with_minibatch_products(net, batch, optimizer), carry)
        # Records are kept without positions: each position is a copy of all parameters.
        rows.append(record._replace(position=carry.theta.new_empty(0)))
        if len(rows) == block or update == updates:
            _, loss, norm, clip_factor, _ = (torch.stack(column) for column in zip(*rows, strict=True))
            error = net.fresh_error(carry.theta, seeds, fresh) if fresh else torch.full_like(loss[-1], torch.nan)
            yield Progress(update, loss, norm, clip_factor, error, carry)
            rows = []


def first_time(parts: Iterable[Progress], holds: Callable[[Progress], Tensor]) -> Tensor:
    """The number of updates ``(...)`` at the end of the first block for which ``holds``: int64, 0 for never.

    Blocks are requested only until the condition has held for all lanes.
    """
    found: Tensor | None = None
    for part in parts:
        here = torch.where(holds(part), part.updates, 0)
        found = here if found is None else torch.where(found == 0, here, found)
        if (found > 0).all():
            break
    if found is None:
        raise ValueError(must_be("parts", "none", "at least one block"))
    return found
