"""``cliffscape.record``: the parameters of a model along the user's own training loop; and the rows of a comparison."""

from dataclasses import dataclass, field
from numbers import Integral
from types import TracebackType
from typing import Any, NamedTuple
from uuid import uuid4

import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.models.flat_parameters import FlatParameters, check_module, is_moved
from cliffscape.landscapes.slices.plane import Slice

# Snapshots of a run, and their bytes.
MOST, BYTES = 500, 1 << 30


def check_count(name: str, value: int, least: int = 1) -> None:
    """Check that a number is whole, and not too small.

    Raises:
        BoundError: it is not.
    """
    if not isinstance(value, Integral):
        raise BoundError(name, repr(value), "a whole number")
    if value < least:
        raise BoundError(name, value, f"at least {least}")


@dataclass(frozen=True)
class TrainingLog:
    """``rows`` grows up to ``steps`` rows ``(2, 3)``: loss, gradient norm and clip factor without and with clipping.

    ``token`` tells the logs of one view apart.
    """

    steps: int
    rows: list[Tensor] = field(default_factory=list)
    token: str = field(default_factory=lambda: uuid4().hex)


class Projection(NamedTuple):
    """A run on a plane: coordinates ``(N, 2)``, distances from the plane ``(N,)``, and after which steps ``(N,)``."""

    point: Tensor
    distance: Tensor
    step: Tensor


class RecordedRun:
    """Snapshots of a model's parameters: before the first step of ``optimizer`` and after every ``every`` steps.

    The snapshots are in the types of the parameters, on the CPU. At most ``most`` of them are kept, by default as many
    as a gibibyte holds: when there would be more, every second one is dropped and ``every`` is doubled.

    Raises:
        BoundError: ``every`` or ``most`` is too small, the model has no floating-point parameters, or there is no
            optimizer.
    """

    def __init__(self, model: nn.Module, optimizer: torch.optim.Optimizer, every: int = 10, most: int = 0) -> None:
        check_module(model)
        if not isinstance(optimizer, torch.optim.Optimizer):
            raise BoundError("optimizer", type(optimizer).__name__, "a torch.optim.Optimizer")
        size = sum(tensor.nbytes for tensor in model.parameters() if not is_lazy(tensor))
        most = most or max(3, min(MOST, BYTES // max(1, size)))
        check_count("every", every)
        check_count("most", most, 3)
        model = getattr(model, "_orig_mod", model)
        self.tensors = {name: tensor for name, tensor in model.named_parameters() if is_moved(name, tensor)}
        if not self.tensors:
            raise BoundError("model", type(model).__name__, "a module with floating-point parameters")
        self.optimizer, self.every, self.most = optimizer, every, most
        self.taken, self.steps, self.step = list[dict[str, Tensor]](), list[int](), 0
        self._handle: Any = None

    def __enter__(self) -> "RecordedRun":
        if not self.taken:
            self.take()
        self._handle = self.optimizer.register_step_post_hook(self._after_step)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._handle.remove()
        if self.steps[-1] != self.step:
            self.take()

    def _after_step(self, *_: Any) -> None:
        self.step += 1
        if self.step % self.every == 0:
            self.take()

    def take(self) -> None:
        """Take a snapshot."""
        self.taken.append({name: tensor.detach().to("cpu", copy=True) for name, tensor in self.tensors.items()})
        self.steps.append(self.step)
        if len(self.taken) > self.most:
            self.taken, self.steps, self.every = self.taken[::2], self.steps[::2], 2 * self.every

    def check_model(self, parameters: FlatParameters) -> None:
        """Check that these are the parameters of the recorded model.

        Raises:
            BoundError: the recorded model has other parameters.
        """
        own = {name: tuple(tensor.shape) for name, tensor in parameters.tensors.items()}
        recorded = {name: tuple(tensor.shape) for name, tensor in self.tensors.items()}
        if own != recorded:
            different = sorted(name for name in {*own, *recorded} if own.get(name) != recorded.get(name))
            raise BoundError("run", f"another {different[0]}", "a run of a model with the same parameters")

    def snapshots(self, parameters: FlatParameters) -> Tensor:
        """The snapshots ``(N, D)`` as rows of theta of a model with the same parameters.

        Raises:
            BoundError: the recorded model has other parameters.
        """
        self.check_model(parameters)
        rows = [torch.cat([one[name].flatten() for name in parameters.tensors]) for one in self.taken]
        return torch.stack(rows).to(parameters.device)

    def project(self, plane: Slice, parameters: FlatParameters) -> Projection:
        """The nearest points of a plane to the snapshots, with their distances."""
        # Row by row: the snapshots may be in float32, and the plane is in float64.
        found = [plane.project(row.double()) for row in self.snapshots(parameters)]
        point, distance = (torch.stack(column).cpu() for column in zip(*found, strict=True))
        return Projection(point, distance, torch.tensor(self.steps))


def record(model: nn.Module, optimizer: torch.optim.Optimizer, every: int = 10) -> RecordedRun:
    """Record the parameters of a model while its training loop runs in a ``with`` block.

    Args:
        model: The module that is trained.
        optimizer: Its optimizer, whose steps are counted.
        every: The number of steps between two snapshots.

    Raises:
        BoundError: ``every`` is less than 1, or the model has no floating-point parameters.
    """
    return RecordedRun(model, optimizer, every)
