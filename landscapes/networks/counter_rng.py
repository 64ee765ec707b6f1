"""Counter-based random numbers: the same on every device, for any lane, at any update, without replaying.

A key is a 64-bit word per lane; ``child`` makes keys of keys, and drawing hashes a key and a counter. So minibatch
4,711 of seed 3 does not depend on how many other seeds run, or on where a run was resumed.
Reference: Steele, Lea & Flood 2014 (SplitMix64)
"""

import math

import torch
from torch import Tensor

# PyTorch's int64 wraps around like the reference's uint64; constants above 2^63 are written as their negatives.
GOLDEN = 0x9E3779B97F4A7C15 - 2**64
FIRST = 0xBF58476D1CE4E5B9 - 2**64
SECOND = 0x94D049BB133111EB - 2**64


def shift_right(word: Tensor, places: int) -> Tensor:
    """Shift right, filling with zeros; ``>>`` alone would fill with the sign."""
    filled: Tensor = (word >> places) & (2 ** (64 - places) - 1)
    return filled


def mix(word: Tensor) -> Tensor:
    """SplitMix64's finaliser: every bit of the result depends on every bit of ``word``."""
    word = (word ^ shift_right(word, 30)) * FIRST
    word = (word ^ shift_right(word, 27)) * SECOND
    return word ^ shift_right(word, 31)


def bits(keys: Tensor, count: int) -> Tensor:
    """SplitMix64's first ``count`` words ``(..., count)`` from the states ``keys`` ``(...)``."""
    return mix(keys.unsqueeze(-1) + GOLDEN * torch.arange(1, count + 1, device=keys.device))


def child(keys: Tensor, label: int | Tensor) -> Tensor:
    """Keys of an independent stream; a tensor of labels broadcasts against ``keys``."""
    label = torch.as_tensor(label, dtype=torch.int64, device=keys.device)
    return mix(mix(keys + GOLDEN) + GOLDEN * (label + 1))


def uniform(keys: Tensor, count: int) -> Tensor:
    """Numbers ``(..., count)`` in [0, 1), float64 with all its 53 bits."""
    return shift_right(bits(keys, count), 11).double() * 2.0**-53


def below(fraction: Tensor, bound: int) -> Tensor:
    """Integers 0 to ``bound - 1`` from uniform fractions."""
    return (fraction * bound).long()


def normal(keys: Tensor, count: int) -> Tensor:
    """Standard normal numbers ``(..., count)``, float64, by Box and Muller."""
    # 1 - u lies in (0, 1]: its logarithm is finite.
    radius, angle = uniform(keys, 2 * count).chunk(2, -1)
    return torch.sqrt(-2 * torch.log1p(-radius)) * torch.cos(2 * math.pi * angle)
