"""``cliffscape.compare``: a model trained without and with clipping, on the same batches."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.models.module_loss import LossOfBatch, copy_module, list_batches, one_number
from cliffscape.landscapes.models.recorded_run import RecordedRun

BuildOptimizer = Callable[[Iterator[nn.Parameter]], torch.optim.Optimizer]
# A largest norm of all gradients together, or a function that clips the gradients of a list of parameters in place.
Clip = float | Callable[[list[nn.Parameter]], Any]


@dataclass(frozen=True)
class TrainedRun:
    """One of the two runs. ``loss``, ``gradient_norm`` and ``clip_factor`` ``(steps,)`` are those of each step's batch.

    Loss and norm are those before the step, the norm is that before the clip, and the factor is the norm after the clip
    divided by the norm before it. Inf and NaN are data. ``recorded`` has the parameters along the run, and ``model`` is
    the trained copy.
    """

    model: nn.Module
    recorded: RecordedRun
    loss: Tensor
    gradient_norm: Tensor
    clip_factor: Tensor


@dataclass(frozen=True)
class Comparison:
    """The runs ``without`` and ``with_clipping`` of the same model."""

    without: TrainedRun
    with_clipping: TrainedRun


def compare(
    model: nn.Module,
    loss: LossOfBatch,
    batches: Iterable[Any],
    optimizer: BuildOptimizer,
    clip: Clip,
    steps: int,
    *,
    every: int = 10,
    seed: int = 0,
) -> Comparison:
    """Train two copies of a model on the same batches, one without and one with clipping.

    Args:
        model: The model at its initial weights. It does not change.
        loss: Returns the loss of a batch as a tensor with one number.
        batches: The batches, in their order. After the last one, the first one follows.
        optimizer: Builds an optimizer from parameters, such as ``lambda parameters: torch.optim.SGD(parameters, 0.1)``.
        clip: The largest norm of the whole gradient, or a function that clips the gradients of a list of parameters.
        steps: How many steps each run takes.
        every: The number of steps between two snapshots.
        seed: Of the random numbers that the loss draws. Both runs draw the same ones.

    Raises:
        BoundError: an argument is out of its bound.
    """
    if steps < 1:
        raise BoundError("steps", steps, "at least 1")
    if not callable(clip) and not clip > 0:
        raise BoundError("clip", clip, "greater than 0, or a function that clips gradients")
    data = list_batches(batches)
    runs = [train(model, loss, data, optimizer, one, steps, every, seed) for one in (None, clip)]
    return Comparison(*runs)


def train(
    original: nn.Module,
    loss: LossOfBatch,
    batches: list[Any],
    optimizer: BuildOptimizer,
    clip: Clip | None,
    steps: int,
    every: int,
    seed: int,
) -> TrainedRun:
    """Train a copy of a model.

    Raises:
        BoundError: no parameter of the model is trained.
    """
    model = copy_module(original)
    pairs = zip(model.parameters(), original.parameters(), strict=True)
    parameters = [one for one, own in pairs if own.requires_grad]
    if not parameters:
        raise BoundError("model", type(original).__name__, "a module with parameters that require gradients")
    for one in parameters:
        one.requires_grad_()
    chosen = optimizer(iter(parameters))
    recorded, rows = RecordedRun(model, chosen, every), []
    gpus = list({one.device for one in parameters if one.is_cuda})
    with ExitStack() as stack:
        stack.enter_context(torch.random.fork_rng(gpus))
        stack.enter_context(recorded)
        torch.manual_seed(seed)
        for step in range(steps):
            chosen.zero_grad()
            found = one_number(loss(model, batches[step % len(batches)]))
            found.backward()  # type: ignore[no-untyped-call]
            before = gradient_norm(parameters)
            clip_gradients(parameters, clip)
            rows.append(torch.stack([found.detach().double().cpu(), before, gradient_norm(parameters) / before]))
            chosen.step()
    return TrainedRun(model, recorded, *torch.stack(rows).unbind(-1))


def clip_gradients(parameters: list[nn.Parameter], clip: Clip | None) -> None:
    """Clip the gradients in place."""
    if callable(clip):
        clip(parameters)
    elif clip is not None:
        torch.nn.utils.clip_grad_norm_(parameters, clip)


def gradient_norm(parameters: list[nn.Parameter]) -> Tensor:
    """The norm ``()`` of all gradients together, in float64."""
    norms = [torch.linalg.vector_norm(one.grad.double()).cpu() for one in parameters if one.grad is not None]
    return torch.linalg.vector_norm(torch.stack(norms)) if norms else torch.zeros((), dtype=torch.float64)
