"""Line: paths are cut at the window, and curves keep their highest and lowest values."""

import math

import numpy as np

from cliffscape.app.notebook.line import (
    PIECES,
    POINTS,
    different_pieces,
    path_of_pieces,
    path_of_points,
    pieces_inside,
    spread_rows,
)
from cliffscape.landscapes.loss import Window

WINDOW = Window(0, 4, 0, 2)


def inside(*points: tuple[float, float]) -> list[list[list[float]]]:
    """The pieces of a path inside the window."""
    found: list[list[list[float]]] = pieces_inside(np.array(points), WINDOW).tolist()
    return found


def test_a_path_inside_is_kept_as_it_is() -> None:
    assert inside((1, 1), (2, 1), (2, 2)) == [[[1, 1], [2, 1]], [[2, 1], [2, 2]]]


def test_pieces_end_at_the_edge() -> None:
    assert inside((3, 1), (5, 2)) == [[[3, 1], [4, 1.5]]]
    assert inside((-4, 1), (8, 1)) == [[[0, 1], [4, 1]]]


def test_a_piece_outside_is_left_out() -> None:
    assert inside((5, 0), (9, 2)) == []
    assert inside((-1, 1.5), (1, 4)) == []


def test_a_throw_to_a_huge_number_ends_at_the_edge() -> None:
    assert np.allclose(inside((1, 1), (1e300, 1)), [[[1, 1], [4, 1]]], rtol=1e-15)


def test_pieces_with_inf_or_nan_are_left_out() -> None:
    assert inside((1, 1), (math.inf, 1), (math.nan, 1), (2, 1), (3, 1)) == [[[2, 1], [3, 1]]]


def test_repeated_pieces_and_pieces_without_a_length_are_drawn_once() -> None:
    there, back = [[0.0, 0], [1, 0]], [[1.0, 0], [0, 0]]
    rest = [[1.0, 0], [1.01, 0]]
    assert different_pieces(np.array([there, back, there, back, rest])).tolist() == [there, back]
    many = np.arange(2.0 * (PIECES + 10)).reshape(-1, 1, 2) + np.array([[[0, 0], [5, 0]]])
    assert len(different_pieces(many)) == PIECES


def test_pieces_that_touch_are_one_line() -> None:
    assert path_of_pieces(np.array([[[0.0, 1], [2, 1]], [[2, 1], [2, 3]], [[5, 5], [6, 6]]])) == "M0 1L2 1L2 3M5 5L6 6"


def test_a_curve_has_a_gap_where_it_is_not_finite() -> None:
    assert path_of_points(np.arange(4.0), np.array([1, 2, math.inf, 3])) == "M0.0 1.0L1.0 2.0M3.0 3.0"


def test_a_long_curve_keeps_its_extremes_and_its_ends() -> None:
    values = np.zeros(100_001)
    values[[777, 55_555]] = 1, -1
    rows = spread_rows(values)
    assert len(rows) <= POINTS + 2
    assert {0, 777, 55_555, 100_000} <= {*rows.tolist()}
    assert spread_rows(np.full(50_000, math.nan)).tolist()[0] == 0
