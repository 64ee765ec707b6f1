"""Contours: through fewer points than the picture has, and left out where they would be too close to each other."""

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests import node

PROGRAM = """
import { tooCrowded } from "./js/views/map/contours.js";
const [waves, cells] = JSON.parse(process.argv[2]);
const place = (k) => (k % cells) / (cells - 1);
const shareAt = (k) => 0.5 - 0.5 * Math.cos(2 * Math.PI * waves * place(k));
const shares = Float64Array.from({ length: cells * cells }, (_, k) => shareAt(k));
console.log(tooCrowded(shares, { rows: cells, columns: cells }));
"""
THINNED = """
import { filledRows } from "./js/views/map/contours.js";
const [columns, rows, stride] = JSON.parse(process.argv[2]);
const shares = Float64Array.from({ length: columns * rows }, (_, k) => k);
console.log(JSON.stringify(filledRows(shares, { columns, rows }, stride).map((row) => [...row])));
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
    assert answer_of(scripts, THINNED, [columns, rows, stride]) == grid.tolist()
    assert grid[-1, -1] == columns * rows - 1


@pytest.mark.parametrize(("waves", "crowded"), [(0, False), (1, False), (10, False), (55, True), (63, True)])
def test_contours_are_left_out_where_hills_are_as_narrow_as_the_cells(scripts: Path, waves: int, crowded: bool) -> None:
    """Ten hills in 129 cells can be told apart; 55 are little more than two cells wide."""
    assert answer_of(scripts, PROGRAM, [waves, 129]) is crowded
