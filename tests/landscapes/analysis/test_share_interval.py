"""Intervals of shares: Wilson's published values, and how often they hold the true probability."""

import math
from statistics import NormalDist

import pytest

from cliffscape.landscapes.analysis.share_interval import CONFIDENCE, DEVIATIONS, wilson_interval


@pytest.mark.parametrize(
    ("solved", "count", "low", "high"),
    # Newcombe 1998, table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_has_its_published_values(solved: int, count: int, low: float, high: float) -> None:
    assert wilson_interval(solved / count, count) == pytest.approx((low, high), abs=5e-5)
    assert wilson_interval(1 - solved / count, count) == pytest.approx((1 - high, 1 - low), abs=5e-5)


@pytest.mark.parametrize("count", [1, 2, 8, 10, 64, 4225])
def test_the_interval_holds_the_share_and_is_a_range_of_probabilities(count: int) -> None:
    for solved in range(count + 1):
        low, high = wilson_interval(solved / count, count)
        assert 0 <= low <= solved / count <= high <= 1
        assert (low == 0) == (solved == 0) and (high == 1) == (solved == count)


def test_the_normal_distribution_has_the_confidence_within_the_deviations() -> None:
    assert NormalDist().inv_cdf((1 + CONFIDENCE) / 2) == pytest.approx(DEVIATIONS, rel=1e-14)


def test_eight_of_ten_and_five_of_ten_are_no_different() -> None:
    assert wilson_interval(0.8, 10)[0] < wilson_interval(0.5, 10)[1]


@pytest.mark.parametrize("chance", [0.1, 0.3, 0.658])
def test_it_holds_the_true_probability_in_95_of_100_samples(chance: float) -> None:
    count, held = 200, 0.0
    for solved in range(count + 1):
        low, high = wilson_interval(solved / count, count)
        weight = math.comb(count, solved) * chance**solved * (1 - chance) ** (count - solved)
        held += weight * (low <= chance <= high)
    assert held == pytest.approx(0.95, abs=0.02)
