"""Axes of a sweep: a quantity, its range, and its values."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from cliffscape.landscapes.bound_error import BoundError


@dataclass(frozen=True)
class Axis:
    """A quantity and its range: ``start.x``, ``start.y``, or a numeric parameter such as ``clip.threshold``.

    ``log`` spaces the values evenly by their logarithm, ``whole`` rounds them to whole numbers.

    Raises:
        BoundError: the range is empty, reversed or not finite, or a log axis does not stay above zero.
    """

    name: str
    low: float
    high: float
    log: bool = False
    whole: bool = False

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise BoundError(self.name, (self.low, self.high), "a range of two finite numbers, the smaller one first")
        if self.log and self.low <= 0:
            raise BoundError(self.name, (self.low, self.high), "above 0 on a log axis")

    def values(self, count: int, device: torch.device | str = "cpu") -> Tensor:
        """``count`` values ``(count,)`` in float64, both ends included.

        Counts of 2ᵏ + 1 are nested: every second value of one is, to the last bit, a value of the one before. Their
        values are the same on every machine and on the page, because the random stream of a run depends on the last bit
        of its start and its parameters.
        """
        if not self.log:
            values = even_values(self.low, self.high, count)
        elif (count - 1).bit_count() == 1:
            values = bisected_values(self.low, self.high, count)
        else:
            # Rounding in the power may lead out of the range.
            powers = even_values(math.log10(self.low), math.log10(self.high), count)
            values = torch.pow(10.0, powers).clamp(self.low, self.high)
        return (values.round() if self.whole else values).to(device)


def even_values(low: float, high: float, count: int) -> Tensor:
    """``count`` evenly spaced values.

    torch.linspace rounds as the vector registers of the machine require, which the page cannot repeat.
    """
    place, step = torch.arange(count, dtype=torch.float64), (high - low) / max(1, count - 1)
    return torch.where(place < count // 2, low + step * place, high - step * (count - 1 - place))


def bisected_values(low: float, high: float, count: int) -> Tensor:
    """2ᵏ + 1 values with equal ratios.

    Python rounds square roots exactly, as the page does. PyTorch and powers round them otherwise on some machines.
    """
    values = [low, *[math.nan] * (count - 2), high]
    step = count - 1
    while step > 1:
        for k in range(step // 2, count, step):
            values[k] = math.sqrt(values[k - step // 2] * values[k + step // 2])
        step //= 2
    return torch.tensor(values, dtype=torch.float64)
