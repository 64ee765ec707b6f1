"""The progress of a network's picture in words."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests import node

PROGRAM = """
import { progressText } from "./js/views/network/progress.js";
console.log(progressText(JSON.parse(process.argv[2])));
"""


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        ({"columns": 0, "share": None}, "Computing the slice"),
        ({"columns": 0, "share": 0.5}, "Training for the slice"),
        ({"columns": 129, "share": 0.5}, "Computing the surface"),
        (
            {"columns": 129, "share": 0.5, "seconds": 17},
            "Computing the surface: 129 × 129 points take about 17 seconds",
        ),
        (
            {"columns": 129, "share": 0.5, "seconds": 240},
            "Computing the surface: 129 × 129 points take about 4 minutes",
        ),
    ],
)
def test_the_words_say_what_is_computed_and_how_long_it_takes(
    scripts: Path, progress: dict[str, Any], words: str
) -> None:
    (scripts / "progress.js").write_text(PROGRAM, encoding="utf-8")
    command = [node.executable(), str(scripts / "progress.js"), json.dumps({"progress": progress})]
    assert subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.strip() == words
