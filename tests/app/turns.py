"""Turns: how many pieces of work a generator takes."""

from collections.abc import Generator
from typing import Any, TypeVar

from cliffscape.landscapes.generators import map_yields, run_to_end

T = TypeVar("T")


def count_turns(work: Generator[Any, None, T]) -> tuple[int, T]:
    """Number of turns and the result."""
    turns: list[object] = []
    result = run_to_end(map_yields(work, turns.append))
    return len(turns), result
