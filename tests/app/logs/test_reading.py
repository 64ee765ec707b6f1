"""Reading logs: broken lines, large files, and any bytes at all."""

import contextlib
import io
import struct
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cliffscape.app.logs.engines.event_file import masked_crc
from cliffscape.app.logs.log_error import LogError
from cliffscape.app.logs.reading import read_file, read_log
from tests.app.logs.read_text import EXAMPLES, read_text

FILES = [path.read_bytes() for path in sorted(EXAMPLES.iterdir())]
WORDS = [
    b"{",
    b"}",
    b"[",
    b"]",
    b'"',
    b"'",
    b":",
    b",",
    b"|",
    b"\n",
    b"\r",
    b"\x1b[31m",
    b"NaN",
    b"1e999",
    b"-1",
    b"\0",
]
WORDS += [b"grad_norm", b"loss", b"step", b"log_history", b" train ", b"iteration 1/ 2 ", b"Wall time,Step,Value"]


def read_or_refuse(content: bytes) -> None:
    """Read some bytes, which may be refused in one sentence but raise no other error."""
    try:
        reading = read_file(io.BytesIO(content), "log")
    except LogError as error:
        assert str(error).startswith("log") and "\n" not in str(error)
        return
    for run in reading.runs.values():
        assert len(run.steps) == len(run.norms) == len(run.losses) == len(run.learning_rates) > 0
        assert (np.diff(run.steps) > 0).all() and np.isfinite(run.steps).all()
        assert not (run.norms < 0).any()
    assert reading.lines_sentence


@settings(deadline=None)
@given(st.binary(max_size=400))
@example(b"PK\x03\x04")
@example(b"\xff\xfe\x00")
@example(struct.pack("<Q", 2**63) + struct.pack("<I", masked_crc(struct.pack("<Q", 2**63))))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    read_or_refuse(content)


@settings(deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=40).map(b"".join))
def test_words_of_logs_in_any_order_are_read_or_refused(content: bytes) -> None:
    read_or_refuse(content)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(FILES), st.integers(0, 2000), st.binary(max_size=6), st.integers(0, 2000))
def test_damaged_logs_are_read_or_refused(content: bytes, place: int, inserted: bytes, end: int) -> None:
    damaged = content[:place] + inserted + content[place + len(inserted) :]
    read_or_refuse(damaged[: max(end, 1)])
    read_or_refuse(damaged)


@pytest.mark.parametrize("text", ["{'a': " * 4000, '{"a":' * 4000, "[" * 100_000, '{"log_history":[' + "[" * 100_000])
def test_deep_and_repeated_texts_are_refused_without_delay(text: str) -> None:
    read_or_refuse(text.encode())


def test_broken_lines_are_counted_and_the_first_one_is_named() -> None:
    text = '{"step": 1, "grad_norm": 1}\nother\n{"step": 2, "grad_norm":\n{"step": 3, "grad_norm": "x"}\n'
    reading = read_text(text)
    assert reading.lines_sentence == (
        "1 record with a gradient norm in 4 lines; 1 record without one; 1 line of other content; "
        "2 lines that cannot be read, from line 3 on"
    )


def test_rows_of_another_length_are_broken() -> None:
    reading = read_text("step,grad_norm\n1,2\n1,2,3\n4\n5,6\n")
    assert (reading.counts.broken, reading.counts.first_broken) == (2, 3)


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="nowhere: cannot be read: No such file or directory"):
        read_log(tmp_path / "nowhere")
    with pytest.raises(LogError, match="cannot be read: Is a directory"):
        read_log(tmp_path)


def test_the_line_of_a_log_without_a_readable_norm_is_named() -> None:
    with pytest.raises(
        LogError, match=r"log, line 2: expected gradient norms, as in .*\. 1 of its lines cannot be read"
    ):
        read_text("step,grad_norm\n1,x\n")


class Endless(io.RawIOBase):
    """A file of a given size that repeats a line; it is never in memory as a whole."""

    def __init__(self, line: bytes, size: int) -> None:
        self.line, self.size, self.place = line, size, 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place, from the start or from here."""
        self.place = offset if whence == 0 else self.place + offset
        return self.place

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        """Fill a buffer."""
        count = max(0, min(len(buffer), self.size - self.place))
        shift = self.place % len(self.line)
        repeated = self.line * ((shift + count) // len(self.line) + 1)
        buffer[:count] = repeated[shift : shift + count]
        self.place += count
        return count


@pytest.mark.parametrize(
    "line",
    [b"x" * 20_000 + b"\n{'loss': 1.0, 'grad_norm': 2.0}\n", b"x" * 1000, b'{"log_history": [' + b" " * 5000],
    ids=["few records", "no line ends", "no records"],
)
def test_a_large_file_is_not_held_in_memory(line: bytes) -> None:
    """200 MB take the same path; 30 MB keep this test short."""
    size = 30 << 20
    tracemalloc.start()
    try:
        with io.BufferedReader(Endless(line, size)) as file, contextlib.suppress(LogError):
            read_file(file, "log")
        assert tracemalloc.get_traced_memory()[1] < size / 3
    finally:
        tracemalloc.stop()
