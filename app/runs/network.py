"""Nets: what a Scene of a recurrent network stands for, as tensors, and the slice it is seen through."""

from collections.abc import Generator, Iterator
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from cliffscape.app.runs.pair import RUN_NAMES, Pair, pair, starts_of_both
from cliffscape.app.runs.training import Run, run_of
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.descent.descend import Record, follow
from cliffscape.landscapes.loss import Loss
from cliffscape.landscapes.networks.gauss_newton import gauss_newton_product
from cliffscape.landscapes.optimizers.curvature_products import Curvature, handed, hessian_product
from cliffscape.landscapes.slices.directions import SLICES, Slice, Subject
from cliffscape.landscapes.transform import Matrix, Product, Transform

# Steps between two looks at the clock: one of a long net takes tens of milliseconds.
BLOCK = 1
CHUNK_SECONDS = 0.025


class View(NamedTuple):
    """A net on its minibatch, and the slice it is seen through: float64, on the CPU."""

    subject: Subject
    slice: Slice

    @property
    def loss(self) -> Loss:
        """The loss on the slice ``(..., 2) -> (...)``."""
        return self.slice.loss(self.subject.loss)

    def value_and_gradient(self, point: Tensor) -> tuple[Tensor, Tensor]:
        """Loss ``(...)`` and gradient ``(..., 2)`` on the slice, back through time by hand."""
        return self.slice.value_and_gradient(self.subject.net.value_and_gradient(self.subject.batch))(point)

    def with_curvature(self, optimizer: Transform) -> Transform:
        """The optimizer with the products on the slice that it asks for."""
        return optimizer if optimizer.asks is None else handed(optimizer, self.curvature(optimizer.asks))

    def curvature(self, matrix: Matrix) -> Curvature:
        """Products of a matrix of second derivatives on the slice, at points ``(..., 2)``."""
        if matrix == "hessian":
            return lambda point: hessian_product(self.loss, point)
        directions = self.slice.directions

        def at(point: Tensor) -> Product:
            whole = gauss_newton_product(self.subject.net, self.subject.batch, self.slice.lift(point))
            return lambda vector: whole(vector @ directions) @ directions.mT

        return at

    def value(self, point: Tensor) -> Tensor:
        """The loss on the slice without a graph: for surfaces."""
        return self.subject.net.value(self.subject.batch)(self.slice.lift(point))

    def bytes_per_point(self) -> int:
        """Memory for the loss and its gradient at one point, nearly."""
        return self.subject.net.bytes_per_lane(self.subject.batch, self.slice.origin.dtype, gradient=True)

    def size(self) -> int:
        """Bytes in memory, nearly."""
        parts = (self.subject.theta, self.slice.origin, self.slice.directions, *self.subject.batch)
        return sum(part.nbytes for part in parts)


def pictured(view: View, device: torch.device) -> View:
    """The view in float32 on ``device``, for pictures."""
    return View(view.subject.to(device, torch.float32), view.slice.to(device, torch.float32))


def subject(scene: Scene) -> Subject:
    """The chosen net, its initial weights and its minibatch: the same to the last bit on every server."""
    made: Subject = scene.surface.function(**scene.parameters("landscape"))(scene.net, scene.build("initialisation"))
    return made


def viewed(scene: Scene, run: Run | None = None) -> Generator[None, None, View]:
    """The Scene's net through its slice, with its ``run`` if the slice is one of a run; yields after every piece."""
    seen = subject(scene)
    yield None
    if scene.slice_of_run:
        run = run or run_of(scene)
        while run.done < scene.updates:
            run.advance(scene.updates, CHUNK_SECONDS)
            yield None
        # The run with clipping: a run that was thrown would stretch the plane until nothing else is seen on it.
        seen = replace(seen, snapshots=run.positions(scene.updates)[0][:, RUN_NAMES.index("with")])
    found = yield from SLICES[scene.slice.kind].function(seen, **scene.parameters("slice"))
    return View(seen, found)


def descent_on_slice(scene: Scene, view: View, both: Pair) -> Iterator[Record]:
    """Both runs' descent on the slice, ``(1, 2, ...)`` after every step: two free numbers, not the net's training.

    On the CPU and side by side, whichever runs are shown: a step costs the same for two.
    """
    optimizer = view.with_curvature(both.optimizer)
    return follow(view.value_and_gradient, starts_of_both(scene), optimizer, both.clip, scene.steps, BLOCK)


def descent_of_net(scene: Scene) -> Generator[None, None, Record]:
    """Both runs' trajectories ``(steps + 1, 2, ...)``; yields after every piece of work."""
    view = yield from viewed(scene)
    blocks = []
    for block in descent_on_slice(scene, view, pair(scene)):
        blocks.append(block)
        yield None
    return Record(*(torch.cat(column) for column in zip(*blocks, strict=True)))
