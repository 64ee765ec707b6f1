"""Lines of text files."""

import io

import pytest

from cliffscape.app.logs.text_lines import LONGEST_LINE, text_chunks, text_lines


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_line_ends_and_byte_order_marks(encoding: str) -> None:
    file = io.BytesIO("one\r\ntwo\rthree\n\nvier: ä".encode(encoding))
    assert list(text_lines(file)) == ["one", "two", "three", "", "vier: ä"]
    # A file is read several times.
    assert "".join(text_chunks(file)) == "one\ntwo\nthree\n\nvier: ä"


def test_colours_are_left_out() -> None:
    assert list(text_lines(io.BytesIO(b"\x1b[31mstep: 1 \x1b[38;2;180;60;0mloss\x1b[0m\x1b[K\n"))) == ["step: 1 loss"]


def test_bytes_that_are_no_text_are_replaced() -> None:
    assert list(text_lines(io.BytesIO(b"a\xff\xc3b\n"))) == ["a��b"]


def test_a_file_without_line_ends_is_cut() -> None:
    file = io.BytesIO(b"x" * (2 * LONGEST_LINE + 1))
    assert [len(line) for line in text_lines(file)] == [LONGEST_LINE, LONGEST_LINE, 1]
