"""Axes of a sweep: their values are nested, the same everywhere, and their ranges are checked."""

import math

import pytest
import torch

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.descent.axis import Axis
from tests.reference import tensor


def test_values_of_an_axis_are_the_same_on_every_machine() -> None:
    """torch.linspace rounds as the machine's vector registers require; the page computes these numbers itself."""
    low, high, count = -3.3, 4.7, 65
    step = (high - low) / (count - 1)
    expected = [low + step * k if k < count // 2 else high - step * (count - 1 - k) for k in range(count)]
    assert Axis("start.x", low, high).values(count).tolist() == expected
    assert Axis("start.x", low, high).values(1).tolist() == [high]


def test_values_of_a_log_axis_have_equal_ratios() -> None:
    for count in (2, 3, 4, 65, 100):
        values = Axis("clip.threshold", 0.002, 20, log=True).values(count)
        assert values[[0, -1]].tolist() == pytest.approx([0.002, 20], rel=1e-15)
        torch.testing.assert_close(values[1:] / values[:-1], tensor([1e4 ** (1 / (count - 1))] * (count - 1)))


@pytest.mark.parametrize("axis", [Axis("start.x", 3.5, 5.7), Axis("clip.threshold", 1e-3, 1e3, log=True)])
def test_grids_are_nested_to_the_last_bit(axis: Axis) -> None:
    coarse = axis.values(17)
    for count in (33, 65, 129, 257, 513):
        fine = axis.values(count)
        assert torch.equal(fine[::2], coarse)
        assert (fine[0], fine[-1]) == (axis.low, axis.high)
        assert (fine.diff() > 0).all()
        coarse = fine


def test_whole_numbers_and_logarithms() -> None:
    assert Axis("clip.seed", 0, 10, whole=True).values(5).tolist() == [0, 2, 5, 8, 10]
    torch.testing.assert_close(Axis("clip.threshold", 0.01, 100, log=True).values(3), tensor([0.01, 1.0, 100.0]))


@pytest.mark.parametrize(
    ("low", "high", "log", "words"),
    [
        (2.0, 1.0, False, "clip.threshold must be a range of two finite numbers, the smaller one first, got 2.0, 1.0"),
        (1.0, 1.0, False, "smaller one first, got 1.0, 1.0"),
        (0.0, math.inf, False, "finite"),
        (math.nan, 1.0, False, "finite"),
        (0.0, 1.0, True, "clip.threshold must be above 0 on a log axis, got 0.0, 1.0"),
        (-1.0, 1.0, True, "above 0"),
    ],
)
def test_invalid_ranges_are_rejected(low: float, high: float, log: bool, words: str) -> None:
    with pytest.raises(BoundError, match=words):
        Axis("clip.threshold", low, high, log)
