"""Numbers as text: the typographic minus everywhere, and no text of a number that is written past the formatter."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests import node
from tests.source.files import SCRIPTS, short_path

PROGRAM = """
import * as numbers from "./js/state/numbers.js";
const [name, given] = JSON.parse(process.argv[2]);
console.log(JSON.stringify(numbers[name](...given)));
"""


def format_with(scripts: Path, name: str, *given: Any) -> str:
    """What a function of state/numbers.js returns."""
    (scripts / "numbers.js").write_text(PROGRAM, encoding="utf-8")
    command = [node.executable(), str(scripts / "numbers.js"), json.dumps([name, given])]
    found: str = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
    return found


@pytest.mark.parametrize(
    ("name", "given", "text"),
    [
        ("formatShare", [9.15e-120, 3], "9.15e−118 %"),
        ("formatShare", [0.12345, 3], "12.3 %"),
        ("formatShare", [0.12345, 2], "12 %"),
        ("formatShare", [1e-9, 2], "1.0e−7 %"),
        ("formatShare", [0, 3], "0 %"),
        ("formatNumber", [-1.5e-7], "−1.50e−7"),
        ("formatAngle", [-51.04], "−51.0°"),
        ("withMinus", ["-1e-7"], "−1e−7"),
        ("inputText", [-1.23456789, 4], "-1.235"),
    ],
)
def test_numbers_have_the_typographic_minus(name: str, given: list[Any], text: str, scripts: Path) -> None:
    assert format_with(scripts, name, *given) == text


# Text of a number that has not been through the formatter; a rounded number that stays a number is allowed.
PAST_THE_FORMATTER = re.compile(
    r"""(?:String\(|\$\{)Number\(.*\.toPrecision|\.toFixed\(|\.toExponential\(|\.replace(?:All)?\("-", "−"\)"""
)


@pytest.mark.parametrize("path", [path for path in SCRIPTS if path.name != "numbers.js"], ids=short_path)
def test_no_text_of_a_number_is_written_past_the_formatter(path: Path) -> None:
    lines = [line for line in path.read_text("utf-8").splitlines() if PAST_THE_FORMATTER.search(line)]
    assert lines == []
