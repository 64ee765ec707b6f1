"""Rooms and their doors: who imports whom, how long files are, and where formulas may stand."""

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PYTHON = [path for room in ("landscapes", "app") for path in sorted((ROOT / room).rglob("*.py"))]
LIBRARY = [path for path in PYTHON if (ROOT / "landscapes") in path.parents]
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))
# Everything the library stands on; the application adds its web framework, which the library never sees.
ALLOWED = {"torch", "numpy", "landscapes"} | sys.stdlib_module_names

# A text without code, and packages that hold nothing.
TESTED_ELSEWHERE = {"sample", "__init__"}


def named(path: Path) -> str:
    """A file's place in the repository."""
    return path.relative_to(ROOT).as_posix()


def imported(path: Path) -> set[str]:
    """Top-level packages that a Python file imports, inside functions too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{named(path)} imports relative to itself; import from the module"
            found.add((node.module or "").split(".")[0])
    return found


def code(path: Path) -> str:
    """A script without its comments."""
    return re.sub(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.S)


def scripts_imported(path: Path) -> set[Path]:
    """Local modules that a script imports, by static or dynamic import with a written-out address."""
    addresses = re.findall(r"(?:from|import)\s*\(?\s*[\"'](\.[^\"']+)[\"']", code(path))
    return {(path.parent / address).resolve() for address in addresses}


def room_of(path: Path) -> str:
    """The folder below static/js that a script stands in, empty for the top."""
    parts = path.relative_to(ROOT / "static" / "js").parts
    return parts[0] if len(parts) > 1 else ""


@pytest.mark.parametrize("path", LIBRARY, ids=named)
def test_landscapes_stand_on_torch_and_numpy_alone(path: Path) -> None:
    assert imported(path) <= ALLOWED


def test_the_library_is_all_of_it() -> None:
    assert {named(path.parent) for path in LIBRARY} == {"landscapes", "landscapes/recurrent"}


def test_the_application_stands_on_the_landscapes() -> None:
    used = {package for path in PYTHON if path.parent.name == "app" for package in imported(path)}
    assert "landscapes" in used
    assert not used & {"tests", "benchmarks"}


def test_there_are_scripts_in_every_room() -> None:
    assert {room_of(path) for path in SCRIPTS} >= {"state", "api", "views"}


@pytest.mark.parametrize("path", SCRIPTS, ids=named)
def test_api_and_views_never_meet_and_state_knows_neither(path: Path) -> None:
    rooms = {room_of(target) for target in scripts_imported(path)}
    forbidden = {"api": {"views", ""}, "views": {"api", ""}, "state": {"api", "views", ""}}
    assert not rooms & forbidden.get(room_of(path), set())


@pytest.mark.parametrize("path", SCRIPTS, ids=named)
def test_scripts_import_files_that_exist(path: Path) -> None:
    for target in scripts_imported(path):
        assert target.is_file(), f"{named(path)} imports {target.name}"


@pytest.mark.parametrize("path", [*PYTHON, *SCRIPTS], ids=named)
def test_files_are_short_and_named_after_what_they_hold(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= 250, f"{lines} lines; 250 at most"
    words = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert not words & {part.lower() for part in path.relative_to(ROOT).with_suffix("").parts}


@pytest.mark.parametrize("path", SCRIPTS, ids=named)
def test_scripts_hold_no_maths_of_the_domain(path: Path) -> None:
    """Formulas are traced from PyTorch. Logarithmic scales, pixels and the camera need log10, pow, hypot, sin."""
    forbidden = r"Math\.(exp|expm1|tanh|sinh|cosh)\b|\bsigmoid\b|\bsoftplus\b"
    assert not re.findall(forbidden, code(path))


@pytest.mark.parametrize("path", LIBRARY, ids=named)
def test_functions_are_at_most_forty_lines_long(path: Path) -> None:
    """Without their docstrings, which a landscape's page shows."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            length = body[-1].end_lineno - body[0].lineno + 1 if body else 0
            assert length <= 40, f"{node.name} has {length} lines"


def test_every_module_of_the_landscapes_has_its_tests() -> None:
    modules = {named(path.with_name(f"test_{path.name}")) for path in LIBRARY if path.stem not in TESTED_ELSEWHERE}
    tested = {named(path).removeprefix("tests/") for path in (ROOT / "tests" / "landscapes").rglob("test_*.py")}
    assert modules <= tested
