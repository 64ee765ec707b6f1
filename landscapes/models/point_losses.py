"""The losses of a module at many theta: one after the other, or several in one batched evaluation where that is faster.

A batched evaluation (``torch.func.vmap``) saves calls of operations, which dominate for small models. Its convolutions
with different weights are grouped, and often slower. So both are measured with the first points. Last bits can differ.
"""

import logging
import time
from collections.abc import Callable

import torch
from torch import Tensor

from cliffscape.landscapes.models.module_loss import ModuleLoss

logger = logging.getLogger(__name__)
# Points in one evaluation that are tried, from the least number of points for which trying pays.
WIDTHS = (8, 32, 128)
# A batched evaluation must take this share of the time of single ones, so that noise does not decide.
GAIN = 0.9
# Largest relative difference between the two, in rounding errors of one operation.
ROUNDINGS = 1e4


class PointLosses:
    """Losses ``(n,)`` at theta ``(n, D)``, without a graph. ``memory`` bounds the bytes of one batched evaluation."""

    def __init__(self, loss: ModuleLoss, memory: int = 512 << 20) -> None:
        self.loss, self.memory = loss, memory
        # How many points an evaluation takes; unknown before the first call with enough points.
        self.width: int | None = None

    @property
    def bytes_per_point(self) -> int:
        """About how much memory one point takes: its theta in both types, and all tensors of an evaluation."""
        return 3 * self.loss.parameters.theta.nbytes + self.loss.bytes

    def __call__(self, theta: Tensor) -> Tensor:
        """The losses of all points."""
        if self.width is None and len(theta) >= WIDTHS[0]:
            self.width = self.measure(theta)
        width = self.width or 1
        if width == 1:
            return torch.stack([self.loss.value(one) for one in theta])
        return torch.cat([self.batched(part) for part in torch.split(theta, width)])

    def measure(self, theta: Tensor) -> int:
        """The number of points that is fastest, of those that memory and ``theta`` allow."""
        single = torch.stack([self.loss.value(one) for one in theta[:2]])
        seconds, best = seconds_of(lambda: self.loss.value(theta[0])) * GAIN, 1
        for width in WIDTHS:
            if width > len(theta) or width * self.bytes_per_point > self.memory:
                break
            try:
                found = self.batched(theta[:width])
            except Exception as error:
                # Operations without a rule for batches, and code that depends on values.
                logger.debug("the points of this model are evaluated one by one: %s", error)
                break
            tolerance = ROUNDINGS * self.loss.parameters.precision
            if not torch.allclose(found[:2], single, rtol=tolerance, atol=0, equal_nan=True):
                break
            each = seconds_of(lambda width=width: self.batched(theta[:width])) / width  # type: ignore[misc]
            if each > seconds:
                break
            seconds, best = each * GAIN, width
        return best

    def batched(self, theta: Tensor) -> Tensor:
        """The losses of a few points in one evaluation per batch of data."""
        with torch.no_grad():
            tensors, total = self.loss.parameters.unpack(theta), torch.zeros(len(theta)).to(theta)
            for number in range(len(self.loss.batches)):
                evaluate = torch.func.vmap(
                    lambda one, number=number: self.loss.functional(one, number), randomness="same"
                )
                total = total + evaluate(tensors)
        return total / len(self.loss.batches)


def seconds_of(work: Callable[[], object]) -> float:
    """The shorter of two measurements."""
    found = []
    for _ in range(2):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return min(found)
