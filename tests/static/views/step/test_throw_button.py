"""Of several throws, the first one is shown."""

import json
import subprocess
from pathlib import Path

from tests import node

PROGRAM = """
import { firstThrow } from "./js/views/step/throw_button.js";
const cases = [[], [[false, 3]], [[true, 0]], [[false, 3], [true, 9]], [[true, 7], [true, 5]]];
const runs = (one) => one.map(([thrown, thrown_step]) => ({ summary: { thrown, thrown_step } }));
console.log(JSON.stringify(cases.map((one) => firstThrow(runs(one)) ?? null)));
"""


def test_the_first_throw_of_the_runs(scripts: Path) -> None:
    (scripts / "program.js").write_text(PROGRAM, encoding="utf-8")
    command = [node.executable(), str(scripts / "program.js")]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout) == [None, None, 0, 9, 5]
