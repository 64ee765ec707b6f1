"""The table of claims: its tests, landscapes and presets exist, and the README leads to it.

Its facts are tested in tests/test_bundled_lessons.py, with those of the lessons: they share runs.
"""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from cliffscape.app.scene.schema import SURFACES

ROOT = Path(__file__).parent.parent
TABLE = (ROOT / "docs" / "claims.md").read_text(encoding="utf-8")
LINES = [line for line in TABLE.splitlines() if re.match(r"\| \d", line)]
ROWS = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in LINES]
PRESETS = {entry.label: {preset.name for preset in entry.presets} for entry in SURFACES}


@cache
def functions(path: Path) -> set[str]:
    """Names of a file's functions."""
    return {node.name for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)}


def test_all_claims_have_a_row() -> None:
    assert [int(row[0]) for row in ROWS] == list(range(1, 18))
    assert all(len(row) == 5 and all(row) for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_the_tests_named_exist(row: list[str]) -> None:
    named = re.findall(r"\[`(test_\w+)`\]\(\.\./(tests/\S+?\.py)\)", row[4])
    assert named and len(named) == row[4].count("[")
    for test, path in named:
        assert test in functions(ROOT / path), f"{path} has no {test}"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_the_scenes_named_exist(row: list[str]) -> None:
    """Landscapes by their labels, each with its presets in italics behind it."""
    for scene in row[2].split("; "):
        label = re.split(r":| \(", scene)[0]
        assert set(re.findall(r"\*(.+?)\*", scene)) <= PRESETS[label]


def test_the_readme_leads_to_the_table() -> None:
    assert "(docs/claims.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
