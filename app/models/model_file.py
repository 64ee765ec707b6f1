"""Names on the command line such as ``my_model.py:build``: a file of the user's own, and a name in it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from cliffscape.app.landscape_files.landscape_file import LandscapeFile
from cliffscape.app.landscape_files.loader import run_module
from cliffscape.landscapes.bound_error import BoundError

# The contents of the files that have run, by their absolute paths: a file runs once.
RUN: dict[Path, Mapping[str, Any]] = {}


class NameInFile(NamedTuple):
    """A file and a name in it; ``option`` is the option of the command line, for errors."""

    option: str
    path: Path
    name: str

    @property
    def file(self) -> LandscapeFile:
        """The file, read again: errors name its lines."""
        return LandscapeFile.read(self.path)

    def find(self) -> Any:
        """The object of this name.

        Raises:
            LandscapeFileError: the file cannot be read, or raises an error.
            BoundError: it has no such name.
        """
        known = self.path.resolve()
        if known not in RUN:
            file = self.file
            with file.faults():
                RUN[known] = vars(run_module(file))
        if self.name not in RUN[known]:
            raise BoundError(self.option, f"{self.path.name}:{self.name}", f"a name that {self.path.name} defines")
        return RUN[known][self.name]


def name_in_file(option: str, text: str, folder: Path | None = None) -> NameInFile:
    """The file and the name in a text such as ``my_model.py:build`` or ``my_model:build``.

    A file that is not in the working folder is looked for in ``folder``.

    Raises:
        BoundError: the text has another form, or there is no such file.
    """
    place, colon, name = text.rpartition(":")
    if not (colon and place and name.isidentifier()):
        raise BoundError(option, f"'{text}'", "a Python file and a name in it, such as my_model.py:build")
    path = Path(place if place.endswith(".py") else f"{place.replace('.', '/')}.py")
    for candidate in (path, *([folder / path] if folder else [])):
        if candidate.is_file():
            return NameInFile(option, candidate, name)
    raise BoundError(option, f"'{text}'", f"a name in a file that exists; there is no {path}")
