"""Objects of an array inside a JSON document, one at a time: the document need not fit into memory or be complete."""

import json
import re
from collections.abc import Iterator
from typing import BinaryIO

from cliffscape.app.logs.log_format import LogFormat
from cliffscape.app.logs.rows import LineCounts, Row, flat
from cliffscape.app.logs.text_lines import text_chunks

# An object of a log has some kilobytes. What is longer, or lies further behind, is not searched.
LONGEST_OBJECT = 1 << 20
HEAD = 1 << 16
BETWEEN = re.compile(r"[\s,]*")


class Window:
    """The part of a text that is being read. ``line`` is the line at its start."""

    def __init__(self, file: BinaryIO) -> None:
        self.chunks = text_chunks(file)
        self.text = ""
        self.line = 1
        self.complete = False

    def extend(self) -> bool:
        """Read on, unless the text ends here."""
        chunk = next(self.chunks, "")
        self.text += chunk
        self.complete = not chunk
        return bool(chunk)

    def drop(self, count: int) -> None:
        """Leave the first characters behind."""
        self.line += self.text.count("\n", 0, count)
        self.text = self.text[count:]


def array_records(file: BinaryIO, log_format: LogFormat, counts: LineCounts) -> Iterator[Row]:
    """The objects of the array that begins with the format's mark."""
    window, mark = Window(file), re.compile(log_format.mark)
    while not (found := mark.search(window.text)) and len(window.text) < HEAD and window.extend():
        pass
    if found is None:
        return
    window.drop(found.end())
    while (values := next_object(window, counts)) is not None:
        yield window.line, values
    counts.lines = window.line


def next_object(window: Window, counts: LineCounts) -> dict[str, object] | None:
    """The next object of the array; None at its end, or at something that is no object, which is counted."""
    decoder = json.JSONDecoder()
    start = 0
    while True:
        between = BETWEEN.match(window.text, start)
        start = between.end() if between else start
        if start < len(window.text):
            if window.text[start] == "]":
                return None
            try:
                found, end = decoder.raw_decode(window.text, start)
            except (ValueError, RecursionError):
                found, end = None, start
            if isinstance(found, dict):
                window.drop(end)
                return dict(flat(found))
        # Half an object cannot be read yet.
        if len(window.text) - start > LONGEST_OBJECT or not window.extend():
            counts.add_broken(window.line)
            return None
