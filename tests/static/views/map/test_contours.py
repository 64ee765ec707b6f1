"""Contours: one path through fewer points than the picture has, and none where lines would be too close together."""

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests import node

PROGRAM = """
import { contourValues, tooCrowded } from "./js/views/map/contours.js";
const [waves, cells] = JSON.parse(process.argv[2]);
const place = (k) => (k % cells) / (cells - 1);
const shareAt = (k) => 0.5 - 0.5 * Math.cos(2 * Math.PI * waves * place(k));
const shares = Float64Array.from({ length: cells * cells }, (_, k) => shareAt(k));
console.log(tooCrowded(contourValues(shares), { rows: cells, columns: cells }));
"""
THINNED = """
import { thinnedGrid } from "./js/views/map/contours.js";
const [columns, rows, stride] = JSON.parse(process.argv[2]);
const values = Float64Array.from({ length: columns * rows }, (_, k) => k);
const grid = thinnedGrid(values, { columns, rows }, stride);
console.log(JSON.stringify({ ...grid, values: [...grid.values] }));
"""
# Shares that rise to the right, with NaN and both infinities, drawn in a box by a context that records its calls.
DRAWN = """
import { drawContours } from "./js/views/map/contours.js";
globalThis.document = { documentElement: {}, body: {} };
globalThis.getComputedStyle = () => ({ fontSize: "16px", fontFamily: "x", getPropertyValue: (name) => name });
const [cells, width, height] = JSON.parse(process.argv[2]);
const shares = Float64Array.from({ length: cells * cells }, (_, k) => ((k % cells) + 0.5) / cells);
shares[0] = NaN;
shares[2 * cells + 2] = Infinity;
shares[4 * cells] = -Infinity;
const calls = [];
const context = new Proxy({}, {
  get: (target, name) => target[name] ?? ((...given) => { calls.push([name, ...given]); }),
  set: (target, name, value) => ((target[name] = value), true),
});
const box = { left: 10, top: 20, width, height };
const drawn = drawContours(context, { columns: cells, rows: cells }, shares, box);
console.log(JSON.stringify({ drawn, calls }));
"""


def answer_of(scripts: Path, program: str, given: list[int]) -> Any:
    """What a program prints for its numbers."""
    (scripts / "contours.mjs").write_text(program, encoding="utf-8")
    command = [node.executable(), str(scripts / "contours.mjs"), json.dumps(given)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


@pytest.mark.parametrize(("columns", "rows", "stride"), [(5, 7, 1), (5, 7, 2), (9, 5, 4)])
def test_lines_go_through_every_point_of_a_stride_and_the_edges(
    scripts: Path, columns: int, rows: int, stride: int
) -> None:
    grid = np.arange(columns * rows).reshape(rows, columns)[::stride, ::stride]
    found = answer_of(scripts, THINNED, [columns, rows, stride])
    assert np.reshape(found["values"], (found["rows"], found["columns"])).tolist() == grid.tolist()
    assert grid[-1, -1] == columns * rows - 1


@pytest.mark.parametrize(("waves", "crowded"), [(0, False), (1, False), (10, False), (55, True), (63, True)])
def test_contours_are_left_out_where_hills_are_as_narrow_as_the_cells(scripts: Path, waves: int, crowded: bool) -> None:
    """Ten hills in 129 cells can be told apart; 55 are little more than two cells wide."""
    assert answer_of(scripts, PROGRAM, [waves, 129]) is crowded


@pytest.mark.parametrize(("cells", "size", "apart"), [(9, 400, 50), (65, 32, 2)])
def test_lines_are_one_path_in_the_box_also_at_walls(scripts: Path, cells: int, size: int, apart: float) -> None:
    """Points are at least as far apart as the lines of the grid, or two pixels where those are closer."""
    found = answer_of(scripts, DRAWN, [cells, size, size])
    assert found["drawn"]
    calls = found["calls"]
    assert [name for name, *_ in calls if name in ("beginPath", "stroke")] == ["beginPath", "stroke"]
    points = np.array([given for name, *given in calls if name in ("moveTo", "lineTo")], dtype=float)
    assert np.isfinite(points).all()
    assert (points >= [10, 20]).all() and (points <= [10 + size, 20 + size]).all()
    # Far from the walls each line is vertical, and crosses all lines of the grid.
    heights = np.unique(points[points[:, 0] > 10 + size / 2, 1])
    assert np.diff(heights).min() == pytest.approx(apart)
    assert [heights[0], heights[-1]] == [20, 20 + size]


def test_lines_lie_at_the_foot_of_walls(scripts: Path) -> None:
    found = answer_of(scripts, DRAWN, [9, 800, 800])
    points = [tuple(given) for name, *given in found["calls"] if name in ("moveTo", "lineTo")]
    # The wall is at (2, 2) of the grid, whose points are a hundred pixels apart.
    around = [(x, y) for x, y in points if abs(x - 210) + abs(y - 620) < 110 and (x == 210 or y == 620)]
    assert len(around) >= 8
    assert all(abs(x - 210) + abs(y - 620) > 99 for x, y in around)
