"""Paths: a run that ends outside the window says so where it has left it, unless its throw is labelled there."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests import node

PROGRAM = """
import { drawPaths } from "./js/views/paths/path.js";
const [{ x, throwAt, step, gap }] = JSON.parse(process.argv[2]);
const said = [];
const context = new Proxy({}, {
  get: (target, name) => target[name] ?? ((...given) => {
    if (name === "fillText") said.push(given[0]);
    return { width: 80 };
  }),
  set: (target, name, value) => ((target[name] = value), true),
});
const zeros = x.map(() => 0);
const trajectory = { x: Float64Array.from(x), y: Float64Array.from(zeros), loss: Float64Array.from(zeros) };
const thrown = { thrown: throwAt !== null, thrown_step: throwAt ?? 0, thrown_length: 5 };
drawPaths(context, {
  runs: [{ run: "with", trajectory, summary: { ...thrown, ...gap, last: x.length - 1, nonfinite_step: -1 } }],
  styles: { with: { fill: "#000", casing: "#fff", dash: [], scale: 1, size: 13, font: "x" } },
  place: (px, py) => [100 * px, 100 + 100 * py],
  placedBy: [],
  step,
  window: [0, 3, -1, 1],
  box: { left: 0, top: 0, width: 300, height: 200, taken: [] },
});
console.log(JSON.stringify(said));
"""
OUTSIDE = [1, 2, 4]
# Positions along x in a window from 0 to 3, the step that throws, the step that is shown, and the labels.
CASES: list[tuple[list[int], int | None, int, list[str]]] = [
    (OUTSIDE, None, 2, ["ends outside"]),
    (OUTSIDE, None, 1, []),
    (OUTSIDE, 1, 2, ["thrown 5 units"]),
    ([1, 4, 2], None, 2, []),
    ([1, 2, 1], None, 2, []),
    ([1, 4, 2, 5], 0, 3, ["thrown 5 units", "ends outside"]),
]


def labels(scripts: Path, **given: Any) -> Any:
    """The labels of a run."""
    (scripts / "program.js").write_text(PROGRAM, encoding="utf-8")
    command = [node.executable(), str(scripts / "program.js"), json.dumps([given])]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


@pytest.mark.parametrize(("x", "thrown", "step", "expected"), CASES)
def test_labels_say_where_a_run_has_gone(
    scripts: Path, x: list[int], thrown: int | None, step: int, expected: list[str]
) -> None:
    assert labels(scripts, x=x, throwAt=thrown, step=step) == expected


@pytest.mark.parametrize(
    ("rows", "last", "expected"),
    [
        (1, 2, "Inf or NaN at step 2"),
        (3, 4, "Inf or NaN at steps 2 to 4"),
        # Two gaps, of a step each.
        (2, 4, "Inf or NaN at 2 of the steps 2 to 4"),
    ],
)
def test_the_label_of_a_gap_says_how_many_steps_it_has(scripts: Path, rows: int, last: int, expected: str) -> None:
    gap = {"gap_rows": rows, "gap_first": 2, "gap_last": last}
    assert labels(scripts, x=[1, 2, 1, 2, 1, 2], throwAt=None, step=5, gap=gap) == [expected]
    assert labels(scripts, x=[1, 2, 1, 2, 1, 2], throwAt=None, step=1, gap=gap) == []
