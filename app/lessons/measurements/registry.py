"""Registry: what a measurement is, where all are listed, and the shapes of arguments that many have."""

from collections.abc import Callable
from typing import Annotated

from cliffscape.landscapes.declare import Entry, Family, Range, entry_of

MEASUREMENTS: Family[Entry] = Family("measurement")

RunArgument = Annotated[str, Range(4, 7)]
Step = Annotated[int, Range(-1001, 1000)]
Side = Annotated[int, Range(11, 1001)]
Coordinate = Annotated[float, Range(-1e6, 1e6)]
Seeds = Annotated[int, Range(1, 5000)]


def measurement(function: Callable[..., float]) -> Callable[..., float]:
    """Register a function of the headless and of declared parameters under its name."""
    MEASUREMENTS.add(entry_of(function, skip=("headless",)))
    return function
