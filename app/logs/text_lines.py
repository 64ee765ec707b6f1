"""Lines of a text file, one at a time: any line ends, byte-order marks, no colours of a terminal."""

import io
import re
from collections.abc import Iterator
from typing import BinaryIO

# Longer lines are cut: no line of a log is longer, and a file without line ends must fit into memory.
LONGEST_LINE = 1 << 20
ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
ENCODINGS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def decode(file: BinaryIO) -> io.TextIOWrapper:
    """The file as text from its start. Bytes that are no text become replacement characters.

    A carriage return ends a line too: progress bars write it.
    """
    file.seek(0)
    head = file.read(3)
    file.seek(0)
    encoding = next((name for mark, name in ENCODINGS.items() if head.startswith(mark)), "utf-8")
    return io.TextIOWrapper(file, encoding=encoding, errors="replace", newline=None)


def text_lines(file: BinaryIO) -> Iterator[str]:
    """The lines of a file without white space at their ends."""
    text = decode(file)
    try:
        while line := text.readline(LONGEST_LINE):
            yield (ESCAPES.sub("", line) if "\x1b" in line else line).rstrip()
    finally:
        # The caller may read the file again.
        text.detach()


def text_chunks(file: BinaryIO, size: int = 1 << 16) -> Iterator[str]:
    """The text of a file in pieces."""
    text = decode(file)
    try:
        while chunk := text.read(size):
            yield chunk
    finally:
        text.detach()
