"""Measurements: named numbers about a Scene that a lesson's facts may ask for, one declared function each."""

from typing import Any

from cliffscape.app.lessons.headless import HeadlessRun
from cliffscape.app.lessons.measurements import clipping, run, surface
from cliffscape.app.lessons.measurements.registry import MEASUREMENTS

# Importing a module registers its measurements.
MODULES = (surface, run, clipping)


def measured(headless: HeadlessRun, kind: str, arguments: dict[str, Any]) -> float:
    """A measurement by its name, with the arguments that differ from its defaults; made once for the same headless."""
    key = (kind, *sorted(arguments.items()))
    if key not in headless.measured:
        headless.measured[key] = float(MEASUREMENTS[kind].function(headless, **arguments))
    return headless.measured[key]
