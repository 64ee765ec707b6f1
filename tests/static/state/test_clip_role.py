"""What the threshold does in a run, in a sentence: a safety net, or a limit of most steps."""

import json
import subprocess
from pathlib import Path

import pytest

from tests import node

PROGRAM = """
import { clipRole } from "./js/state/runs/clip_role.js";
console.log(clipRole(JSON.parse(process.argv[2])));
"""


@pytest.mark.parametrize(
    ("clipped", "taken", "words"),
    [
        (0, 60, "The threshold is a safety net: under 5 % of the steps are clipped."),
        (4, 100, "The threshold is a safety net: under 5 % of the steps are clipped."),
        (5, 100, "The threshold is more than a safety net: between 5 % and half of the steps are clipped."),
        (50, 100, "The threshold is more than a safety net: between 5 % and half of the steps are clipped."),
        (51, 100, "The threshold limits the step: over half of the steps are clipped."),
        (3, 4, "The threshold limits the step: over half of the steps are clipped."),
        (0, 0, ""),
    ],
)
def test_the_role_of_the_threshold(scripts: Path, clipped: int, taken: int, words: str) -> None:
    summary = {"clipped_steps": clipped, "taken_steps": taken}
    (scripts / "program.js").write_text(PROGRAM, encoding="utf-8")
    command = [node.executable(), str(scripts / "program.js"), json.dumps(summary)]
    assert subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.strip() == words
