"""Contour lines: closed around a peak, and where a plane crosses its level."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests import node

PROGRAM = """
import { contourSegments } from "./js/views/map/contour_lines.js";
const [grid, level] = JSON.parse(process.argv[2]);
console.log(JSON.stringify(contourSegments(grid.values, grid, level)));
"""


def segments(scripts: Path, rows: list[list[float]], level: float) -> list[list[float]]:
    """The segments of a level on a grid."""
    (scripts / "contours.mjs").write_text(PROGRAM, encoding="utf-8")
    grid = {"values": [value for row in rows for value in row], "columns": len(rows[0]), "rows": len(rows)}
    command = [node.executable(), str(scripts / "contours.mjs"), json.dumps([grid, level])]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    found: list[list[float]] = json.loads(answer.stdout)
    return found


def test_a_plane_has_a_straight_line(scripts: Path) -> None:
    found = segments(scripts, [[0, 1, 2], [0, 1, 2], [0, 1, 2]], 0.25)
    assert sorted(map(sorted_ends, found)) == [((0.25, 0), (0.25, 1)), ((0.25, 1), (0.25, 2))]


def test_a_peak_has_a_closed_line(scripts: Path) -> None:
    found = segments(scripts, [[0, 0, 0], [0, 1, 0], [0, 0, 0]], 0.5)
    ends = [end for segment in found for end in sorted_ends(segment)]
    assert sorted(set(ends)) == [(0.5, 1), (1, 0.5), (1, 1.5), (1.5, 1)]
    assert all(ends.count(end) == 2 for end in ends)


@pytest.mark.parametrize("level", [-1, 2])
def test_a_level_outside_the_values_has_no_line(scripts: Path, level: float) -> None:
    assert segments(scripts, [[0, 1], [1, 0]], level) == []


def test_a_saddle_has_two_lines(scripts: Path) -> None:
    assert len(segments(scripts, [[0, 1], [1, 0]], 0.5)) == 2


def sorted_ends(segment: list[float]) -> tuple[Any, Any]:
    """The ends of a segment, in order."""
    first, second = sorted([tuple(segment[:2]), tuple(segment[2:])])
    return first, second
