"""The loss of a module on the user's batches, as a function of theta. The user's module is copied and never changed."""

import contextlib
import copy
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar, cast

import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.loss import Loss
from cliffscape.landscapes.models.allocations import Allocations
from cliffscape.landscapes.models.flat_parameters import FlatParameters, check_module

Found = TypeVar("Found")
LossOfBatch = Callable[[nn.Module, Any], Tensor]
# More batches are probably a data loader without an end.
MOST_BATCHES = 10_000


def keep(loss: Tensor) -> Tensor:
    """The loss itself."""
    return loss


class LossModule(nn.Module):
    """The loss as the output of a module, so that the parameters of ``model`` can be replaced while it is computed."""

    def __init__(self, model: nn.Module, loss: LossOfBatch) -> None:
        super().__init__()
        self.model, self.loss = model, loss

    def forward(self, batch: Any, then: Callable[[Any], Any] = keep) -> Any:
        """What ``then`` makes of the loss of one batch. If it differentiates the loss, checkpoints in the model compute
        parts of it again, and must find the same parameters."""
        return then(self.loss(self.model, batch))


def check_loss(loss: object) -> None:
    """Check that a loss can be called.

    Raises:
        BoundError: it cannot.
    """
    if not callable(loss):
        raise BoundError("loss", type(loss).__name__, "a function of the model and a batch")


class ModuleLoss:
    """The mean of ``loss(model, batch)`` over ``batches`` as a function of theta ``(D,)``, in float64.

    Every evaluation starts with the same buffers, in the modes (train or eval) of the model's layers, and draws the
    same random numbers, from ``seed`` and the number of the batch.

    Raises:
        BoundError: the model cannot be copied, there are no batches or too many, or the loss is not one number.
    """

    def __init__(self, model: nn.Module, loss: LossOfBatch, batches: Iterable[Any], seed: int = 0) -> None:
        check_loss(loss)
        self.batches, self.seed = list_batches(batches), seed
        self.module = LossModule(copy_module(model), loss)
        self.parameters = FlatParameters(self.module.model)
        self.buffers = {name: one.clone() for name, one in self.module.named_buffers()}
        self.lock = threading.RLock()
        # Found with the first evaluation of each batch.
        self.draws = self.changes_buffers = True
        self.bytes = 0
        self.origin = self._observe()
        began = time.perf_counter()
        self.again = self.present(self.batches)
        # A GPU may still compute it.
        self.again.item()
        self.seconds = time.perf_counter() - began

    def _observe(self) -> Tensor:
        """The loss of the model as it is. It notes what an evaluation draws, changes and takes."""
        losses, draws, changes = [], False, False
        for number, batch in enumerate(self.batches):
            with self.streams(number), Allocations() as found, torch.no_grad():
                before = self._generator_states()
                losses.append(one_number(self.module(batch)).to(self.parameters.theta))
                draws |= any(not torch.equal(a, b) for a, b in zip(before, self._generator_states(), strict=True))
            self.bytes = max(self.bytes, found.bytes)
            changes |= any(not same(one, self.buffers[name]) for name, one in self.module.named_buffers())
            self.restore_buffers()
        self.draws, self.changes_buffers = draws, changes
        return mean(losses)

    def present(self, batches: Sequence[Any]) -> Tensor:
        """The loss ``()`` of the copy with its present parameters, without a graph."""
        losses = []
        with torch.no_grad():
            for number, batch in enumerate(batches):
                with self.streams(number):
                    losses.append(one_number(self.module(batch)).to(self.parameters.theta))
                self.restore_buffers()
        return mean(losses)

    def at(self, theta: Tensor) -> Tensor:
        """The loss ``()`` at theta ``(D,)``, without a graph."""
        with torch.no_grad():
            return mean([loss(theta) for loss in self.losses()])

    def losses(self) -> Sequence[Loss]:
        """The loss of each batch as a function of theta ``(D,)`` that can be differentiated."""
        return [self._loss_of(number) for number in range(len(self.batches))]

    def _loss_of(self, number: int) -> Loss:
        def loss(theta: Tensor) -> Tensor:
            return self.functional(self.parameters.unpack(theta), number, keep)

        return loss

    def functional(self, tensors: Mapping[str, Tensor], number: int, then: Callable[[Tensor], Found]) -> Found:
        """What ``then`` makes of the loss ``()`` of one batch with these parameters in place of the copy's."""
        replaced = {f"model.{name}": tensor for name, tensor in tensors.items()}
        if self.changes_buffers:
            replaced |= {name: one.clone() for name, one in self.buffers.items()}

        def finish(loss: Any) -> Found:
            return then(one_number(loss).to(self.parameters.theta))

        with self.lock, self.streams(number):
            return cast(Found, torch.func.functional_call(self.module, replaced, (self.batches[number], finish)))

    def restore_buffers(self) -> None:
        """Give the copy's buffers their first values again, if an evaluation may have changed them."""
        if self.changes_buffers:
            for name, one in self.module.named_buffers():
                one.copy_(self.buffers[name])

    @contextlib.contextmanager
    def streams(self, number: int) -> Iterator[None]:
        """Random streams of a batch's own, and the user's streams untouched, if the loss draws random numbers."""
        if not self.draws:
            yield
            return
        with torch.random.fork_rng(self.parameters.gpus):
            for generator in self._generators():
                generator.manual_seed(self.seed + number)
            yield

    def _generators(self) -> list[torch.Generator]:
        return [torch.default_generator, *(torch.cuda.default_generators[gpu.index] for gpu in self.parameters.gpus)]

    def _generator_states(self) -> list[Tensor]:
        return [generator.get_state() for generator in self._generators()]


