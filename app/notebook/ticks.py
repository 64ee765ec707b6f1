"""Ticks: round numbers along an axis."""

import math

FEWEST = 3


def round_ticks(low: float, high: float) -> list[float]:
    """At least three multiples of 1, 2 or 5 times a power of ten between two numbers, and few more."""
    if not high > low:
        return [low]
    # Halves, since the difference of two finite numbers may overflow.
    power = 10.0 ** math.floor(math.log10(high / 2 - low / 2))
    for step in (10 * power, 5 * power, 2 * power, power, power / 2):
        first, last = math.ceil(low / step), math.floor(high / step)
        if last - first + 1 >= FEWEST:
            break
    return [k * step for k in range(first, last + 1)]


def power_ticks(low: float, high: float) -> list[float]:
    """Powers of ten between two positive numbers, at most five."""
    first, last = math.ceil(math.log10(low)), math.floor(math.log10(high))
    every = max(1, -(-(last - first + 1) // 5))
    return [10.0**k for k in range(first, last + 1, every)]
