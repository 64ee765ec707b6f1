"""The table of claims: its tests, landscapes and presets exist, its numbers are theirs, the README leads to it."""

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


def numbers(text: str) -> set[float]:
    """Numbers of a text, without their signs."""
    plain = re.sub(r"(?<=\d)[,_](?=\d{3})", "", text)
    return {float(found) for found in re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?:e-?\d+)?", plain)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_every_number_stands_in_the_files_of_the_tests_named(row: list[str]) -> None:
    """As it is, or as a share instead of a percentage. Whether a test checks it is up to its author."""
    paths = set(re.findall(r"\(\.\./(tests/\S+?\.py)\)", row[4]))
    known = set[float]().union(*(numbers((ROOT / path).read_text(encoding="utf-8")) for path in paths))
    shares = {float(f"{100 * number:.10g}") for number in known}
    assert numbers(row[3]) - known - shares == set()


def test_the_readme_leads_to_the_table() -> None:
    assert "(docs/claims.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
