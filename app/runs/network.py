"""Networks: the tensors and the slice of a Scene with a recurrent network, and the descent on that slice."""

import logging
import sys
from collections.abc import Generator, Iterator
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from cliffscape.app.compute.gpu.replay import LANES, Replay
from cliffscape.app.runs.pair import RUN_NAMES, Pair, build_pair, pair_start
from cliffscape.app.runs.training import TrainingRun, initial_run
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.descent.descend import Record, descend_with
from cliffscape.landscapes.generators import map_yields
from cliffscape.landscapes.loss import Loss, Measure
from cliffscape.landscapes.models.model_view import ModelView
from cliffscape.landscapes.networks.cost import (
    GRADIENT_RATE,
    PRODUCT_RATE,
    graph_bytes,
    multiply_adds,
    product_is_short,
)
from cliffscape.landscapes.networks.gradient_flow import decompose_finite
from cliffscape.landscapes.optimizers.curvature_products import Curvature, hessian_product, with_products
from cliffscape.landscapes.optimizers.sharpness_aware import with_displacement
from cliffscape.landscapes.slices.directions import SLICES, Slice
from cliffscape.landscapes.slices.gauss_newton import gauss_newton_on_slice
from cliffscape.landscapes.slices.hessian import hessian_products, piece_size, split_loss
from cliffscape.landscapes.slices.subject import Subject
from cliffscape.landscapes.transform import Matrix, Transform

logger = logging.getLogger(__name__)
# Lanes per thread from which another thread pays: with fewer in PyTorch, the threads mostly wait for Python's lock.
FEWEST, FEWEST_COMPILED = 12, 8
# A step of many lanes takes a GPU this small a part of the time of one core.
GPU_GAIN = 50
# Steps per block: a single step of a network with long sequences takes tens of milliseconds.
BLOCK = 1
# Seconds that a step of descents that are computed together may take.
STEP_SECONDS = 0.5
# The same for products with the Hessian.
PRODUCT_SECONDS = 0.05
# Length of one piece of a training run, as of a turn on the compute worker.
CHUNK_SECONDS = 0.025


