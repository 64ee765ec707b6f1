"""Contour lines: the segments of plain marching squares, joined; closed, or from edge to edge of the grid."""

import json
import math
import subprocess
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from tests import node

PROGRAM = """
import { readFileSync } from "node:fs";
import { drawContourLines } from "./js/views/map/contour_lines.js";
const linesOf = ({ values, columns, rows, count }) => {
  const lines = [];
  drawContourLines({ values, columns, rows }, count, {
    moveTo: (x, y) => lines.push([[x, y]]),
    lineTo: (x, y) => lines.at(-1).push([x, y]),
  });
  return lines;
};
console.log(JSON.stringify(JSON.parse(readFileSync(process.argv[2], "utf8")).map(linesOf)));
"""
Point = tuple[float, ...]
Segment = tuple[Point, ...]


class Line(NamedTuple):
    """A line through points, in cells of the grid."""

    points: list[Point]

    @property
    def closed(self) -> bool:
        """Whether it ends where it starts."""
        return self.points[0] == self.points[-1]

    @property
    def segments(self) -> list[Segment]:
        """Its segments, each with its ends in order."""
        return [rounded(segment) for segment in pairwise(self.points)]


def rounded(segment: Sequence[Sequence[float]]) -> Segment:
    """A segment with its ends in order, without rounding errors."""
    return tuple(sorted(tuple(round(place, 9) for place in end) for end in segment))


def contour_lines(scripts: Path, grids: Sequence[np.ndarray], count: int) -> list[list[Line]]:
    """The lines of the levels 1 to ``count`` on grids, whose first row is the lowest."""
    (scripts / "lines.mjs").write_text(PROGRAM, encoding="utf-8")
    given = [
        {"values": grid.ravel().tolist(), "columns": grid.shape[1], "rows": grid.shape[0], "count": count}
        for grid in grids
    ]
    (scripts / "grids.json").write_text(json.dumps(given), encoding="utf-8")
    command = [node.executable(), str(scripts / "lines.mjs"), str(scripts / "grids.json")]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    found: list[list[list[list[float]]]] = json.loads(answer.stdout)
    return [[Line([tuple(point) for point in line]) for line in lines] for lines in found]


def lines_of(scripts: Path, rows: list[list[float]], count: int = 1) -> list[Line]:
    """The lines on one grid."""
    [found] = contour_lines(scripts, [np.array(rows, dtype=float)], count)
    return found


def marching_squares(grid: np.ndarray, level: float) -> list[Segment]:
    """The segments of a level, cell by cell."""
    found = []
    for row, column in np.ndindex(grid.shape[0] - 1, grid.shape[1] - 1):
        corners = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)]
        values = [float(grid[y, x]) for x, y in corners]
        above = [value >= level for value in values]
        points = {
            edge: crossing(corners[edge], corners[(edge + 1) % 4], values[edge], values[(edge + 1) % 4], level)
            for edge in range(4)
            if above[edge] != above[(edge + 1) % 4]
        }
        if len(points) == 4:
            middle = sum(values) / 4 >= level
            cut_off = [corner for corner in range(4) if above[corner] != middle]
            found += [rounded([points[(corner + 3) % 4], points[corner]]) for corner in cut_off]
        elif points:
            found.append(rounded(list(points.values())))
    return found


def crossing(one: Sequence[int], other: Sequence[int], low: float, high: float, level: float) -> tuple[float, ...]:
    """Where the level lies between two corners."""
    share = (level - low) / (high - low)
    return tuple(a + share * (b - a) for a, b in zip(one, other, strict=True))


@pytest.fixture(scope="module")
def noise() -> list[np.ndarray]:
    """Random grids of several sizes, every second one with values on the levels."""
    random = np.random.default_rng(0)
    sizes = [(2, 2), (2, 9), (9, 2), (3, 3), (12, 17), (33, 20)]
    grids = [random.uniform(-1, 6, size) for size in sizes for _ in range(4)]
    return [np.round(grid) if k % 2 else grid for k, grid in enumerate(grids)]


def test_the_segments_are_those_of_plain_marching_squares(scripts: Path, noise: list[np.ndarray]) -> None:
    for grid, lines in zip(noise, contour_lines(scripts, noise, 4), strict=True):
        expected = [segment for level in range(1, 5) for segment in marching_squares(grid, level)]
        assert sorted(segment for line in lines for segment in line.segments) == sorted(expected)


def test_lines_are_closed_or_begin_and_end_at_the_edge(scripts: Path, noise: list[np.ndarray]) -> None:
    for grid, lines in zip(noise, contour_lines(scripts, noise, 4), strict=True):
        top, right = grid.shape[0] - 1, grid.shape[1] - 1
        ends = [end for line in lines if not line.closed for end in (line.points[0], line.points[-1])]
        assert all(x in (0, right) or y in (0, top) for x, y in ends)


def test_the_line_of_a_circle_lies_on_it(scripts: Path) -> None:
    place = np.linspace(-2, 2, 81)
    radii = np.hypot(place[:, None], place)
    [line] = contour_lines(scripts, [radii], 1)[0]
    assert line.closed
    # Straight lines between points of the grid are off by an eighth of the squared distance, times the curvature.
    step = place[1] - place[0]
    assert [math.hypot(x * step - 2, y * step - 2) for x, y in line.points] == pytest.approx(
        [1.0] * len(line.points), abs=step**2 / 8
    )
    # One after another, around the circle once.
    angles = np.unwrap([math.atan2(y - 40, x - 40) for x, y in line.points])
    assert abs(angles[-1] - angles[0]) == pytest.approx(2 * math.pi, abs=0.1)
    assert len({math.copysign(1, turn) for turn in np.diff(angles) if abs(turn) > 1e-9}) == 1


def test_a_plane_has_a_straight_line(scripts: Path) -> None:
    [line] = lines_of(scripts, [[0, 4, 8], [0, 4, 8], [0, 4, 8]])
    assert not line.closed
    assert sorted(line.points) == [(0.25, 0), (0.25, 1), (0.25, 2)]


def test_a_peak_has_a_closed_line(scripts: Path) -> None:
    [line] = lines_of(scripts, [[0, 0, 0], [0, 2, 0], [0, 0, 0]])
    assert line.closed
    assert sorted(line.points[1:]) == [(0.5, 1), (1, 0.5), (1, 1.5), (1.5, 1)]


@pytest.mark.parametrize("height", [0.5, -3.0])
def test_values_between_levels_have_no_line(scripts: Path, height: float) -> None:
    assert lines_of(scripts, [[0, height], [height, 0]]) == []


@pytest.mark.parametrize("high", [1.5, 4.0])
def test_the_mean_of_a_saddle_decides_which_corners_are_connected(scripts: Path, high: float) -> None:
    """The two high corners are connected if the mean is above the level."""
    lines = lines_of(scripts, [[0, high], [high, 0]])
    cut_off = [(1, 0), (0, 1)] if high == 1.5 else [(0, 0), (1, 1)]
    for line in lines:
        middle = np.mean(line.points, axis=0)
        nearest = min([(0, 0), (1, 0), (0, 1), (1, 1)], key=lambda corner: math.dist(corner, middle))
        assert nearest in cut_off
        cut_off.remove(nearest)
    assert cut_off == []
