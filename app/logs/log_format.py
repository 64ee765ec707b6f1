"""Formats of logs: what recognises a format by its content, and how its lines are taken apart.

A format is data: regular expressions and names of columns. The engine for its kind of text does the rest, and the page
can read logs by the same table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from cliffscape.app.logs.columns import COLUMNS, Columns
from cliffscape.landscapes.advice.norm_log import Place

# json_array: objects in an array inside a JSON document. json_line: one JSON object per line. dict_line: Python's text
# of a dict in a line. pattern_line: numbers that regular expressions find in a line.
Kind = Literal["json_array", "json_line", "dict_line", "pattern_line", "csv", "event_file", "numpy_archive"]


@dataclass(frozen=True)
class LogFormat:
    """A format of logs.

    ``mark`` is a regular expression that is found in every line of the format: in a header line for ``csv``, in the
    start of the file for ``json_array``. For ``json_line`` and ``dict_line`` its group is the object. ``form`` shows
    such a line to the user. ``patterns`` are regular expressions with one group each for the columns of a
    ``pattern_line``. ``parts`` is an expression for the columns whose norms together are the norm of all parameters.
    ``runs`` are the columns that distinguish the runs of one file. ``separator`` is between the name of a run and that
    of a column. A ``general`` format is tried after all others.
    """

    label: str
    kind: Kind
    form: str
    mark: str = ""
    place: Place = "before"
    columns: Columns = field(default_factory=lambda: COLUMNS)
    patterns: Mapping[str, str] = field(default_factory=dict)
    parts: str = ""
    runs: tuple[str, ...] = ()
    separator: str = ""
    note: str = ""
    general: bool = False


FORMATS: dict[str, LogFormat] = {}


def register(found: LogFormat) -> LogFormat:
    """Add a format to the table."""
    if found.label in FORMATS:
        raise ValueError(f"log format {found.label} is declared twice")
    FORMATS[found.label] = found
    return found


def formats() -> list[LogFormat]:
    """All formats in the order in which they are tried."""
    return sorted(FORMATS.values(), key=lambda one: one.general)
