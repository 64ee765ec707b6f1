"""Chunking: chunks grow up to their time limit, and shrink when they exceed it."""

import pytest

from cliffscape.app.compute import chunking
from cliffscape.app.compute.chunking import LARGEST, SMALLEST, Chunking


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that returns the times in this list."""
    times: list[float] = []
    monkeypatch.setattr(chunking.time, "perf_counter", lambda: times.pop(0))
    return times


def after(one: Chunking, clock: list[float], seconds: float) -> int:
    """Points after a chunk that took ``seconds``."""
    points = one.points("cliff")
    clock += [0.0, seconds]
    with one.timing("cliff", points):
        pass
    return one.points("cliff")


def test_points_follow_the_clock(clock: list[float]) -> None:
    one = Chunking(0.025)
    first = one.points("cliff")
    assert after(one, clock, 0.0125) == 2 * first
    assert after(one, clock, 0.050) == first
    assert after(one, clock, 0.025) == first


def test_points_at_most_double(clock: list[float]) -> None:
    one = Chunking(0.025)
    assert after(one, clock, 1e-9) == 2 * one.points("other")


def test_points_have_bounds(clock: list[float]) -> None:
    one = Chunking(0.025)
    assert after(one, clock, 1e6) == SMALLEST
    for _ in range(40):
        after(one, clock, 0.0)
    assert one.points("cliff") == LARGEST


def test_subjects_are_independent(clock: list[float]) -> None:
    one = Chunking(0.025)
    before = one.points("meadow")
    after(one, clock, 1.0)
    assert one.points("meadow") == before
