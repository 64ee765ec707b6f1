"""Statements: C that says what a node says."""

import math

import pytest

from cliffscape.landscapes.backends.c_expressions import CALLS, INFIX, literal
from cliffscape.landscapes.backends.javascript import expression


@pytest.mark.parametrize("value", [0.1, -2.5, 1e300, 5e-324, 0.0, 3.0])
def test_numbers_are_written_to_the_last_bit(value: float) -> None:
    text = literal(value).removeprefix("(real)")
    assert float.fromhex(text) == value


def test_inf_and_nan_literals() -> None:
    assert literal(math.inf) == "(real)(1.0 / 0.0)"
    assert literal(-math.inf) == "(real)(-1.0 / 0.0)"
    assert literal(math.nan) == "(real)(0.0 / 0.0)"


def test_expressions() -> None:
    assert expression("===", ["a", "b"], INFIX, CALLS) == "a == b"
    assert expression("&&", ["a", "b"], INFIX, CALLS) == "a & b"
    assert expression("select", ["a", "b", "c"], INFIX, CALLS) == "a ? b : c"
    assert expression("max", ["a", "b"], INFIX, CALLS) == "larger(a, b)"
    assert expression("exp", ["a"], INFIX, CALLS) == "NAMED(exp)(a)"
    assert expression("neg", ["a"], INFIX, CALLS) == "-a"
