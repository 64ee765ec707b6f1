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
