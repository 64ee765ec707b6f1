"""Contours: left out where they would be too close to each other."""

import json
import subprocess
from pathlib import Path

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


@pytest.mark.parametrize(("waves", "crowded"), [(0, False), (1, False), (10, False), (55, True), (63, True)])
def test_contours_are_left_out_where_hills_are_as_narrow_as_the_cells(scripts: Path, waves: int, crowded: bool) -> None:
    """Ten hills in 129 cells can be told apart; 55 are little more than two cells wide."""
    (scripts / "crowded.mjs").write_text(PROGRAM, encoding="utf-8")
    command = [node.executable(), str(scripts / "crowded.mjs"), json.dumps([waves, 129])]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout) is crowded
