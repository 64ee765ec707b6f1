"""Numbers of logs."""

import math

import pytest

from cliffscape.app.logs.numbers import read_number


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1.682", 1.682),
        (" 2.3E+00 ", 2.3),
        ("-.5", -0.5),
        ("3.", 3.0),
        ("inf", math.inf),
        ("-Infinity", -math.inf),
        ("1e999", math.inf),
        (7, 7.0),
        (10**400, math.inf),
        ("", None),
        ("None", None),
        (None, None),
        (True, None),
        ([1.0], None),
    ],
)
def test_numbers(value: object, expected: float | None) -> None:
    assert read_number(value) == expected


@pytest.mark.parametrize("text", ["NaN", "nan", "-nan"])
def test_nan(text: str) -> None:
    assert math.isnan(read_number(text) or 0)


@pytest.mark.parametrize("text", ["1_000", "1,234", "0x10", "١", "1.2.3", "e5", "1" * 500, "tensor(1.0)"])
def test_texts_that_are_no_numbers(text: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        read_number(text)
