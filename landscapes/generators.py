"""Generators that yield between pieces of work: run them to their end, or report their progress."""

import time
from collections.abc import Callable, Generator
from typing import TypeVar

T = TypeVar("T")
Y = TypeVar("Y")
Z = TypeVar("Z")


def run_to_end(work: Generator[object, None, T]) -> T:
    """The result of ``work``, computed in one go."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: T = end.value
            return result


def map_yields(work: Generator[Y, None, T], function: Callable[[Y], Z]) -> Generator[Z, None, T]:
    """``work`` with ``function`` applied to everything it yields; the result stays the same."""
    while True:
        try:
            value = next(work)
        except StopIteration as end:
            result: T = end.value
            return result
        yield function(value)


def with_seconds(work: Generator[Y, None, T]) -> Generator[Y, None, tuple[T, float]]:
    """``work``, whose result comes with the seconds that its pieces took, without the time between them."""
    seconds = 0.0
    while True:
        began = time.perf_counter()
        try:
            value = next(work)
        except StopIteration as end:
            return end.value, seconds + time.perf_counter() - began
        seconds += time.perf_counter() - began
        yield value


def with_progress(
    work: Generator[Y, None, T], report: Callable[[Y], Z], seconds: float
) -> Generator[Z | None, None, T]:
    """``work`` that yields a report when more than ``seconds`` have passed since the last one, and None otherwise.

    Sending a report costs more than a short piece of work, so not every piece has one.
    """
    last = time.monotonic()

    def report_if_due(value: Y) -> Z | None:
        nonlocal last
        if time.monotonic() - last <= seconds:
            return None
        last = time.monotonic()
        return report(value)

    return (yield from map_yields(work, report_if_due))
