"""What the caption of the map says of the minima that are in its window."""

import json
import subprocess
from pathlib import Path

from tests import node

PROGRAM = """
import { minimaWords } from "./js/views/map/minima.js";
const surface = { window: [-2, 2, -1, 1], valley: false, minima: [], local_minima: [] };
const cases = JSON.parse(process.argv[2]);
console.log(JSON.stringify(cases.map((one) => minimaWords({ ...surface, ...one }))));
"""
CASES = [
    ({}, ""),
    ({"minima": [0, 0]}, "Cross: minimum."),
    ({"minima": [0, 0, 5, 0]}, "Cross: minimum."),
    ({"minima": [0, 0], "local_minima": [1, 0]}, "Cross: minimum; small: local."),
    ({"local_minima": [1, 0, -1, 0]}, "Small crosses: local minima."),
    ({"minima": [0, 0, 1, 0], "valley": True}, "Dotted: minima."),
    ({"searched": False}, "Minima were not searched for: the loss takes too many operations."),
]


def test_the_caption_names_what_is_in_the_window(scripts: Path) -> None:
    (scripts / "program.js").write_text(PROGRAM, encoding="utf-8")
    command = [node.executable(), str(scripts / "program.js"), json.dumps([case for case, _ in CASES])]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout) == [words for _, words in CASES]


VALLEY = """
import { drawMinima } from "./js/views/map/minima.js";
globalThis.document = { documentElement: {}, body: {} };
globalThis.getComputedStyle = () => ({ fontSize: "16px", fontFamily: "x", getPropertyValue: (name) => name });
const calls = [];
const context = new Proxy({}, {
  get: (target, name) => target[name] ?? ((...given) => { calls.push([name, ...given]); }),
  set: (target, name, value) => ((target[name] = value), true),
});
const box = { left: 48, top: 10, width: 400, height: 300 };
const minima = JSON.parse(process.argv[2]);
drawMinima(context, { minima, local_minima: [] }, { place: (x, y) => [x, y], box, valley: true });
console.log(JSON.stringify(calls.filter(([name]) => name === "moveTo" || name === "lineTo")));
"""


def test_a_valley_is_drawn_where_the_window_is(scripts: Path) -> None:
    """It comes from far away, crosses the window in two segments, leaves it, and crosses it again."""
    (scripts / "valley.js").write_text(VALLEY, encoding="utf-8")
    minima = [-1e6, 160, 200, 160, 1e6, 160, 1e6, 5000, 100, 5000, 100, -5000]
    command = [node.executable(), str(scripts / "valley.js"), json.dumps(minima)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    rounded = [[name, round(x), round(y)] for name, x, y in json.loads(answer.stdout)]
    assert rounded == [
        ["moveTo", 43, 160],
        ["lineTo", 200, 160],
        ["lineTo", 453, 160],
        ["moveTo", 100, 315],
        ["lineTo", 100, 5],
    ]
