"""Records that are lines of text."""

import io

import pytest

from cliffscape.app.logs.engines.text_records import LONGEST_SEARCHED, line_records, record_reader
from cliffscape.app.logs.log_format import LogFormat
from cliffscape.app.logs.rows import LineCounts

DICT = LogFormat("dicts", "dict_line", "", mark=r"(\{'[^']+': .*)")
OBJECT = LogFormat("objects", "json_line", "", mark=r"^(\{.*)")
PATTERN = LogFormat("patterns", "pattern_line", "", mark="step", patterns={"a": r"a=(\d+)", "b": r"b=(\d+)"})


def test_dicts_with_numbers_and_texts() -> None:
    read = record_reader(DICT)
    assert read("5%|# {'a': 1.5, 'b': 'x', 'c': nan, 'd': -1e-05, 'e': None}") == {
        "a": "1.5",
        "b": "x",
        "c": "nan",
        "d": "-1e-05",
        "e": "None",
    }
    assert read("{a: 1}") is None
    with pytest.raises(ValueError, match="ends within the dict"):
        read("{'a': 1, 'b': 2")


def test_objects() -> None:
    read = record_reader(OBJECT)
    assert read('{"a": {"b": {"c": 1}}, "d": 2}') == {"a/b/c": 1, "d": 2}
    for text in ('{"a"', '{"a": ' * 100_000):
        with pytest.raises(ValueError):
            read(text)


def test_patterns_that_are_not_found_are_left_out() -> None:
    read = record_reader(PATTERN)
    assert read("step a=1") == {"a": "1"}
    assert read("a=1") is None
    assert read("step a=1" + " " * LONGEST_SEARCHED) is None


def test_lines_are_counted() -> None:
    counts = LineCounts()
    file = io.BytesIO(b"{'a': 1}\n\nother\n{'a': 2\n{'a': 3}\n")
    assert list(line_records(file, DICT, counts)) == [(1, {"a": "1"}), (5, {"a": "3"})]
    assert counts == LineCounts(lines=5, broken=1, other=1, first_broken=4)
