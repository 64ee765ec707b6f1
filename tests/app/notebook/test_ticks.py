"""Ticks: few round numbers."""

import pytest

from cliffscape.app.notebook.ticks import power_ticks, round_ticks


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 60, [0, 20, 40, 60]),
        (-3, -1.3, [-3, -2.5, -2, -1.5]),
        (0, 100_000, [0, 50_000, 100_000]),
        (0, 1, [0, 0.5, 1]),
        (2, 2, [2]),
    ],
)
def test_round_numbers(low: float, high: float, expected: list[float]) -> None:
    assert round_ticks(low, high) == pytest.approx(expected)


@pytest.mark.parametrize("high", [1e-12, 0.7, 3, 47, 1e6, 1e300])
@pytest.mark.parametrize("low", [0.0, -0.3])
def test_there_are_between_three_and_seven_inside_the_range(low: float, high: float) -> None:
    found = round_ticks(low * high, high)
    assert 3 <= len(found) <= 7
    assert all(low * high <= value <= high for value in found)


def test_powers_of_ten() -> None:
    assert power_ticks(0.003, 20) == pytest.approx([0.01, 0.1, 1, 10])
    assert len(power_ticks(1e-300, 1e300)) <= 5
    assert power_ticks(0.2, 0.3) == []
