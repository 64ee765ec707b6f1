"""Sizes: short files, short functions, small folders, and names that say what a file holds."""

from collections import Counter
from pathlib import Path

from tests.source import javascript, python
from tests.source.every_file import for_every
from tests.source.files import BENCHMARKS, PYTHON, SCRIPTS, STYLES, TEMPLATES, TESTS, short_path, text

PYTHON_CODE = [*PYTHON, *BENCHMARKS, *TESTS]
CODE = [*PYTHON_CODE, *SCRIPTS, *STYLES]
LINES, STYLE_LINES, FUNCTION_LINES, FILES = 250, 220, 40, 14
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc"}


@for_every([*CODE, *TEMPLATES])
def test_files_are_short(path: Path) -> None:
    lines, most = text(path).count("\n"), STYLE_LINES if path in STYLES else LINES
    assert lines <= most, f"{lines} lines; {most} at most"


@for_every(CODE)
def test_names_say_what_a_file_holds(path: Path) -> None:
    assert not VAGUE & set(Path(short_path(path)).with_suffix("").as_posix().lower().replace("_", "/").split("/"))


def test_folders_are_small() -> None:
    counts = Counter(short_path(path.parent) for path in CODE if path.name != "__init__.py")
    assert {folder: count for folder, count in counts.items() if count > FILES} == {}


@for_every(PYTHON_CODE)
def test_python_functions_are_short(path: Path) -> None:
    """Without their docstrings, which the page shows for a landscape."""
    long = [f"{one.name} has {one.length} lines" for one in python.functions(path) if one.length > FUNCTION_LINES]
    assert long == []


@for_every(SCRIPTS)
def test_javascript_functions_are_short(path: Path) -> None:
    found = javascript.functions(text(path))
    long = [f"line {one.line}: {one.length} lines" for one in found if one.length > FUNCTION_LINES]
    assert long == []


def test_lengths_of_javascript_functions() -> None:
    """Braces and slashes in strings, template literals, regular expressions and comments do not count."""
    source = """
    // function comment() {
    const expression = (x) => x / 2 / `}${[x].map((y) => `{${y}`)}`.length;
    /* { */
    export function first(text = "}", { a } = {}) {
      const found = text.replace(/[/}{]\\/"/g, '{');
      if (found) {
        return `${{ a }.a} {`;
      }
      return /}/.test(text);
    }
    class Second { get third() { return 1; } async *fourth() {
        yield 2;
      }
    }
    const long = () => ({
      a: 1 } );
    """
    lengths = [(one.line, one.length) for one in javascript.functions(source)]
    assert lengths == [(3, 1), (3, 1), (5, 5), (12, -1), (12, 1), (16, 2)]
