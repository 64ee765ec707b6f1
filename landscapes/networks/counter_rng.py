"""Counter-based random numbers: the same on every device, and computed for any lane and update without replaying.

A key is a 64-bit word per lane. ``child`` derives a key from a key, and a random number is a hash of a key and a
counter. So minibatch 4,711 of seed 3 does not depend on how many other seeds run, or on the update at which a run was
resumed.
Reference: Steele, Lea & Flood 2014 (SplitMix64)
"""

import math

import torch
from torch import Tensor

# SplitMix64's constants: 2^64 divided by the golden ratio, and the multipliers of the finaliser. PyTorch's int64 wraps
# around like the reference's uint64, so constants above 2^63 are written as negative numbers.
GOLDEN = 0x9E3779B97F4A7C15 - 2**64
FIRST_MULTIPLIER = 0xBF58476D1CE4E5B9 - 2**64
SECOND_MULTIPLIER = 0x94D049BB133111EB - 2**64


def shift_right(word: Tensor, places: int) -> Tensor:
    """Shift right, filling with zeros; ``>>`` alone would fill with the sign."""
    shifted: Tensor = (word >> places) & (2 ** (64 - places) - 1)
    return shifted


def mix(word: Tensor) -> Tensor:
    """SplitMix64's finaliser: every bit of the result depends on every bit of ``word``."""
    word = (word ^ shift_right(word, 30)) * FIRST_MULTIPLIER
    word = (word ^ shift_right(word, 27)) * SECOND_MULTIPLIER
    return word ^ shift_right(word, 31)


def bits(keys: Tensor, count: int) -> Tensor:
    """SplitMix64's first ``count`` words ``(..., count)`` from the states ``keys`` ``(...)``."""
    return mix(keys.unsqueeze(-1) + GOLDEN * torch.arange(1, count + 1, device=keys.device))


def child(keys: Tensor, label: int | Tensor) -> Tensor:
    """Keys of an independent stream; a tensor of labels broadcasts against ``keys``."""
    label = torch.as_tensor(label, dtype=torch.int64, device=keys.device)
    # Without the inner mix, label k of the key + GOLDEN would be the same stream as label k + 1 of the key.
    return mix(mix(keys + GOLDEN) + GOLDEN * (label + 1))


def uniform(keys: Tensor, count: int) -> Tensor:
    """Numbers ``(..., count)`` in [0, 1), float64 with 53 random bits."""
    return shift_right(bits(keys, count), 11).double() * 2.0**-53


def below(fraction: Tensor, bound: int) -> Tensor:
    """Integers 0 to ``bound - 1`` from uniform fractions."""
    return (fraction * bound).long()


def normal(keys: Tensor, count: int) -> Tensor:
    """Standard normal numbers ``(..., count)``, float64, by Box and Muller."""
    # 1 - u lies in (0, 1], so its logarithm is finite. With u itself, log(0) could occur.
    radius, angle = uniform(keys, 2 * count).chunk(2, -1)
    return torch.sqrt(-2 * torch.log1p(-radius)) * torch.cos(2 * math.pi * angle)
