"""Rows: what an engine takes out of a file, one record of the log at a time, and how many lines it could not use."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from cliffscape.app.logs.log_format import LogFormat

# A record: its line in the file, and its values by column, as numbers or as text.
Row = tuple[int, Mapping[str, object]]


@dataclass
class LineCounts:
    """How many lines a file has, and how many of them could not be used.

    ``broken`` lines belong to the format and cannot be read; ``first_broken`` is the first of them. ``other`` lines do
    not belong to the format, such as those of other programs.
    """

    lines: int = 0
    broken: int = 0
    other: int = 0
    first_broken: int | None = None

    def add_broken(self, line: int) -> None:
        """Count a line that cannot be read."""
        self.broken += 1
        if self.first_broken is None:
            self.first_broken = line


Engine = Callable[[BinaryIO, LogFormat, LineCounts], Iterator[Row]]


def flat(values: Mapping[str, object], depth: int = 4) -> Mapping[str, object]:
    """The values with those of inner objects, whose names follow a slash."""
    if not any(isinstance(value, dict) for value in values.values()):
        return values
    found: dict[str, object] = {}
    for name, value in values.items():
        if isinstance(value, dict) and depth:
            found |= {f"{name}/{inner}": one for inner, one in flat(value, depth - 1).items()}
        else:
            found[name] = value
    return found
