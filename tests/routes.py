"""How this machine takes the steps of a sweep: in PyTorch, and compiled where there is a compiler."""

import functools
from collections.abc import Generator
from typing import TypeVar

from landscapes.lanes import Course
from landscapes.native import Native, compiled, compiler
from landscapes.sweeps import Lanes, sweep
from landscapes.tallies import Outcome

T = TypeVar("T")
ROUTES = ["eager", *(["native"] if compiler() else [])]
COMPILED: dict[tuple[str, ...], Native] = {}


def drained(work: Generator[int, None, T]) -> T:
    """What work comes to, pushed on to its end."""
    while True:
        try:
            next(work)
        except StopIteration as done:
            result: T = done.value
            return result


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
