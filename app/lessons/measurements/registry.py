"""The registry of measurements, and the argument types that several of them share."""

from typing import Annotated

from cliffscape.landscapes.declare import Entry, Family, Range

MEASUREMENTS: Family[Entry] = Family("measurement", skip=("headless",))

RunArgument = Annotated[str, Range(4, 7)]
Step = Annotated[int, Range(-100_001, 100_000)]
Side = Annotated[int, Range(11, 1001)]
Coordinate = Annotated[float, Range(-1e6, 1e6)]
Seeds = Annotated[int, Range(1, 5000)]

measurement = MEASUREMENTS.register
