"""The table of formats."""

import re

import pytest

from cliffscape.app.logs.log_format import FORMATS, LogFormat, formats, register
from cliffscape.app.logs.reading import read_log as _fills_the_table  # noqa: F401


def test_general_formats_are_tried_last() -> None:
    flags = [one.general for one in formats()]
    assert flags == sorted(flags) and 3 <= sum(flags) < len(flags)


def test_a_format_is_declared_once() -> None:
    with pytest.raises(ValueError, match="log format JSON lines is declared twice"):
        register(LogFormat("JSON lines", "json_line", "{}"))


@pytest.mark.parametrize("label", FORMATS)
def test_the_form_that_errors_show_has_the_mark(label: str) -> None:
    one = FORMATS[label]
    if (one.mark and one.place != "unknown") or one.kind == "csv":
        assert re.search(one.mark, one.form)
