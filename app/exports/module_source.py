"""The source of a module: its definitions by name, what it imports, and the text of a part of it."""

import ast
import inspect
import sys
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType
from typing import NamedTuple

PACKAGE = "cliffscape"
Part = ast.stmt | ast.expr | ast.arg | ast.keyword


class Import(NamedTuple):
    """A name that a module imports. ``name`` is empty if it stands for the whole module."""

    module: str
    name: str
    statement: str


@dataclass(frozen=True)
class ModuleSource:
    """A module's text in UTF-8, in which positions of ``ast`` are bytes, and the statements that define its names."""

    text: bytes
    line_starts: tuple[int, ...]
    definitions: dict[str, ast.stmt]
    imports: dict[str, Import]

    def start(self, node: Part) -> int:
        """Where a node begins."""
        return self.line_starts[node.lineno - 1] + node.col_offset

    def end(self, node: Part) -> int:
        """Where a node ends."""
        return self.line_starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)

    def comment_start(self, node: ast.stmt) -> int:
        """Where the comment above a statement begins, or the statement if it has none."""
        line = node.lineno - 1
        while line and self.text[self.line_starts[line - 1] :].startswith(b"#"):
            line -= 1
        return self.line_starts[line]


@lru_cache(maxsize=128)
def module_source(name: str) -> ModuleSource:
    """The source of an imported module."""
    text = inspect.getsource(sys.modules[name]).encode()
    tree = ast.parse(text)
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    definitions: dict[str, ast.stmt] = {}
    imports: dict[str, Import] = {}
    for node in tree.body:
        definitions |= dict.fromkeys(defined_names(node), node)
        imports |= imported_names(node)
    return ModuleSource(text, tuple(starts), definitions, imports)


def defined_names(node: ast.stmt) -> list[str]:
    """The names that a statement defines."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = [node.target] if isinstance(node, ast.AnnAssign) else node.targets if isinstance(node, ast.Assign) else []
    return [name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]


def imported_names(node: ast.stmt) -> dict[str, Import]:
    """The names that a statement imports."""
    if isinstance(node, ast.Import):
        return {one.asname or one.name: Import(one.name, "", f"import {ast.unparse(one)}") for one in node.names}
    found: dict[str, Import] = {}
    if isinstance(node, ast.ImportFrom) and node.module:
        for one in imported_aliases(node):
            is_module = isinstance(getattr(sys.modules[node.module], one.name), ModuleType)
            path, name = (f"{node.module}.{one.name}", "") if is_module else (node.module, one.name)
            statement = f"from {node.module} import {ast.unparse(one)}"
            found[one.asname or one.name] = Import(path, name, statement)
    return found


def imported_aliases(node: ast.ImportFrom) -> list[ast.alias]:
    """What a statement imports, name by name if it imports all names of a module."""
    if node.names[0].name != "*":
        return node.names
    module = sys.modules[str(node.module)]
    names = getattr(module, "__all__", [name for name in vars(module) if not name.startswith("_")])
    return [ast.alias(name) for name in names]
