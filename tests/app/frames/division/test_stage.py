"""Stages: parts in order, previews, and into how many parts work is divided."""

from collections.abc import Generator
from functools import partial
from typing import Any

import pytest

from cliffscape.app.compute.encoding import Frame
from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames.division.stage import (
    Actors,
    Division,
    Stage,
    StagePart,
    compute_alone,
    count_parts,
    share_parts,
    split,
)
from tests.app.frames.division.scattered import compute_scattered
from tests.app.frames.test_network import run_frame, workspace


def double(number: int, using: Workspace) -> Generator[Any, None, int]:
    """A part: a chunk without a preview, one that the stage shows, and one that is a frame already."""
    yield None
    yield number
    yield Frame("progress", "slice")
    return 2 * number


def doubled(numbers: list[int]) -> Division:
    """Two stages, the second with the results of the first."""
    show = lambda number, value: Frame("shown", f"{number} {value}") if value % 2 else None  # noqa: E731
    once = yield Stage([StagePart(partial(double, number)) for number in numbers], show)
    twice = yield Stage([StagePart(partial(double, number)) for number in once])
    return Frame("sum", "", {"sum": sum(twice), "order": twice})


def test_a_process_computes_all_parts_in_order() -> None:
    early, frame = run_frame(compute_alone(doubled([3, 4, 5]), workspace()))
    assert frame.fields == {"sum": 48, "order": [12, 16, 20]}
    assert [one.key for one in early] == ["0 3", "slice", "slice", "2 5", "slice", "slice", "slice", "slice"]


@pytest.mark.parametrize("seed", range(3))
def test_results_have_the_order_of_the_parts_whatever_the_order_of_their_ends(seed: int) -> None:
    found = compute_scattered(doubled([3, 4, 5, 6]), workspace, 2, seed)
    assert found.frame.fields["order"] == [12, 16, 20, 24]
    assert found.parts == [4, 4]


def test_ranges_are_about_equal_and_begin_at_units() -> None:
    assert split(10, 3) == [(0, 3), (3, 6), (6, 10)]
    assert split(100, 3, 32) == [(0, 32), (32, 64), (64, 100)]
    assert split(3, 8) == [(0, 1), (1, 2), (2, 3)]
    assert split(0, 4) == [(0, 0)]
    for count, parts, unit in ((1000, 7, 32), (33, 2, 32), (8192, 5, 8192)):
        bounds = split(count, parts, unit)
        assert bounds[0][0] == 0 and bounds[-1][1] == count
        assert all(first % unit == 0 and first < last for first, last in bounds)
        assert [last for _, last in bounds[:-1]] == [first for first, _ in bounds[1:]]


def test_only_work_that_is_long_enough_is_divided() -> None:
    assert count_parts(100.0, Actors(1)) == 1
    assert [count_parts(seconds, Actors(2)) for seconds in (0.1, 0.39, 0.41, 1.0, 4.0, 1000.0)] == [1, 1, 4, 4, 16, 32]
    assert count_parts(1000.0, Actors(8)) == 128
    # With many actors, no part is shorter than its messages.
    assert count_parts(0.5, Actors(16)) == 25


def test_pieces_of_work_have_parts_in_proportion_to_their_time() -> None:
    assert share_parts([0.3, 0.04], Actors(2)) == [1, 1]
    assert share_parts([0.4, 0.04], Actors(2)) == [4, 2]
    assert share_parts([0.7, 0.01], Actors(2)) == [4, 1]
    assert share_parts([3.0, 1.0], Actors(2)) == [12, 4]
    assert share_parts([0.0, 0.0], Actors(2)) == [1, 1]
