"""A view of a model: a plane through its parameters, with the losses and derivatives on it."""

import hashlib
import sys
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import ClassVar

import torch
from torch import Tensor

from cliffscape.landscapes.declare import Point
from cliffscape.landscapes.loss import Loss, Window
from cliffscape.landscapes.models.attention import plain_attention
from cliffscape.landscapes.models.model_error import ModelError, own_code
from cliffscape.landscapes.models.module_loss import Found, keep
from cliffscape.landscapes.models.module_subject import ModuleSubject, over_rows
from cliffscape.landscapes.models.point_losses import PointLosses
from cliffscape.landscapes.models.trainings.recorded_run import Projection, RecordedRun, TrainingLog
from cliffscape.landscapes.networks.gradient_flow import decompose_finite
from cliffscape.landscapes.optimizers.curvature_products import Curvature, with_products
from cliffscape.landscapes.slices.plane import Slice
from cliffscape.landscapes.transform import Matrix, Product, Transform

# The cost of a gradient and of a product with the Hessian, in losses.
GRADIENT, PRODUCT = 3, 10


@dataclass(frozen=True, eq=False)
class ModelView:
    """A model on its batches, and a ``slice`` through its parameters. ``window`` and ``start`` are the default ones.

    ``run`` is a run of the same model that is projected on the plane. ``trainings`` are comparisons of the model, the
    newest last, whose curves the page shows.
    """

    subject: ModuleSubject
    slice: Slice
    window: Window
    start: Point
    points: PointLosses
    run: RecordedRun | None = None
    trainings: list[TrainingLog] = field(default_factory=list)
    # The model is evaluated on its own devices, one descent after the other.
    gpu: ClassVar[None] = None
    fewest_lanes: ClassVar[int] = sys.maxsize

    @cached_property
    def stamp(self) -> str:
        """A hash of the plane and of the loss at the model's own parameters."""
        content = hashlib.sha256(repr(float(self.subject.found.origin)).encode())
        for part in (self.slice.origin, self.slice.directions, *(self.projection or ())):
            content.update(part.cpu().numpy().tobytes())
        return content.hexdigest()[:16]

    @cached_property
    def projection(self) -> Projection | None:
        """The recorded run on the plane, if there is one."""
        return None if self.run is None else self.run.project(self.slice, self.subject.found.parameters)

    def with_run(self, run: RecordedRun) -> "ModelView":
        """The view with a recorded run.

        Raises:
            BoundError: the run is one of another model.
        """
        found = replace(self, run=run)
        run.snapshots(self.subject.found.parameters)
        return found

    def put_last(self, log: TrainingLog) -> None:
        """Make a comparison the one whose curves the page shows."""
        self.trainings[:] = [*(one for one in self.trainings if one is not log), log]

    def snapshot_losses(self) -> Iterator[Tensor]:
        """The true loss ``()`` of the model at every snapshot of the run, one at a time."""
        for row in self.run.snapshots(self.subject.found.parameters) if self.run is not None else ():
            with own_code():
                yield self.subject.found.at(row.to(self.subject.theta))

    @property
    def opening(self) -> int:
        """Points of the first chunk of a surface, with which its fastest way is found."""
        return self.points.measured

    @property
    def loss(self) -> Loss:
        """The loss on the plane ``(..., 2) -> (...)``, which can be differentiated twice."""
        whole = over_rows(self._at)

        def loss(point: Tensor) -> Tensor:
            with own_code(), plain_attention():
                return whole(point.to(self.slice.origin))

        return loss

    def _at(self, point: Tensor) -> Tensor:
        """The loss ``()`` at one point ``(2,)``."""
        count = len(self.subject.found.batches)
        parts = [self._part(point, number, keep) for number in range(count)]
        return sum(parts[1:], parts[0]) / count

    def _part(self, point: Tensor, number: int, then: Callable[[Tensor], Found]) -> Found:
        """What ``then`` makes of the loss ``()`` of one batch at one point ``(2,)``."""
        return self.subject.found.functional(self.points.plane.tensors(point), number, then)

    def value(self, point: Tensor) -> Tensor:
        """The loss ``(...)`` at points ``(..., 2)`` of the plane, without a graph."""
        with own_code():
            found = self.points(point.detach().to(self.slice.origin).reshape(-1, 2))
        return found.reshape(point.shape[:-1]).to(point.device)

    def value_and_gradient(self, point: Tensor) -> tuple[Tensor, Tensor]:
        """Loss ``(...)`` and gradient ``(..., 2)`` at points ``(..., 2)``. Equal points are computed once."""
        flat = point.detach().to(self.slice.origin).reshape(-1, 2)
        known: dict[str, tuple[Tensor, Tensor]] = {}
        # As text, since NaN does not equal NaN.
        places = [str(row.tolist()) for row in flat]
        for place, row in zip(places, flat, strict=True):
            if place not in known:
                known[place] = self._differentiate(row)
        found = [known[place] for place in places]
        value, gradient = (torch.stack(column).to(point.device) for column in zip(*found, strict=True))
        return value.reshape(point.shape[:-1]), gradient.reshape(point.shape)

    def _differentiate(self, point: Tensor) -> tuple[Tensor, Tensor]:
        """Loss ``()`` and gradient ``(2,)`` at one point, batch by batch, so that memory holds one graph.

        Both are NaN where a run has diverged: the user's code may not expect parameters that are not finite.
        """
        if not bool(point.isfinite().all()):
            return point.new_full((), torch.nan), torch.full_like(point, torch.nan)
        value, gradient = point.new_zeros(()), torch.zeros_like(point)
        count = len(self.subject.found.batches)
        for number in range(count):
            with torch.enable_grad(), own_code():
                leaf = point.clone().requires_grad_()
                one, slope = self._part(leaf, number, partial(with_slope, leaf))
            value, gradient = value + one, gradient + slope
        return value / count, gradient / count

    def with_curvature(self, optimizer: Transform) -> Transform:
        """The optimizer with the products of the Hessian on the plane, if it needs them."""
        return optimizer if optimizer.asks is None else with_products(optimizer, self.curvature(optimizer.asks))

    def curvature(self, matrix: Matrix) -> Curvature:
        """Products of the Hessian on the plane. A Scene with a Gauss-Newton method and a model is refused before."""
        assert matrix == "hessian", matrix

        def products(point: Tensor) -> Product:
            rows = [self.hessian(one) for one in point.detach().to(self.slice.origin).reshape(-1, 2)]
            found = torch.stack(rows).reshape(*point.shape, 2).to(point.device)
            return lambda vector: (found * vector.unsqueeze(-2)).sum(-1)

        return products

    def hessian(self, point: Tensor) -> Tensor:
        """The Hessian ``(2, 2)`` on the plane at one point ``(2,)``, batch by batch; NaN where a run has diverged."""
        if not bool(point.isfinite().all()):
            return point.new_full((2, 2), torch.nan)
        count, total = len(self.subject.found.batches), point.new_zeros(2, 2)
        for number in range(count):
            with torch.enable_grad(), own_code(), plain_attention():
                leaf = point.clone().requires_grad_()
                total = total + self._part(leaf, number, partial(second_slopes, leaf))
        return total / count

    def curvatures(self, points: Tensor) -> Generator[None, None, Tensor | None]:
        """Smallest and largest eigenvalue ``(n, 2)`` of the Hessian on the plane at ``points`` ``(n, 2)``, in pieces.

        None if an operation of the model cannot be differentiated twice.
        """
        found = []
        for point in points.detach().to(self.slice.origin):
            yield
            try:
                found.append(self.hessian(point))
            # An operation without a second derivative. Any other error of the model appears with its losses, which are
            # computed first.
            except ModelError:
                return None
        rows = torch.stack(found).to(points.device)
        return decompose_finite(torch.linalg.eigvalsh, rows)

    def lanes(self, optimizer: Transform, memory: int, seconds: float = 0.5) -> int:
        """How many descents may take a step together, within some tenths of a second. Memory holds one graph."""
        cost = GRADIENT if optimizer.asks is None else PRODUCT
        cost *= 1 if optimizer.displacement is None else 2
        return max(1, int(seconds / (cost * self.subject.found.seconds)))

    def bytes_per_point(self) -> int:
        """About how much memory the loss at one point takes."""
        return self.points.bytes_per_point


def with_slope(point: Tensor, loss: Tensor) -> tuple[Tensor, Tensor]:
    """A loss ``()`` and its gradient ``(2,)`` by ``point`` ``(2,)``, without a graph."""
    if not loss.requires_grad:
        return loss, torch.zeros_like(point)
    (slope,) = torch.autograd.grad(loss, point, materialize_grads=True)
    return loss.detach(), slope


def second_slopes(point: Tensor, loss: Tensor) -> Tensor:
    """The Hessian ``(2, 2)`` of a loss ``()`` by ``point`` ``(2,)``, by differentiating the gradient."""
    if not loss.requires_grad:
        return point.new_zeros(2, 2)
    (slope,) = torch.autograd.grad(loss, point, create_graph=True, materialize_grads=True)
    if not slope.requires_grad:
        return point.new_zeros(2, 2)
    rows = [torch.autograd.grad(one, point, retain_graph=True, materialize_grads=True)[0] for one in slope]
    return torch.stack(rows)
