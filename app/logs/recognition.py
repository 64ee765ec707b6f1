"""Recognition: which format a file has, by its content and never by its name."""

import itertools
import re
from typing import BinaryIO

from cliffscape.app.logs.columns import ColumnNames
from cliffscape.app.logs.engines.csv_table import header_line, is_header, table_records
from cliffscape.app.logs.engines.event_file import HEADER, event_records, is_record_header
from cliffscape.app.logs.engines.json_array import HEAD, array_records
from cliffscape.app.logs.engines.numpy_archive import MAGIC, archive_records
from cliffscape.app.logs.engines.text_records import line_records, record_reader
from cliffscape.app.logs.log_error import LogError
from cliffscape.app.logs.log_format import Kind, LogFormat, formats
from cliffscape.app.logs.numbers import read_number
from cliffscape.app.logs.rows import Engine
from cliffscape.app.logs.text_lines import ENCODINGS, text_chunks, text_lines

ENGINES: dict[Kind, Engine] = {
    "json_array": array_records,
    "json_line": line_records,
    "dict_line": line_records,
    "pattern_line": line_records,
    "csv": table_records,
    "event_file": event_records,
    "numpy_archive": archive_records,
}
LINE_KINDS: tuple[Kind, ...] = ("json_line", "dict_line", "pattern_line")


def recognise(file: BinaryIO, name: str) -> LogFormat:
    """The format of a log.

    Raises:
        LogError: the file is empty or has no format that is known.
    """
    file.seek(0)
    head = file.read(HEAD)
    if not head.strip():
        raise LogError(name, "expected a log with gradient norms, but the file is empty")
    if (found := binary_format(head)) is not None:
        return found
    if b"\0" in head and not head.startswith(tuple(ENCODINGS)):
        raise LogError(name, f"expected a log with gradient norms, but this is a binary file. {known_formats()}")
    found = document_format(file, general=False) or line_format(file)
    if found is None:
        raise LogError(name, f"expected a log in a format that is known. {known_formats()}")
    return found


def known_formats() -> str:
    """Sentences with the names of all formats, and what to write if a log has none of them."""
    own = next(one for one in formats() if one.general)
    labels = "; ".join(one.label for one in formats())
    return f"Known formats are {labels}. A log of your own can be a {own.label} with the header {own.form}."


def of_kind(*kinds: Kind) -> list[LogFormat]:
    """The formats of these kinds, in the order in which they are tried."""
    return [one for one in formats() if one.kind in kinds]


def binary_format(head: bytes) -> LogFormat | None:
    """The format of a file that is no text."""
    if head.startswith(MAGIC):
        return of_kind("numpy_archive")[0]
    return of_kind("event_file")[0] if is_record_header(head[:HEADER]) else None


def document_format(file: BinaryIO, general: bool) -> LogFormat | None:
    """The format of the whole file, among those that are general or not: a JSON document or a table."""
    head = next(text_chunks(file, HEAD), "")
    header = header_line(itertools.islice(text_lines(file), 100))[1]
    for one in of_kind("json_array", "csv"):
        is_document = re.search(one.mark, head) is not None if one.kind == "json_array" else is_header(header, one)
        if one.general == general and is_document:
            return one
    return None


def line_format(file: BinaryIO) -> LogFormat | None:
    """The format of the first line with a norm, or without one a general format of the whole file.

    Without both it is the first format that has any line of the file, which then is a log without norms.
    """
    candidates = [(one, record_reader(one), ColumnNames(one.columns)) for one in of_kind(*LINE_KINDS)]
    without_norm: LogFormat | None = None
    for line in text_lines(file):
        for log_format, read, names in candidates:
            try:
                values = read(line) or {}
                if any(has_norm(names, name, value) for name, value in values.items()):
                    return log_format
            except ValueError:
                continue
            if values and without_norm is None:
                without_norm = log_format
    return document_format(file, general=True) or without_norm


def has_norm(names: ColumnNames, name: str, value: object) -> bool:
    """Whether a column of a record is a gradient norm."""
    match = names.match(name)
    return match is not None and match.quantity == "norm" and read_number(value) is not None
