"""Paths: a run that ends outside the window says so where it has left it, unless its throw is labelled there."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests import node

PROGRAM = """
import { drawPath } from "./js/views/paths/path.js";
const [{ x, throwAt, step }] = JSON.parse(process.argv[2]);
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
drawPath(context, {
  trajectory,
  summary: { ...thrown, last: x.length - 1, nonfinite_step: -1 },
  style: { fill: "#000", casing: "#fff", dash: [], scale: 1, size: 13, font: "x" },
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


@pytest.mark.parametrize(("x", "thrown", "step", "expected"), CASES)
def test_labels_say_where_a_run_has_gone(
    scripts: Path, x: list[int], thrown: int | None, step: int, expected: list[str]
) -> None:
    (scripts / "program.js").write_text(PROGRAM, encoding="utf-8")
    given: Any = json.dumps([{"x": x, "throwAt": thrown, "step": step}])
    command = [node.executable(), str(scripts / "program.js"), given]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout) == expected
