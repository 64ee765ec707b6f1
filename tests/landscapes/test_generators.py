"""Generators that yield between pieces of work: their results, and what is yielded on the way."""

import time
from collections.abc import Generator

import pytest

from cliffscape.landscapes.generators import map_yields, run_to_end, with_progress, with_seconds
from tests.app.turns import count_turns


def count_to(last: int, seconds: float = 0.0) -> Generator[int, None, str]:
    """Yields 1, 2, ... and returns a word."""
    for number in range(1, last + 1):
        time.sleep(seconds)
        yield number
    return "end"


def test_a_generator_is_run_to_its_end() -> None:
    assert run_to_end(count_to(3)) == "end"
    assert run_to_end(count_to(0)) == "end"
    assert count_turns(count_to(3)) == (3, "end")


def test_yields_are_mapped_and_the_result_is_not() -> None:
    seen: list[int] = []
    mapped = map_yields(count_to(3), lambda number: number * 10)
    assert count_turns(map_yields(mapped, seen.append)) == (3, "end")
    assert seen == [10, 20, 30]


def test_progress_is_reported_when_it_is_due() -> None:
    every, never = [], []  # type: ignore[var-annotated]
    assert run_to_end(map_yields(with_progress(count_to(3, 0.002), str, 0.001), every.append)) == "end"
    assert run_to_end(map_yields(with_progress(count_to(3), str, 60), never.append)) == "end"
    assert every == ["1", "2", "3"]
    assert never == [None] * 3


def test_an_error_ends_the_work() -> None:
    def fail() -> Generator[int, None, str]:
        yield 1
        raise KeyError("k")

    with pytest.raises(KeyError):
        run_to_end(with_progress(fail(), str, 0))


def test_seconds_are_those_of_the_work_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(time, "perf_counter", lambda: clock[0])

    def work() -> Generator[int, None, str]:
        for number in range(3):
            clock[0] += 1
            yield number
        clock[0] += 1
        return "end"

    def rest(number: int) -> int:
        clock[0] += 100
        return number

    assert run_to_end(map_yields(with_seconds(work()), rest)) == ("end", 4)
