"""How this machine takes the steps of a sweep: in PyTorch, and compiled where there is a compiler."""

import functools

import pytest

from app.runs import drained
from landscapes.lanes import Course
from landscapes.native import Native, compiled, compiler
from landscapes.sweeps import Lanes, sweep
from landscapes.tallies import Outcome

ROUTES = ["eager", *(["native"] if compiler() else [])]
# The app needs no compiler, so neither do its tests; .ci/run sees to it that there is one.
needs_compiler = pytest.mark.skipif(
    "native" not in ROUTES,
    reason="compiled routines need a C compiler to be made; this machine has none, and PyTorch takes the steps instead",
)
COMPILED: dict[tuple[str, ...], Native] = {}


def native(course: Course, swept: tuple[str, ...] = ()) -> Native:
    """A course's compiled routine; compiled once for all tests."""
    structural = [f"{name}={value}" for name, value in course.structural.items()]
    key = (course.landscape, course.optimizer, course.clip, course.schedule, *structural, *swept)
    if key not in COMPILED:
        found = compiled(course.routine(), swept)
        assert found is not None, "this machine's compiler does not compile"
        COMPILED[key] = found
    return COMPILED[key]


def outcome(course: Course, lanes: Lanes, steps: int, route: str) -> Outcome:
    """What became of all lanes, by one of ROUTES."""
    taken = functools.partial(native, course, tuple(lanes.own)) if route == "native" else lambda: None
    return drained(sweep(course, lanes, steps, taken))
