"""The losses of a module at many points of a plane, in the way that is fastest for it.

One point after the other, with images as they are or in the format ``channels_last``, or several points in one batched
evaluation (``torch.func.vmap``). A batched evaluation saves calls of operations, which dominate for small models. Its
convolutions with different filters are grouped, and often slower. So the ways are measured with the first points. Last
bits can differ between them.
"""

import logging
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor

from cliffscape.landscapes.models.attention import plain_attention
from cliffscape.landscapes.models.flat_plane import FlatPlane
from cliffscape.landscapes.models.module_loss import ModuleLoss, keep
from cliffscape.landscapes.slices.plane import Slice

logger = logging.getLogger(__name__)
# Points in one evaluation that are tried.
WIDTHS = (8, 32, 128)
# Points with which a way is measured at most, and about the seconds that they may take: others wait meanwhile.
MEASURED, MEASURED_SECONDS = 8, 0.1
# Single points between two looks at the width, which is no limit for them.
SINGLE = 64
# Another way must take this share of the time of the first one, so that noise does not decide.
GAIN = 0.9
# Largest relative difference between two ways, in rounding errors of one operation.
ROUNDINGS = 1e4


class Way(NamedTuple):
    """A way to evaluate points: ``losses`` of points ``(n, 2)``, at most ``width`` at a time."""

    losses: Callable[[Tensor], Tensor]
    width: int = 1


class PointLosses:
    """Losses ``(n,)`` at points ``(n, 2)``, without a graph. ``memory`` bounds the bytes of one batched evaluation."""

    def __init__(self, loss: ModuleLoss, plane: Slice, memory: int = 512 << 20) -> None:
        self.loss, self.memory = loss, memory
        self.plane = FlatPlane(loss.parameters, plane)
        self.slice = plane
        # The fastest way is unknown before the first call with enough points.
        self.way: Way | None = None

    @property
    def measured(self) -> int:
        """With how many points a way is measured."""
        return max(1, min(MEASURED, int(MEASURED_SECONDS / max(self.loss.seconds, 1e-9))))

    @property
    def bytes_per_point(self) -> int:
        """About how much memory one point takes: its parameters, and all tensors of an evaluation."""
        return self.loss.parameters.theta.nbytes + self.loss.bytes

    def __call__(self, points: Tensor) -> Tensor:
        """The losses of all points."""
        with self.loss.lock, torch.no_grad():
            if self.way is None and len(points) >= self.measured:
                self.way = self.fastest(points)
            way = self.way or self.single()
            return torch.cat([way.losses(part) for part in torch.split(points, way.width)])

    def single(self, channels_last: bool = False) -> Way:
        """One point after the other."""
        plane = FlatPlane(self.loss.parameters, self.slice, True) if channels_last else self.plane
        batches = [with_channels_last(one) for one in self.loss.batches] if channels_last else self.loss.batches

        def losses(points: Tensor) -> Tensor:
            plane.attach()
            found = []
            for x, y in points.tolist():
                plane.write(x, y)
                found.append(self.loss.present(batches))
            return torch.stack(found)

        return Way(losses, SINGLE)

    def batched(self, points: Tensor) -> Tensor:
        """The losses of a few points in one evaluation per batch of data."""
        tensors, found = self.plane.tensors(points), []
        for number in range(len(self.loss.batches)):
            one = torch.func.vmap(
                lambda given, number=number: self.loss.functional(given, number, keep), randomness="same"
            )
            with plain_attention():
                found.append(one(tensors))
        return sum(found[1:], found[0]) / len(found)

    def fastest(self, points: Tensor) -> Way:
        """The fastest way that gives the same losses, of those that memory and the number of points allow."""
        best, few = self.single(), points[: self.measured]
        expected = best.losses(few)
        least = GAIN * seconds_of(lambda: best.losses(few)) / len(few)
        for way in self.others(len(points)):
            some = few if way.width == SINGLE else points[: way.width]
            try:
                found = way.losses(some)[: len(few)]
            except Exception as error:
                # Operations without a rule for batches, and code that depends on values.
                logger.debug("a way to evaluate the points of this model fails: %s", error)
                continue
            tolerance = ROUNDINGS * self.loss.parameters.precision
            if torch.allclose(found, expected, rtol=tolerance, atol=0, equal_nan=True):
                each = seconds_of(lambda way=way, some=some: way.losses(some)) / len(some)  # type: ignore[misc]
                if each < least:
                    best, least = way, each
        return best

    def others(self, count: int) -> list[Way]:
        """The ways to try in addition to single points, for so many points."""
        found = []
        if any(map(has_images, self.loss.batches)):
            found.append(self.single(channels_last=True))
        fits = [width for width in WIDTHS if width <= count and width * self.bytes_per_point <= self.memory]
        # Batches pay only where calls of operations take most of the time, which is short then.
        return found + [Way(self.batched, width) for width in fits if self.measured == MEASURED]


def is_images(value: Any) -> bool:
    """Whether a part of a batch holds images with channels, in floating-point numbers."""
    return isinstance(value, Tensor) and value.dim() == 4 and value.is_floating_point()


def has_images(batch: Any) -> bool:
    """Whether a batch, or a part of it, holds images."""
    parts = batch.values() if isinstance(batch, dict) else batch if isinstance(batch, list | tuple) else ()
    return is_images(batch) or any(map(has_images, parts))


def with_channels_last(batch: Any) -> Any:
    """The batch with its images in PyTorch's memory format ``channels_last``."""
    if is_images(batch):
        return batch.contiguous(memory_format=torch.channels_last)
    if isinstance(batch, dict):
        return {name: with_channels_last(part) for name, part in batch.items()}
    # Named tuples and other classes stay what they are.
    return type(batch)(map(with_channels_last, batch)) if type(batch) in (list, tuple) else batch


def seconds_of(work: Callable[[], Tensor]) -> float:
    """The shorter of two measurements."""
    found = []
    for _ in range(2):
        # On the CPU the time of the thread, which other programs do not change.
        began, thread = time.perf_counter(), time.thread_time()
        losses = work()
        # Calls on a GPU return before it is done; a copy waits for it.
        losses.cpu()
        found.append(time.thread_time() - thread if losses.is_cpu else time.perf_counter() - began)
    return min(found)
