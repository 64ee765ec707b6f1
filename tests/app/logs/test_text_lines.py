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


class Pieces(io.BytesIO):
    """A file whose reads return at most some bytes."""

    def __init__(self, content: bytes, size: int) -> None:
        super().__init__(content)
        self.size = size

    def read1(self, size: int | None = -1, /) -> bytes:
        """The next piece."""
        return super().read1(self.size if size is None or size < 0 else min(size, self.size))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_lines_do_not_depend_on_where_pieces_end(encoding: str) -> None:
    content = "step 1\r\ngröße: 2 €\r\n\r𝛻 norm\r\x1b[38;2;180;60;0mloss\x1b[0m 3\n\nend".encode(encoding)
    expected = ["step 1", "größe: 2 €", "", "𝛻 norm", "loss 3", "", "end"]
    for size in range(1, len(content) + 1):
        assert list(text_lines(Pieces(content, size))) == expected
        assert "".join(text_chunks(Pieces(content, size), 3)).splitlines()[1:4] == expected[1:4]


def test_colours_are_left_out() -> None:
    assert list(text_lines(io.BytesIO(b"\x1b[31mstep: 1 \x1b[38;2;180;60;0mloss\x1b[0m\x1b[K\n"))) == ["step: 1 loss"]


def test_bytes_that_are_no_text_are_replaced() -> None:
    assert list(text_lines(io.BytesIO(b"a\xff\xc3b\n"))) == ["a��b"]


def test_a_file_without_line_ends_is_cut() -> None:
    file = io.BytesIO(b"x" * (2 * LONGEST_LINE + 1))
    assert [len(line) for line in text_lines(file)] == [LONGEST_LINE, LONGEST_LINE, 1]
