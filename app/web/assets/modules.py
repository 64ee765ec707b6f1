"""JavaScript modules, joined so that a browser asks for one file instead of 160.

A joined script contains each module as a function that returns what the module exports. ``needModule(name)`` calls it
when the module is first needed, so a dynamic import still runs later. The files in ``static/js`` are formatted by
prettier, so regular expressions find every import and export; a form that they do not know is an error.
"""

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

ADDRESS = r'"(\.{1,2}/[^"]+)"'
IMPORT = re.compile(rf"^import \{{([^}}]*)\}} from {ADDRESS};$", re.M)
LATER = re.compile(rf"\bimport\({ADDRESS}\)")
# The same of a library whose types are not checked.
UNTYPED = re.compile(rf"\bimport\(/\*\* @type \{{any\}} \*/ \({ADDRESS}\)\)")
WORKER = re.compile(r'(?<=new Worker\()new URL\("([^"]+)", import\.meta\.url\), \{ type: "module" \}(?=\))')
EXPORT = re.compile(r"^export ((?:async function|function\*?|const|class) (\w+))", re.M)
# What none of these forms has replaced.
UNKNOWN = re.compile(r"^(?:import|export)\b.*", re.M)
START = """\
const loaded = new Map();

export function needModule(name) {
  if (!loaded.has(name)) loaded.set(name, modules[name]());
  return loaded.get(name);
}

needModule("%s");
"""


def join_modules(folder: Path, main: str, form: Callable[[str], str] | None = None) -> dict[str, str]:
    """The script of module ``main`` with all that it imports, and the scripts of all workers that it starts, by name.

    ``form(name)`` is the JavaScript text of the arguments of ``new Worker`` for the script ``name``; by default it is
    at its place in the folder.

    Raises:
        ValueError: a module has an import or an export of an unknown form.
    """
    scripts: dict[str, str] = {}

    def join(entry: str) -> None:
        sources = collect(folder, entry)
        functions = [f'"{name}": {function_of(entry, name, source, form)},\n' for name, source in sources.items()]
        libraries = {place: f"library{k}" for k, place in enumerate(libraries_of(sources))}
        head = [f'import * as {library} from "{relative(place, entry)}";\n' for place, library in libraries.items()]
        functions += [f'"{place}": () => {library},\n' for place, library in libraries.items()]
        scripts[entry] = f"{''.join(head)}const modules = {{\n{''.join(functions)}}};\n{START % entry}"
        for name, source in sources.items():
            for address in WORKER.findall(source):
                join(resolve(name, address))

    join(main)
    return scripts


def collect(folder: Path, name: str) -> dict[str, str]:
    """The sources of a module and of all that it imports, each after its own imports."""
    found: dict[str, str] = {}

    def add(name: str) -> None:
        source = (folder / name).read_text(encoding="utf-8")
        for needed in imports(name, source):
            if needed not in found:
                add(needed)
        found[name] = source

    add(name)
    return found


def imports(name: str, source: str) -> Iterator[str]:
    """The modules that a module imports, at once or later, within the folder."""
    found = [match[2] for match in IMPORT.finditer(source)] + LATER.findall(source)
    yield from (place for place in (resolve(name, address) for address in found) if not outside(place))


def libraries_of(sources: Mapping[str, str]) -> list[str]:
    """The modules outside the folder that modules import at once."""
    found = (resolve(name, match[2]) for name, source in sources.items() for match in IMPORT.finditer(source))
    return list(dict.fromkeys(filter(outside, found)))


def function_of(entry: str, name: str, source: str, form: Callable[[str], str] | None) -> str:
    """A module as a function that returns its exports. ``entry`` is the module whose script contains it."""

    def import_now(match: re.Match[str]) -> str:
        names = " ".join(match[1].split()).replace(" as ", ": ").rstrip(",")
        return f'const {{ {names} }} = needModule("{resolve(name, match[2])}");'

    def import_later(match: re.Match[str]) -> str:
        place = resolve(name, match[1])
        if outside(place):
            return f'import("{relative(place, entry)}")'
        return f'Promise.resolve("{place}").then(needModule)'

    def worker(match: re.Match[str]) -> str:
        place = resolve(name, match[1])
        return form(place) if form else match[0].replace(match[1], relative(place, entry))

    exports = [match[2] for match in EXPORT.finditer(source)]
    source = IMPORT.sub(import_now, source)
    for pattern in (LATER, UNTYPED):
        source = pattern.sub(import_later, source)
    source = EXPORT.sub(r"\1", WORKER.sub(worker, source))
    if unknown := UNKNOWN.search(source):
        raise ValueError(f"{name} has an import or export of an unknown form: {unknown[0]}")
    return f"() => {{\n{source}\nreturn {{ {', '.join(exports)} }};\n}}"


def resolve(name: str, address: str) -> str:
    """The name of the module at an address relative to the module ``name``."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), address))


def relative(place: str, entry: str) -> str:
    """The address of a place in the folder, relative to the script of ``entry``."""
    return f"./{posixpath.relpath(place, posixpath.dirname(entry) or '.')}"


def outside(place: str) -> bool:
    """Whether a module is outside the folder: a library of others, which is imported as it is."""
    return place.startswith("../")
