"""Training curves: the range of the axis if one of several runs diverges."""

import json
import math
import subprocess
from pathlib import Path

import pytest

from tests import node

PROGRAM = """
import { decadeRange } from "./js/views/network/training_curves.js";
const numbers = (row) => ({ values: Float32Array.from(row, Number) });
const [rows, rule] = JSON.parse(process.argv[2]);
console.log(JSON.stringify(decadeRange(rows.map(numbers), rule && { value: rule })));
"""
GENTLE = [0.3, 0.2, 0.165]


def decade_range(scripts: Path, rows: list[list[float]], rule: float | None) -> list[int]:
    """Exponents of the lowest and the highest decade on the axis."""
    (scripts / "decades.js").write_text(PROGRAM, encoding="utf-8")
    given = json.dumps([[[str(value).replace("inf", "Infinity") for value in row] for row in rows], rule])
    command = [node.executable(), str(scripts / "decades.js"), given]
    low, high = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
    return [low, high]


@pytest.mark.parametrize(
    ("rows", "rule", "expected"),
    [
        ([GENTLE], 0.167, [-1, 0]),
        # Both fit on the axis.
        ([GENTLE, [0.3, 1e6, math.inf]], 0.167, [-1, 7]),
        # One diverges: the axis ends three decades above the others.
        ([GENTLE, [0.3, 1e20, 1e38, math.inf]], 0.167, [-1, 3]),
        ([[2e-6, 1e-5, 3e-6], [1.0, 1e30, math.inf]], None, [-6, 3]),
        # A row that is finite up to its end diverges as well.
        ([GENTLE, [0.3, 1e20, 1e187]], 0.167, [-1, 3]),
        # All diverge: then the first losses and the reference line set the range.
        ([[0.3, 1e20, 1e38, math.inf]], 0.167, [-1, 3]),
        # None diverges, so the highest loss is on the axis.
        ([[1e-30, 1e20]], None, [9, 21]),
        ([[math.inf]], None, [-1, 1]),
    ],
)
def test_the_decades_on_the_axis(
    rows: list[list[float]], rule: float | None, expected: list[int], scripts: Path
) -> None:
    assert decade_range(scripts, rows, rule) == expected
