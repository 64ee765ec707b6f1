"""The modules of a page of its own: those that one module imports, with names in place of addresses."""

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

# What refers to another module: an import, an import that runs later, and the address of a worker.
STATIC = re.compile(r'(?<=from )"(\.{1,2}/[^"]+)"')
LATER = re.compile(r'(?<=import\()"(\.{1,2}/[^"]+)"(?=\))')
WORKER = re.compile(r'new URL\("([^"]+)", import\.meta\.url\)')


def collect_modules(folder: Path, name: str) -> dict[str, str]:
    """The source of ``name`` and of all modules that it needs, each after those that it refers to.

    Every reference is a string ``"module:NAME"``, which ``static/js/unpack.js`` replaces by an address. Modules do not
    import each other in a circle.
    """
    found: dict[str, str] = {}

    def add(name: str) -> None:
        source = (folder / name).read_text(encoding="utf-8")
        for target in references(name, source):
            if target not in found:
                add(target)
        found[name] = with_names(name, source)

    add(name)
    return found


def references(name: str, source: str) -> Iterator[str]:
    """The names of the modules that a module refers to."""
    for pattern in (STATIC, LATER, WORKER):
        for address in pattern.findall(source):
            yield resolve(name, address)


def with_names(name: str, source: str) -> str:
    """A module with names in place of addresses."""
    for pattern in (STATIC, LATER, WORKER):
        source = pattern.sub(lambda match: reference(resolve(name, match[1])), source)
    return source


def reference(name: str) -> str:
    """A string that stands for the address of a module."""
    return f'"module:{name}"'


def resolve(name: str, address: str) -> str:
    """The name of the module at an address relative to the module ``name``."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), address))
