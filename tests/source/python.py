"""Imports and functions of Python files."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.source.files import ROOT, short_path, text


class PythonFunction(NamedTuple):
    """A function: its name and the number of lines in its body, without the docstring."""

    name: str
    length: int


def imports(path: Path) -> set[str]:
    """Dotted names of everything a file imports, inside functions too; ``from a import b`` gives ``a.b``."""
    found = set()
    for node in ast.walk(ast.parse(text(path))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module, f"{short_path(path)} has a relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def file_of(name: str) -> Path | None:
    """The file of the repository behind a dotted name, which may be that of a module or of something in a module."""
    if not name.startswith("cliffscape."):
        return None
    place = ROOT / name.removeprefix("cliffscape.").replace(".", "/")
    candidates = [place.with_suffix(".py"), place / "__init__.py", place.parent.with_suffix(".py")]
    return next((path for path in [*candidates, place.parent / "__init__.py"] if path.is_file()), None)


def imported_files(path: Path) -> set[Path]:
    """Files of the repository that a file imports."""
    return {found for name in imports(path) if (found := file_of(name)) is not None} - {path}


def functions(path: Path) -> Iterator[PythonFunction]:
    """All functions and methods of a file, nested ones included."""
    for node in ast.walk(ast.parse(text(path))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            last = body[-1].end_lineno if body else None
            yield PythonFunction(node.name, last - body[0].lineno + 1 if last else 0)


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of every string of a file that is no docstring; what an f-string fills in is an empty pair."""
    tree = ast.parse(text(path))
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            pieces = [part.value if isinstance(part, ast.Constant) else "{}" for part in node.values]
            yield node.lineno, "".join(map(str, pieces))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings | parts:
            yield node.lineno, node.value
