"""Ticks: labels have a typographic minus, and there are none where the labels of two axes would meet."""

import json
import subprocess
from pathlib import Path

import pytest

from tests import node

PROGRAM = """
import { awayFromEnds, labelledTicks } from "./js/views/canvas/ticks.js";
const [low, high] = JSON.parse(process.argv[2]);
console.log(JSON.stringify(awayFromEnds(labelledTicks("b", low, high, 5).ticks, low, high).map(({ label }) => label)));
"""


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (-3, -1.3, ["−2.5", "−2", "−1.5"]),
        (3.5, 5.7, ["4", "4.5", "5", "5.5"]),
        (-2, 2, ["−1", "0", "1"]),
        (0, 3, ["1", "2"]),
    ],
)
def test_a_reliefs_ticks_keep_away_from_its_corners(low: float, high: float, labels: list[str], scripts: Path) -> None:
    (scripts / "ticks.js").write_text(PROGRAM, encoding="utf-8")
    command = [node.executable(), str(scripts / "ticks.js"), json.dumps([low, high])]
    assert json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout) == labels