class View(NamedTuple):
    """A network with its minibatch, and a slice through it: float64, on the CPU.

    ``gpu`` is the loss and gradient on the slice, computed on a GPU for points on the CPU; None without one.
    """

    subject: Subject
    slice: Slice
    gpu: Measure | None = None

    @property
    def opening(self) -> int:
        """Points of the first chunk of a surface."""
        return 8

    @property
    def loss(self) -> Loss:
        """The loss on the slice ``(..., 2) -> (...)``."""
        return self.slice.loss(self.subject.loss)

    def value_and_gradient(self, point: Tensor) -> tuple[Tensor, Tensor]:
        """Loss ``(...)`` and gradient ``(..., 2)`` on the slice, by explicit backpropagation through time."""
        if self.gpu is not None:
            return self.gpu(point)
        return self.slice.value_and_gradient(self.subject.net.value_and_gradient(self.subject.batch))(point)

    def with_curvature(self, optimizer: Transform) -> Transform:
        """The optimizer with the curvature products on the slice that it needs."""
        return optimizer if optimizer.asks is None else with_products(optimizer, self.curvature(optimizer.asks))

    def curvature(self, matrix: Matrix) -> Curvature:
        """Products of a matrix of second derivatives on the slice, at points ``(..., 2)``."""
        if matrix == "hessian":
            return lambda point: hessian_product(self.loss, point)
        return lambda point: gauss_newton_on_slice(self.subject, self.slice, point)

    def curvatures(self, points: Tensor) -> Generator[None, None, Tensor | None]:
        """Smallest and largest eigenvalue ``(n, 2)`` of the Hessian on the slice at ``points`` ``(n, 2)``, in pieces.

        None for a large network: a piece of the work would hold up all other frames for too long.
        """
        subject = self.subject
        if not product_is_short(subject.net, min(subject.batch.inputs.shape[-2], piece_size(subject.multiplications))):
            return None
        parts, found = [self.slice.loss(loss) for loss in split_loss(subject)], []
        point = 2 * multiply_adds(subject.net, subject.batch.inputs.shape[-2]) / PRODUCT_RATE
        # The graph of a part is built again for every product, so several parts are taken point by point.
        count = max(1, int(PRODUCT_SECONDS / point)) if len(parts) == 1 else 1
        for some in torch.split(points, count):
            axes = torch.eye(2, dtype=points.dtype).repeat(len(some), 1)
            rows = yield from hessian_products(parts, some.repeat_interleave(2, 0), len(axes))(axes)
            found.append(decompose_finite(torch.linalg.eigvalsh, rows.reshape(-1, 2, 2)))
        return torch.cat(found)

    def lanes(self, optimizer: Transform, memory: int, seconds: float = STEP_SECONDS) -> int:
        """How many descents may take a step together, within ``memory`` bytes and some tenths of a second."""
        net, size = self.subject.net, self.subject.batch.inputs.shape[-2]
        kept = self.bytes_per_point() if optimizer.asks is None else graph_bytes(net, size)
        rate = GRADIENT_RATE if optimizer.asks is None else PRODUCT_RATE
        rate /= 1 if optimizer.displacement is None else 2
        rate *= GPU_GAIN if self.gpu and optimizer.asks is None else 1
        return max(1, min(memory // kept, int(seconds * rate / multiply_adds(net, size))))

    @property
    def fewest_lanes(self) -> int:
        """Lanes per thread from which another thread pays."""
        if self.gpu:
            return sys.maxsize
        if self.subject.net.compiled:
            return FEWEST_COMPILED
        # With several threads of its own, PyTorch uses all cores for the lanes of one call.
        return FEWEST if torch.get_num_threads() == 1 else sys.maxsize

    def value(self, point: Tensor) -> Tensor:
        """The loss on the slice without an autograd graph, for surfaces."""
        return self.subject.net.value(self.subject.batch)(self.slice.lift(point))

    def bytes_per_point(self) -> int:
        """Approximate memory for the loss and its gradient at one point."""
        return self.subject.net.bytes_per_lane(self.subject.batch, self.slice.origin.dtype, gradient=True)

    def size(self) -> int:
        """Approximate bytes in memory."""
        parts = (self.subject.theta, self.slice.origin, self.slice.directions, *self.subject.batch)
        return sum(part.nbytes for part in parts)


# A recurrent network or a model of the user's own, seen through a slice.
SliceView = View | ModelView


def convert(view: SliceView, device: torch.device, dtype: torch.dtype) -> SliceView:
    """The view in ``dtype`` on ``device``, for surfaces. A model keeps its own types and devices."""
    return view if isinstance(view, ModelView) else View(view.subject.to(device, dtype), view.slice.to(device, dtype))


def on_gpu(view: View, device: torch.device, memory: int) -> View:
    """The view with its loss and gradient on ``device``, or the view itself.

    That is so if the device is no GPU, if a block of its threads cannot hold the net, or if the lanes of a graph need
    more than ``memory`` bytes. Last bits differ from those of the CPU.
    """
    if device.type != "cuda":
        return view
    subject = view.subject.to(device, torch.float64)
    moved = View(subject, view.slice.to(device, torch.float64))
    if subject.net.compiled_for(subject.theta, subject.batch.inputs) is None or LANES * view.bytes_per_point() > memory:
        return view
    try:
        return view._replace(gpu=Replay(moved.value_and_gradient, device))
    except RuntimeError as error:
        logger.warning("descents on this slice stay on the CPU: %s", error)
        return view


def build_subject(scene: Scene) -> Subject:
    """The Scene's network, its initial weights and its minibatch: the same bits on every server."""
    subject: Subject = scene.surface.function(**scene.parameters("landscape"))(scene.net, scene.build("initialisation"))
    return subject


def build_view(scene: Scene, run: TrainingRun | None = None) -> Generator[None, None, View]:
    """The Scene's net and its slice; yields after every piece of work. A slice of a run is a plane through ``run``.

    Raises:
        BoundError: there is no such slice; its field is ``slice`` or one of the slice's parameters.
    """
    subject = build_subject(scene)
    yield None
    if scene.slice_of_run:
        run = run or initial_run(scene)
        while run.done < scene.updates:
            run.advance(scene.updates, CHUNK_SECONDS)
            yield None
        # The run with clipping: a thrown run would stretch the plane so far that nothing else is visible on it.
        subject = replace(subject, snapshots=run.positions(scene.updates)[0][:, RUN_NAMES.index("with")])
    try:
        plane = yield from SLICES[scene.slice.kind].function(subject, **scene.parameters("slice"))
    except BoundError as error:
        if error.field.partition(".")[0] == "slice":
            raise
        # The plane's origin and directions are not fields of a Scene.
        raise BoundError("slice", error.value, f"a plane with {error.field} {error.bound}") from None
    return View(subject, plane)


def slice_view(scene: Scene) -> Generator[None, None, SliceView]:
    """The Scene's net and its slice, built, or its view of a model, which this process has."""
    if scene.recurrent:
        return (yield from build_view(scene))
    found: ModelView = scene.surface.function(**scene.parameters("landscape"))
    return found


def descend_slice(
    view: SliceView, start: Tensor, optimizer: Transform, clip: Transform, steps: int, block: int = 64
) -> Iterator[Record]:
    """Descents on the slice from ``start`` ``(..., 2)``, with the derivatives that the optimizer needs."""
    optimizer = view.with_curvature(optimizer)
    measure = with_displacement(view.value_and_gradient, optimizer)
    return descend_with(measure, start, optimizer, clip, steps, block)


def descent_on_slice(scene: Scene, view: SliceView, both: Pair) -> Iterator[Record]:
    """Both runs' descent on the slice, ``(1, 2, ...)`` after every step.

    The descent changes the slice's two coordinates only; it is not a training of the network. Both runs are computed
    as one batch on the CPU, whichever are shown, because a step costs the same for two.
    """
    return descend_slice(view, pair_start(scene), both.optimizer, both.clip, scene.steps, BLOCK)


def network_descent(scene: Scene, view: SliceView | None = None) -> Generator[int, None, Record]:
    """Both runs' trajectories ``(steps + 1, 2, ...)``; yields after every piece of work, and its number of rows.

    ``view`` is the Scene's, if it has been built already.
    """
    view = (yield from map_yields(slice_view(scene), lambda _: 0)) if view is None else view
    blocks = []
    for block in descent_on_slice(scene, view, build_pair(scene)):
        blocks.append(block)
        yield len(block.loss)
    return Record(*(torch.cat(column) for column in zip(*blocks, strict=True)))
