"""The loader: it runs files of landscapes and checks what they register.

The model of a Scene is made of the catalogue when ``app/scene/schema.py`` is imported, so the files are loaded before
that, and a process loads them once.
"""

import hashlib
import linecache
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from cliffscape.app.landscape_files.kernel_obstacle import kernel_obstacle
from cliffscape.app.landscape_files.landscape_file import LandscapeFile, LandscapeFileError
from cliffscape.app.landscape_files.loss_check import check_landscape
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.loss import Landscape
from cliffscape.landscapes.models.model_landscape import MODEL
from cliffscape.landscapes.slices.network_landscape import RECURRENT

# The files of this process, each with its landscapes.
LOADED: dict[LandscapeFile, list[Landscape]] = {}


def load_files(paths: Iterable[Path]) -> None:
    """Load files, and check the presets of their landscapes.

    Raises:
        LandscapeFileError: a file cannot be used.
    """
    files = [LandscapeFile.read(path) for path in paths]
    found = [(file, entry) for file in files for entry in load_file(file)]
    for file, entry in found:
        check_presets(file, entry)


def load_file(file: LandscapeFile) -> list[Landscape]:
    """Run a file and check the landscapes that it registers.

    Raises:
        LandscapeFileError: the file raises an error, registers nothing, or registers a landscape that cannot be used.
    """
    before = set(LANDSCAPES.entries)
    with file.faults():
        run_module(file)
    kinds = [kind for kind in LANDSCAPES.entries if kind not in before]
    if not kinds:
        raise LandscapeFileError(f"{file.path.name} has no landscape: decorate a function with @landscape(...)")
    for kind in kinds:
        entry = LANDSCAPES[kind]
        with file.faults(file.line_of_function(entry.function)):
            if kind in (RECURRENT.kind, MODEL.kind):
                raise BoundError("the name of a landscape", kind, "one that the catalogue does not have")
            check_landscape(entry)
            LANDSCAPES.entries[kind] = replace(entry, no_kernel=kernel_obstacle(file, entry))
    LOADED[file] = [LANDSCAPES[kind] for kind in kinds]
    return LOADED[file]


def run_module(file: LandscapeFile) -> ModuleType:
    """Run the content of a file as a module, which may import modules of its folder."""
    text, folder = str(file.path), str(file.path.resolve().parent)
    if folder not in sys.path:
        sys.path.append(folder)
    module = ModuleType(f"landscape_file_{len(LOADED)}_{file.path.stem}")
    module.__file__ = text
    sys.modules[module.__name__] = module
    # Tracebacks and exported scripts show the lines that were loaded, even if the file has changed since then.
    lines = file.content.decode(errors="replace").splitlines(keepends=True)
    linecache.cache[text] = (len(file.content), None, lines, text)
    exec(compile(file.content, text, "exec", dont_inherit=True), module.__dict__)
    return module


def check_presets(file: LandscapeFile, entry: Landscape) -> None:
    """Check that every preset is a Scene.

    Raises:
        LandscapeFileError: a choice is unknown or out of bounds.
    """
    from pydantic import ValidationError  # noqa: PLC0415 - the model of a Scene is made after all files are loaded

    from cliffscape.app.scene.links import from_query, to_url_text  # noqa: PLC0415
    from cliffscape.app.scene.schema import Scene  # noqa: PLC0415
    from cliffscape.app.scene.validation import violations  # noqa: PLC0415

    for preset in entry.presets:
        chosen = {"landscape": entry.kind, **preset.choices}
        with file.faults(file.line_of_function(entry.function)):
            try:
                from_query({name: to_url_text(value) for name, value in chosen.items()})
            except ValidationError as error:
                place = f"{file.path.name}, line {file.line_of_function(entry.function)}"
                sentence = violations(error, Scene)[0].message
                raise LandscapeFileError(f"{place}: preset '{preset.name}': {sentence}") from None


def content_stamp() -> str:
    """A hash of the loaded files; empty if there are none."""
    content = hashlib.sha256()
    for file in LOADED:
        content.update(hashlib.sha256(file.content).digest())
    return content.hexdigest()[:16] if LOADED else ""


def kernel_notes() -> list[str]:
    """A sentence about every loaded landscape without a kernel."""
    without = [entry for entries in LOADED.values() for entry in entries if entry.no_kernel]
    return [f"The server computes the runs of '{entry.label}': {entry.no_kernel}" for entry in without]