def copy_module(model: nn.Module) -> nn.Module:
    """A copy of a module. That of a compiled module is not compiled.

    Raises:
        BoundError: it is no module, or cannot be copied.
    """
    check_module(model)
    original = getattr(model, "_orig_mod", model)
    if isinstance(original, torch.jit.ScriptModule):
        raise BoundError("model", type(original).__name__, "a module that Python runs, not one of torch.jit")
    try:
        copied = copy.deepcopy(original)
    except Exception as error:
        words = f"{type(error).__name__}: {error}"
        raise BoundError("model", words, "a module that copy.deepcopy can copy") from error
    for layer in copied.modules():
        if isinstance(layer, nn.Embedding | nn.EmbeddingBag):
            # The same gradient as a dense tensor, which can be clipped and projected on a plane.
            layer.sparse = False
    for parameter in copied.parameters():
        if not is_lazy(parameter):
            parameter.grad = None
            parameter.requires_grad_(False)
    return copied


def list_batches(batches: Iterable[Any]) -> list[Any]:
    """The batches as a list, in their order.

    Raises:
        BoundError: there are none, or too many.
    """
    bound = f"an iterable of 1 to {MOST_BATCHES:,} batches"
    try:
        every = iter(batches)
    except TypeError:
        raise BoundError("batches", type(batches).__name__, bound) from None
    found = list(islice(every, MOST_BATCHES + 1))
    if not 1 <= len(found) <= MOST_BATCHES:
        count = "0 batches" if not found else f"more than {MOST_BATCHES:,} batches"
        raise BoundError("batches", count, bound)
    return found


def one_number(found: Any) -> Tensor:
    """The loss of a batch as a scalar.

    Raises:
        BoundError: it is no tensor with one real number.
    """
    if not isinstance(found, Tensor):
        raise BoundError("loss(model, batch)", type(found).__name__, "a tensor with one number")
    if found.numel() != 1 or not found.is_floating_point():
        words = f"shape {tuple(found.shape)} and type {found.dtype}"
        raise BoundError("loss(model, batch)", words, "a tensor with one floating-point number")
    return found.reshape(())


def mean(losses: Sequence[Tensor]) -> Tensor:
    """The mean of the batches' losses."""
    return sum(losses[1:], losses[0]) / len(losses)


def same(first: Tensor, second: Tensor, tolerance: float = 0.0) -> bool:
    """Whether two tensors have the same numbers, up to a relative difference; NaN equals NaN."""
    return torch.equal(first, second) or torch.allclose(first, second, rtol=tolerance, atol=0, equal_nan=True)
