"""Random streams: exact words, the same in every backend, and independent for neighbouring seeds, starts and steps."""

import math
import zlib
from fractions import Fraction

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS, SCHEDULES
from cliffscape.landscapes.random_streams import permute, random_direction, random_pairs, stream_key
from tests.reference import tensor

WORD = 2**26
PRIMES = (WORD - 5, WORD - 27)
INCREMENTS = (41475557, 49126909)
SEED = "clip.seed"
COUNT = 20_000
# 36 bins have 35 degrees of freedom: fewer than one in 100,000 uniform samples have a larger statistic.
LARGEST = 88.0


def words(left: int, right: int, key: tuple[int, int]) -> tuple[int, int]:
    """The permutation in Python's integers of any size."""
    for number in range(8):
        root = (left + key[number % 2] + number * INCREMENTS[number % 2]) % WORD
        left, right = (root * root // 2**13 + right) % WORD, left
    return left, right


def key_of(place: tuple[float, ...], values: dict[str, float]) -> list[int]:
    """The key of a run in Python's integers: every number a multiple of 2^-128."""
    terms = [(x, (k, 0)) for k, x in enumerate(place)]
    terms += [(value, (zlib.crc32(name.encode()) % WORD, 1)) for name, value in values.items()]
    whole = [(math.floor(Fraction(x) * 2**128), words(*label, (0, 0))) for x, label in terms]
    return [sum(x % p * c[k] for x, c in whole) % p for k, p in enumerate(PRIMES)]


PLACES = [(0.0, 0.0), (5.0, -2.0), (1e6, -1e6), (0.1, 1e-30), (-5e-324, 1 / 3), (4.6, -1.7, 3e300), (7.0,)]


@pytest.mark.parametrize("place", PLACES, ids=str)
@pytest.mark.parametrize("seed", [0, 1, 2**31 - 3])
def test_keys_and_words_are_exact(place: tuple[float, ...], seed: int) -> None:
    """Against Python's integers of any size, so every backend has the same ones."""
    values = {SEED: float(seed), "optimizer.learning_rate": 0.1}
    known = tuple(x if abs(x) < 2.0**128 else 0.0 for x in place)
    key = stream_key(tensor(place), values)
    assert key.tolist() == key_of(known, values)
    whole = tuple(int(word) for word in key)
    for step in (0, 1, 99_999):
        left, right = permute(tensor([0.0, 1.0]), tensor([step, step]), key.split(1, -1))
        expected = [words(index, step, whole) for index in range(2)]
        assert list(zip(left.tolist(), right.tolist(), strict=True)) == expected


def test_many_starts_are_hashed_like_one() -> None:
    """The operations on long rows are others than those on a single number."""
    place = 20 * torch.rand(1000, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(1)) - 10
    found = stream_key(place, {SEED: 3.0}).tolist()
    assert found == [key_of((x, y), {SEED: 3.0}) for x, y in place.tolist()]


def test_a_key_depends_neither_on_the_order_of_values_nor_on_the_sign_of_zero() -> None:
    values = {"clip.threshold": 0.2, SEED: 1.0, "optimizer.learning_rate": 0.5}
    key = stream_key(tensor([0.0, 1.0]), values)
    assert torch.equal(key, stream_key(tensor([-0.0, 1.0]), dict(reversed(values.items()))))
    assert stream_key(tensor([math.inf, math.nan]), values).isfinite().all()


def test_the_names_of_parameters_have_different_labels() -> None:
    families = {"landscape": LANDSCAPES, "optimizer": OPTIMIZERS, "schedule": SCHEDULES, "clip": CLIPS}
    names = {
        f"{family}.{one.name}" for family, known in families.items() for entry in known for one in entry.parameters
    }
    assert len({zlib.crc32(name.encode()) % WORD for name in names}) == len(names) > 40


def statistic(angles: Tensor) -> float:
    """The chi-square statistic of 36 bins over the circle."""
    counts = torch.histc(torch.remainder(angles, 2 * math.pi), 36, 0, 2 * math.pi)
    expected = angles.numel() / 36
    return float(((counts - expected) ** 2 / expected).sum())


def angles_at(key: Tensor, step: Tensor | float) -> Tensor:
    """Angles ``(N,)`` of the directions of the runs with these keys."""
    direction = random_direction(key, torch.zeros_like(key[:, :1]) + step, 2)
    return torch.atan2(direction[:, 1], direction[:, 0])


def check_independence(one: Tensor, other: Tensor) -> None:
    """Angles are uniform, and so are their differences and sums."""
    for angles in (one, other, one - other, one + other):
        assert statistic(angles) < LARGEST
        mean = torch.polar(torch.ones_like(angles), angles).mean().abs().item()
        assert mean < 4 / math.sqrt(angles.numel())


@pytest.mark.parametrize("step", [0, 1, 2, 1000])
def test_neighbouring_seeds_are_independent_at_one_step(step: int) -> None:
    """36 bins of angles over the seeds 0 to 19,999."""
    seeds = torch.arange(COUNT, dtype=torch.float64)[:, None]
    angles = angles_at(stream_key(tensor([5.0, -2.0]).expand(COUNT, 2), {SEED: seeds}), step)
    check_independence(angles[1:], angles[:-1])
    counts = torch.histc(angles, 36, -math.pi, math.pi) / (COUNT / 36)
    assert counts.min() > 0.84 and counts.max() < 1.16


@pytest.mark.parametrize("spacing", [1.0, 1 / 64, 1e-3, 1e-10, 2.0**-50])
@pytest.mark.parametrize("corner", [(5.0, -2.0), (0.0, 0.0)])
@pytest.mark.parametrize("axis", [0, 1])
def test_neighbouring_starts_are_independent(spacing: float, corner: tuple[float, float], axis: int) -> None:
    """Also starts that are 1e-10 of a window apart, and neighbouring float64 numbers."""
    place = tensor(corner).repeat(COUNT, 1)
    place[:, axis] += spacing * torch.arange(COUNT, dtype=torch.float64)
    key = stream_key(place, {SEED: 0.0})
    assert len(set(map(tuple, key.tolist()))) == len(set(place[:, axis].tolist()))
    angles = angles_at(key, 0)
    check_independence(angles[1:], angles[:-1])


@pytest.mark.parametrize("name", ["optimizer.learning_rate", "clip.threshold"])
def test_neighbouring_values_of_a_parameter_are_independent(name: str) -> None:
    values = 10 ** torch.linspace(-4, 1, COUNT, dtype=torch.float64)[:, None]
    angles = angles_at(stream_key(tensor([5.0, -2.0]).expand(COUNT, 2), {name: values}), 0)
    check_independence(angles[1:], angles[:-1])


@pytest.mark.parametrize("seed", range(5))
def test_successive_steps_are_independent(seed: int) -> None:
    steps = torch.arange(100_000, dtype=torch.float64)[:, None]
    key = stream_key(tensor([5.0, -2.0]), {SEED: float(seed)}).expand(100_000, 2)
    angles = angles_at(key, steps)
    for lag in (1, 2, 64):
        check_independence(angles[lag:], angles[:-lag])


def test_uniform_numbers_fill_the_unit_square() -> None:
    """16 by 16 bins of both numbers of a draw, for the indices, and the last bits of the words."""
    key = stream_key(tensor([1.0, 2.0]), {})
    left, right = random_pairs(key, tensor([0.0]), 2**18)
    assert min(left.min(), right.min()) > 0 and max(left.max(), right.max()) < 1
    for scale in (16, 2**25):
        cells = torch.remainder((left * scale).floor(), 16) * 16 + torch.remainder((right * scale).floor(), 16)
        counts = torch.bincount(cells.long(), minlength=256).double()
        # 255 degrees of freedom: fewer than one in 100,000.
        assert ((counts - 1024) ** 2 / 1024).sum() < 360
