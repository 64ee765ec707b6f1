"""Tables of comma-separated values with a header line. Comments before it begin with #."""

import csv
import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from cliffscape.app.logs.log_format import LogFormat
from cliffscape.app.logs.rows import LineCounts, Row
from cliffscape.app.logs.text_lines import text_lines

DELIMITERS = ",;\t"
LONGEST_HEADER = 1 << 16


def header_line(lines: Iterator[str]) -> tuple[int, str]:
    """The number of the header line and its text, which is empty if there is none."""
    for number, line in enumerate(lines, 1):
        if line and not line.startswith("#"):
            return number, line
    return 1, ""


def is_header(line: str, log_format: LogFormat) -> bool:
    """Whether a table that begins with this line has the format."""
    return len(line) < LONGEST_HEADER and re.search(log_format.mark, line) is not None


def table_records(file: BinaryIO, log_format: LogFormat, counts: LineCounts) -> Iterator[Row]:
    """The rows below the header line."""
    lines = text_lines(file)
    first, header = header_line(lines)
    delimiter = max(DELIMITERS, key=header.count)
    names = next(csv.reader([header], delimiter=delimiter), [])
    parts = re.compile(log_format.parts) if log_format.parts else None
    rows = csv.reader(lines, delimiter=delimiter)
    while True:
        try:
            cells = next(rows, None)
        except csv.Error:
            counts.add_broken(first + rows.line_num)
            continue
        counts.lines = first + rows.line_num
        if cells is None:
            return
        if not cells:
            continue
        if len(cells) != len(names):
            counts.add_broken(counts.lines)
            continue
        values: dict[str, object] = dict(zip(names, cells, strict=True))
        yield counts.lines, with_norm_of_parts(values, parts) if parts else values


def with_norm_of_parts(values: Mapping[str, object], parts: re.Pattern[str]) -> Mapping[str, object]:
    """The values, and as ``grad_norm`` the norm of all parameters from the norms of each if it is not among them."""
    if any(name.endswith("_total") and value != "" for name, value in values.items()):
        return values
    found = [value for name, value in values.items() if parts.fullmatch(name) and value != ""]
    try:
        squares = [float(str(value)) ** 2 for value in found]
    except (ValueError, OverflowError):
        return values
    return {**values, "grad_norm": sum(squares) ** 0.5} if squares else values
