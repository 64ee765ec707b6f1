"""The modules of a page of its own: those that one module imports, with names in place of addresses."""

import posixpath
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

# What refers to another module: an import, an import that runs later, and the start of a worker.
STATIC = re.compile(r'(?<=from )"(\.{1,2}/[^"]+)"')
LATER = re.compile(r'(?<=import\()"(\.{1,2}/[^"]+)"(?=\))')
WORKER = re.compile(r'(?<=new Worker\()new URL\("([^"]+)", import\.meta\.url\), \{ type: "module" \}(?=\))')
# What stands for the address of a module, and for that of the script that starts a worker.
FORMS = {STATIC: '"module:{}"', LATER: '"module:{}"', WORKER: '"worker:{}"'}


def collect_modules(folder: Path, name: str) -> dict[str, str]:
    """The source of ``name`` and of all modules that it needs, each after those that it refers to.

    Every reference is a string ``"module:NAME"`` or ``"worker:NAME"``, which ``static/js/unpack.js`` replaces by an
    address. Modules do not import each other in a circle.
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
    for pattern in FORMS:
        for address in pattern.findall(source):
            yield resolve(name, address)


def with_names(name: str, source: str) -> str:
    """A module with names in place of addresses."""
    for pattern, form in FORMS.items():
        source = pattern.sub(partial(link_text, name, form), source)
    return source


def link_text(name: str, form: str, match: re.Match[str]) -> str:
    """The reference that a match in the module ``name`` becomes."""
    return form.format(resolve(name, match[1]))


def resolve(name: str, address: str) -> str:
    """The name of the module at an address relative to the module ``name``."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), address))
