"""Measurements: named numbers of a Scene for the facts of lessons, one declared function each."""

from typing import Any

from cliffscape.app.lessons import measurements
from cliffscape.app.lessons.headless import HeadlessRun
from cliffscape.app.lessons.measurements.registry import MEASUREMENTS
from cliffscape.app.submodules import import_submodules

# Importing the files of this folder registers their measurements.
import_submodules(measurements)


def measure(headless: HeadlessRun, kind: str, arguments: dict[str, Any]) -> float:
    """A measurement by its name, with the arguments that differ from its defaults; cached in the headless run."""
    key = (kind, *sorted(arguments.items()))
    if key not in headless.results:
        headless.results[key] = float(MEASUREMENTS[kind].function(headless, **arguments))
    return headless.results[key]
