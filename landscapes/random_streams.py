"""Random streams: counter-based random numbers for runs, one stream per run, with the same bits in every backend.

A random number is a permutation of a counter under a key, so no earlier number is needed to compute it. The key is
derived from the start of the run and from the values of its parameters, the seed among them. A run therefore has the
same stream alone, in a sweep, and in a finer or enlarged sweep, and two different runs have independent streams.

Words are whole numbers below 2^26 in float64. Their products stay below 2^53 and are exact, in PyTorch as in traced
JavaScript, C and CUDA. Kernels have no integers, so they cannot use the networks' generator, ``counter_rng.py``.
Reference: Luby & Rackoff 1988 (permutations in rounds); Widynski 2022 (Squares: a counter-based generator whose rounds
take the middle digits of a square)
"""

import math
import zlib
from collections.abc import Mapping

import torch
from torch import Tensor

from cliffscape.landscapes.transform import norm

WORD = 2.0**26
# A square below 2^52 divided by this has its middle digits in its lowest word.
MIDDLE = 2.0**13
# The statistics in the tests hold from 6 rounds on.
ROUNDS = 8
# What the two key words grow by with every round: the digits of the golden ratio and of the root of 3.
INCREMENTS = (41475557.0, 49126909.0)
# The two largest primes below 2^26. A number is hashed modulo each of them.
PRIMES = (67108859.0, 67108837.0)
# Numbers are hashed as multiples of 2^-128, and numbers of at least 2^128 as 0.
FINEST = 2.0**128


def low_word(number: Tensor) -> Tensor:
    """``number`` modulo 2^26, for whole numbers from 0 to 2^53. It is exact, as every step is."""
    return number - torch.floor(number / WORD) * WORD


def permute(left: Tensor, right: Tensor, key: tuple[Tensor | float, Tensor | float]) -> tuple[Tensor, Tensor]:
    """A permutation of pairs of words that looks random, one for each key of two words."""
    for number in range(ROUNDS):
        # The two words of the key take turns.
        root = low_word(left + key[number % 2] + number * INCREMENTS[number % 2] % WORD)
        # The middle digits of a square depend on all digits of its root.
        left, right = low_word(torch.floor(root * root / MIDDLE) + right), left
    return left, right


def random_words(labels: Tensor, stream: int) -> tuple[Tensor, Tensor]:
    """Two fixed random words for each label; they serve as the coefficients of a hash."""
    return permute(labels, torch.full_like(labels, stream), (0.0, 0.0))


def hash_numbers(numbers: Tensor, coefficients: tuple[Tensor, Tensor]) -> Tensor:
    """Two words ``(..., 2)``: sums over the last axis of ``numbers``, times ``coefficients``, modulo two primes.

    Every bit of a number counts. 0 and -0 are the same number, and Inf and NaN count as 0.
    """
    known = numbers.abs() < FINEST
    whole = torch.floor(torch.where(known, numbers, torch.zeros_like(numbers)) * FINEST)
    words = [
        torch.remainder(torch.remainder(whole, prime) * coefficient, prime).sum(-1, keepdim=True)
        for prime, coefficient in zip(PRIMES, coefficients, strict=True)
    ]
    return torch.cat(words, -1)


def stream_key(place: Tensor, values: Mapping[str, float | Tensor]) -> Tensor:
    """The key ``(..., 2)`` of a run that starts at ``place`` ``(..., D)`` with these parameters' values.

    A value is one number for all runs, or ``(..., 1)``: one for each. The order of the names does not matter.
    """
    place = place.double()
    total = hash_numbers(place, random_words(torch.arange(place.shape[-1]).to(place), 0))
    for name, value in values.items():
        label = torch.tensor([zlib.crc32(name.encode()) % WORD], dtype=place.dtype, device=place.device)
        total = total + hash_numbers(value + torch.zeros_like(place[..., :1]), random_words(label, 1))
    return torch.cat(
        [torch.remainder(word, prime) for word, prime in zip(torch.split(total, 1, -1), PRIMES, strict=True)], -1
    )


def random_pairs(key: Tensor, counter: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """Twice ``count`` uniform numbers ``(..., count)`` between 0 and 1, without the ends, for ``(..., 1)`` counters."""
    first, second = torch.split(key, 1, -1)
    indices = torch.arange(count).to(counter) + torch.zeros_like(counter)
    words = permute(indices, counter + torch.zeros_like(indices), (first, second))
    left, right = ((word + 0.5) / WORD for word in words)
    return left, right


def random_direction(key: Tensor, counter: Tensor, dimension: int) -> Tensor:
    """A random unit vector ``(..., dimension)``, by Box and Muller."""
    radius, angle = random_pairs(key, counter, (dimension + 1) // 2)
    length, turn = torch.sqrt(-2 * torch.log(radius)), 2 * math.pi * angle
    # Independent normal coordinates have a uniformly distributed direction in any dimension.
    normal = torch.cat([length * torch.cos(turn), length * torch.sin(turn)], -1)[..., :dimension]
    return normal / norm(normal)
