"""Objects of an array inside a JSON document."""

import io
import json

import pytest

from cliffscape.app.logs.engines.json_array import LONGEST_OBJECT, array_records
from cliffscape.app.logs.log_format import LogFormat
from cliffscape.app.logs.rows import LineCounts, Row

RECORDS = LogFormat("records", "json_array", "", mark=r'"records"\s*:\s*\[')


def read(text: str) -> tuple[list[Row], LineCounts]:
    """The records of a text, and its counts."""
    counts = LineCounts()
    return list(array_records(io.BytesIO(text.encode()), RECORDS, counts)), counts


@pytest.mark.parametrize("indent", [None, 2])
def test_records_across_pieces_of_the_file(indent: int | None) -> None:
    expected = [{"step": k, "text": "x" * 100, "value": float("nan") if k % 9 == 0 else k} for k in range(2000)]
    rows, counts = read(json.dumps({"a": 1, "records": expected, "b": []}, indent=indent))
    assert json.dumps([values for _, values in rows]) == json.dumps(expected)
    assert counts.broken == 0
    if indent:
        assert [line for line, _ in rows[:2]] == [8, 13]


@pytest.mark.parametrize(("end", "broken"), [("", 1), ('{"a": ', 1), ("]", 0), ("}", 1), ("1]", 1)])
def test_the_end_of_the_array(end: str, broken: int) -> None:
    rows, counts = read('{"records": [{"a": 1},\n{"a": 2},' + end)
    assert rows == [(1, {"a": 1}), (2, {"a": 2})]
    assert (counts.broken, counts.first_broken) == (broken, 2 if broken else None)


def test_an_object_is_not_read_without_end() -> None:
    rows, counts = read('{"records": [{"a": "' + "x" * (2 * LONGEST_OBJECT))
    assert rows == [] and counts.broken == 1


def test_without_the_mark_there_are_no_records() -> None:
    assert read('{"other": [{"a": 1}]}')[0] == []
