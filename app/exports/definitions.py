"""Definitions for a script: functions with everything that they use, in an order in which a script can define them."""

import ast
import builtins
import symtable
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from cliffscape.app.exports.module_source import PACKAGE, Import, module_source
from cliffscape.app.exports.plain_text import PlainText, plain_text
from cliffscape.landscapes.bound_error import must_be

# The script has PyTorch alone.
ALLOWED = {"torch"} | sys.stdlib_module_names


class ForeignModuleError(Exception):
    """A function uses another module than PyTorch and Python's own; ``module`` is its name."""

    def __init__(self, module: str) -> None:
        super().__init__(must_be("module", module, "PyTorch or one of Python's own"))
        self.module = module


@dataclass
class Definitions:
    """The texts of definitions, each after those that it uses. Classes have only methods among ``members``, or all.

    ``replacements`` are texts of definitions, by module and name, instead of those of the program.
    """

    members: frozenset[str] | None = None
    replacements: Mapping[tuple[str, str], str] = field(default_factory=dict)
    imports: set[str] = field(default_factory=set)
    texts: dict[str, str] = field(default_factory=dict)
    places: dict[str, tuple[str, str]] = field(default_factory=dict)

    def add(self, function: Callable[..., Any]) -> list[str]:
        """Add a function and what it uses; returns the texts that are new.

        Raises:
            ForeignModuleError: it uses another module than PyTorch and Python's own.
        """
        known = len(self.texts)
        self.reserve(function)
        self._define(function.__name__, function.__module__, function.__name__)
        return list(self.texts.values())[known:]

    def reserve(self, function: Callable[..., Any]) -> None:
        """Keep the name of a function for it: a function of the same name that it uses gets another one."""
        self.places.setdefault(function.__name__, (function.__module__, function.__name__))

    def _define(self, written: str, module: str, name: str) -> None:
        """Define ``name`` of ``module`` under the name ``written``."""
        source = module_source(module)
        if (elsewhere := source.imports.get(name)) is not None:
            self._import(written, elsewhere)
            return
        if self.places.setdefault(written, (module, name)) != (module, name):
            raise NameError(f"{written} of {module} and of {self.places[written][0]} cannot be in one script")
        if written in self.texts:
            return
        if written != name and self.places.get(name, (module, name)) == (module, name):
            self._define(name, module, name)
            self.texts[written] = f"{written} = {name}"
            return
        if (module, name) in self.replacements:
            self.texts[written] = self.replacements[module, name]
            return
        plain = definition_text(module, name, self.members)
        # A function that calls itself is not defined twice.
        self.texts[written] = ""
        for used in sorted(free_names(plain.text) - {written}):
            if used in plain.attributes:
                self._define(used, *plain.attributes[used])
            elif used in source.definitions:
                self._define(used, module, used)
            elif used in source.imports:
                self._import(used, source.imports[used])
        del self.texts[written]
        self.texts[written] = plain.text.replace(f"def {name}(", f"def {written}(", 1)

    def _import(self, written: str, found: Import) -> None:
        root = found.module.partition(".")[0]
        # Modules outside the package may declare entries too, such as those of the tests.
        if root == PACKAGE:
            self._define(written, found.module, found.name)
        elif root in ALLOWED:
            self.imports.add(found.statement)
        else:
            raise ForeignModuleError(root)


def definition_text(module: str, name: str, members: frozenset[str] | None) -> PlainText:
    """The plain text of a definition. Only the text of a class depends on the members."""
    is_class = isinstance(module_source(module).definitions[name], ast.ClassDef)
    return _cached_text(module, name, members if is_class else None)


# Most scripts share their definitions, and a script writes each of them several times until its members are known.
@lru_cache(maxsize=1024)
def _cached_text(module: str, name: str, members: frozenset[str] | None) -> PlainText:
    source = module_source(module)
    return plain_text(source, source.definitions[name], members)


@lru_cache(maxsize=1024)
def free_names(text: str) -> frozenset[str]:
    """The names that a text uses and does not define."""
    table = symtable.symtable(text, "script", "exec")
    defined = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned()}
    return frozenset(_global_names(table)) - defined - set(dir(builtins))


def _global_names(table: symtable.SymbolTable) -> Iterator[str]:
    top = table.get_type() == "module"
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (top or symbol.is_global()):
            yield symbol.get_name()
    for child in table.get_children():
        yield from _global_names(child)


@lru_cache(maxsize=1024)
def mentioned_fields(text: str) -> frozenset[str]:
    """The attributes that a text reads, and the keywords of its calls."""
    found: set[str] = set()
    for one in ast.walk(ast.parse(text)):
        if isinstance(one, ast.Attribute) and isinstance(one.ctx, ast.Load):
            found.add(one.attr)
        elif isinstance(one, ast.keyword) and one.arg:
            found.add(one.arg)
    return frozenset(found)
