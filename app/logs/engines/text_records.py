"""Records that are one line of text each: JSON objects, Python's text of a dict, and lines with names and numbers."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO

from cliffscape.app.logs.log_format import LogFormat
from cliffscape.app.logs.rows import LineCounts, Row, flat
from cliffscape.app.logs.text_lines import LONGEST_LINE, text_lines

# A mark that may begin anywhere in a line takes long on a very long one.
LONGEST_SEARCHED = 1 << 14
PAIR = re.compile(r"'([^']+)':\s*(?:'([^']*)'|([-+.\w]+))")
Read = Callable[[str], Mapping[str, object] | None]


def record_reader(log_format: LogFormat) -> Read:
    """A function that reads a record from a line; it returns None for a line without the format's mark.

    The function raises ``ValueError`` if a line with the mark cannot be read.
    """
    mark = re.compile(log_format.mark)
    longest = LONGEST_LINE if log_format.mark.startswith("^") else LONGEST_SEARCHED
    patterns = {name: re.compile(pattern) for name, pattern in log_format.patterns.items()}

    def read(line: str) -> Mapping[str, object] | None:
        found = mark.search(line) if len(line) < longest else None
        if found is None:
            return None
        if log_format.kind == "json_line":
            return read_object(found[1])
        if log_format.kind == "dict_line":
            return read_dict(found[1])
        return {name: one[1] for name, pattern in patterns.items() if (one := pattern.search(line))}

    return read


def read_dict(text: str) -> Mapping[str, object]:
    """The numbers and texts in Python's text of a dict."""
    inside, end, _ = text.rpartition("}")
    if not end:
        raise ValueError("the line ends within the dict")
    return {name: quoted or plain for name, quoted, plain in PAIR.findall(inside)}


def read_object(text: str) -> Mapping[str, object]:
    """A JSON object, in which NaN and Infinity may occur, with the values of inner objects."""
    try:
        found = json.loads(text)
    except RecursionError as error:
        raise ValueError("too deep") from error
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return flat(found)


def line_records(file: BinaryIO, log_format: LogFormat, counts: LineCounts) -> Iterator[Row]:
    """The records of all lines with the format's mark."""
    read = record_reader(log_format)
    for number, line in enumerate(text_lines(file), 1):
        counts.lines = number
        try:
            values = read(line)
        except ValueError:
            counts.add_broken(number)
            continue
        if values is None:
            counts.other += bool(line)
        else:
            yield number, values
