"""Tables of comma-separated values."""

import io

from cliffscape.app.logs.engines.csv_table import header_line, is_header, table_records
from cliffscape.app.logs.log_format import LogFormat
from cliffscape.app.logs.rows import LineCounts, Row

TABLE = LogFormat("table", "csv", "", mark="^a", parts="norm/.*")


def read(text: str) -> tuple[list[Row], LineCounts]:
    """The rows of a text, and its counts."""
    counts = LineCounts()
    return list(table_records(io.BytesIO(text.encode()), TABLE, counts)), counts


def test_comments_and_blank_lines_before_the_header() -> None:
    rows, counts = read("# a comment\n\na,b\n1,2\n\n3,\n")
    assert rows == [(4, {"a": "1", "b": "2"}), (6, {"a": "3", "b": ""})]
    assert counts == LineCounts(lines=6)
    assert header_line(iter(["# x", "", "a,b"])) == (3, "a,b")
    assert header_line(iter([])) == (1, "")


def test_quotes() -> None:
    assert read('"a, b",c\n"1, 2",3\n')[0] == [(2, {"a, b": "1, 2", "c": "3"})]


def test_a_quote_without_end_is_a_broken_row() -> None:
    """A row may go on over several lines, but not over the whole of a large file."""
    rows, counts = read('a,b\n1,2\n3,"' + "x\n" * 200_000)
    assert rows[0] == (2, {"a": "1", "b": "2"}) and counts.broken > 0


def test_the_norm_of_parts_is_computed_where_there_is_no_total() -> None:
    assert read("a,norm/b,norm/c\n1,3,4\n2,,\n3,x,1\n")[0] == [
        (2, {"a": "1", "norm/b": "3", "norm/c": "4", "grad_norm": 5.0}),
        (3, {"a": "2", "norm/b": "", "norm/c": ""}),
        (4, {"a": "3", "norm/b": "x", "norm/c": "1"}),
    ]
    assert "grad_norm" not in read("norm_total,norm/b\n1,3\n")[0][0][1]


def test_headers() -> None:
    assert is_header("a,b", TABLE) and not is_header("b,a", TABLE) and not is_header("a" * 100_000, TABLE)
