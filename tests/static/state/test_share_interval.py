"""Intervals of shares: the page and the server compute the same ones."""

import json
import subprocess
from pathlib import Path

from cliffscape.landscapes.analysis.share_interval import CONFIDENCE, wilson_interval
from tests import node

PROGRAM = """
import { intervalText, wilsonInterval } from "./js/state/runs/share_interval.js";
const cases = JSON.parse(process.argv[2]);
console.log(JSON.stringify({ ends: cases.map((one) => wilsonInterval(...one)), text: intervalText(0.8, 10) }));
"""


def test_the_page_computes_the_same_interval(scripts: Path) -> None:
    cases = [(solved / count, count) for count in (1, 3, 8, 10, 64, 4225) for solved in {0, 1, count // 2, count}]
    (scripts / "program.js").write_text(PROGRAM, encoding="utf-8")
    command = [node.executable(), str(scripts / "program.js"), json.dumps(cases)]
    found = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
    assert [tuple(ends) for ends in found["ends"]] == [wilson_interval(*one) for one in cases]
    assert found["text"] == f"{100 * CONFIDENCE:g} % interval 49 % to 94 %"
