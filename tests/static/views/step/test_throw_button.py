"""The button leads to the next throw, and says whose it is."""

import json
import subprocess
from pathlib import Path

from tests import node

PROGRAM = """
import { nextThrow } from "./js/views/step/throw_button.js";
const both = (without, after) => [["without", without], ["with", after]];
const cases = [
  [[], 0], [both(null, null), 60], [both(4, null), 60], [both(null, 9), 60], [both(7, 5), 60], [both(7, 5), 0],
  [both(7, 5), 5], [both(7, 5), 5.5], [both(7, 5), 7], [both(13, 13), 60],
];
const runsOf = (thrown) =>
  thrown.map(([run, step]) => ({ run, summary: { thrown: step !== null, thrown_step: step ?? 3 } }));
console.log(JSON.stringify(cases.map(([thrown, step]) => nextThrow(runsOf(thrown), step) ?? null)));
"""


def test_the_next_throw_of_the_runs(scripts: Path) -> None:
    (scripts / "program.js").write_text(PROGRAM, encoding="utf-8")
    command = [node.executable(), str(scripts / "program.js")]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    found = [one and (one["step"], *one["runs"]) for one in json.loads(answer.stdout)]
    # After the last throw, the first one is next.
    five, seven = (5, "with"), (7, "without")
    expected = [None, None, (4, "without"), (9, "with"), five, five, seven, seven, five, (13, "without", "with")]
    assert found == expected
