"""The grammar: what is refused, with the place and the reason."""

import pytest

from cliffscape.landscapes.formula.formula_error import FormulaError
from cliffscape.landscapes.formula.grammar import LONGEST, number, parse

FUNCTIONS = "with the functions exp, log, sqrt"
PARTS = "of numbers, names, + - * / ** and functions"
LAST = "whose last line is the loss"
LINES = "of lines such as h = w*x, for _ in range(T): and, last, the loss"
REFUSED = [
    ("", LAST, 1, 1),
    ("x = 1", LAST, 1, 1),
    ("x +", "in Python's syntax", 1, 4),
    ("x + y\n  z", "in Python's syntax", 2, 2),
    ("(x + y", "in Python's syntax: '(' was never closed", 1, 1),
    ("x + y\nz", LINES, 1, 1),
    ("import os\nx + y", LINES, 1, 1),
    ("import os", LAST, 1, 1),
    ("def f(): return x\nx + y", LINES, 1, 1),
    ("while x: y = 1\nx + y", LINES, 1, 1),
    ("del x\nx + y", LINES, 1, 1),
    ("global x\nx + y", LINES, 1, 1),
    ("x = y = 1\nx + y", LINES, 1, 1),
    ("for _ in range(3):\n  h = 1\nelse:\n  h = 2\nx + y", LINES, 1, 1),
    ("'a docstring'\nx + y", LINES, 1, 1),
    ("h %= 2\nx + y", LINES, 1, 1),
    ("h.x = 1\nx + y", "that gives values only to names", 1, 1),
    ("h[0] = 1\nx + y", "that gives values only to names", 1, 1),
    ("a, b = 1\nx + y", "that gives values only to names", 1, 1),
    ("pi = 3\nx + y", "in which pi keeps its value", 1, 1),
    ("exp = 3\nx + y", "in which exp is a function", 1, 1),
    ("range = 3\nx + y", "in which range is a function", 1, 1),
    ("__x = 3\nx + y", "whose names do not start with two underscores", 1, 1),
    ("x + __builtins__", "whose names do not start with two underscores", 1, 5),
    ("x + exp", "in which exp is a function", 1, 5),
    ("x.real + y", PARTS, 1, 1),
    ("().__class__", PARTS, 1, 1),
    ("x[0] + y", PARTS, 1, 1),
    ("[x for x in y]", PARTS, 1, 1),
    ("{x: y}", PARTS, 1, 1),
    ("(lambda: x) + y", PARTS, 1, 2),
    ("x if y else x", PARTS, 1, 1),
    ("x and y", PARTS, 1, 1),
    ("not x + y", PARTS, 1, 1),
    ("~x + y", PARTS, 1, 1),
    ("(z := x) + y", PARTS, 1, 2),
    ("f'{x}' + y", PARTS, 1, 1),
    ("(x, y)", PARTS, 1, 1),
    ("await x", PARTS, 1, 1),
    ("'x' + y", "in which this is a number", 1, 1),
    ("True*x + y", "in which this is a number", 1, 1),
    ("1j*x + y", "in which this is a number", 1, 1),
    ("...", "in which this is a number", 1, 1),
    ("1e999*x + y", "of numbers below 1.8e308", 1, 1),
    ("9" * 400 + "*x", "of numbers below 1.8e308", 1, 1),
    ("x ^ y", "with the operators + - * / and **; a power is x**2", 1, 1),
    ("x + y % 2", "with the operators + - * / and **", 1, 5),
    ("x // y", "with the operators + - * / and **", 1, 1),
    ("x << y", "with the operators + - * / and **", 1, 1),
    ("x @ y", "with the operators + - * / and **", 1, 1),
    ("x < y", "whose comparisons are the first argument of where", 1, 1),
    ("where(x, 1, y)", "in which the first argument of where is a comparison", 1, 7),
    ("where(x in y, 1, y)", "in which the first argument of where is a comparison", 1, 7),
    ("where(x is y, 1, y)", "in which the first argument of where is a comparison", 1, 7),
    ("eval('x')", FUNCTIONS, 1, 1),
    ("x + __import__('os').system('ls')", FUNCTIONS, 1, 5),
    ("exp.__call__(x)", FUNCTIONS, 1, 1),
    ("range(3)", FUNCTIONS, 1, 1),
    ("exp(x)(y)", FUNCTIONS, 1, 1),
    ("exp(x, y)", "in which exp has 1 argument", 1, 1),
    ("maximum(x)", "in which maximum has 2 arguments", 1, 1),
    ("sum()", "in which sum has 1 to 50 arguments", 1, 1),
    ("exp(x=y)", "in which exp has 1 argument", 1, 1),
    ("sum(*x)", PARTS, 1, 5),
    ("for _ in x:\n  h = 1\nx + y", "whose loops are over range(T)", 1, 10),
    ("for _ in range(1, 2):\n  h = 1\nx + y", "whose loops are over range(T)", 1, 10),
    ("for _ in range(0):\n  h = 1\nx + y", "whose loops have a name or a whole number from 1 to 1000", 1, 16),
    ("for _ in range(2.0):\n  h = 1\nx + y", "whose loops have a name or a whole number", 1, 16),
    ("for _ in range(10**9):\n  h = 1\nx + y", "whose loops have a name or a whole number", 1, 16),
    ("for _ in range(exp):\n  h = 1\nx + y", "in which exp is a function", 1, 16),
    ("for h.x in range(3):\n  h = 1\nx + y", "that gives values only to names", 1, 5),
    ("for _ in range(3):\n  x\nx + y", LINES, 2, 3),
    ("k: int = 3\nk*x + y", "whose bounds are written as k: (0, 10) = 1", 1, 1),
    ("k: (0, 1)\nk*x + y", "whose bounds are written as k: (0, 10) = 1", 1, 1),
    ("k: (0, 1, 2) = 1\nk*x + y", "whose bounds are written as", 1, 1),
    ("k: (0, 1) = 2\nk*x + y", "with low <= value <= high", 1, 1),
    ("k: (1, 1) = 1\nk*x + y", "with low <= value <= high", 1, 1),
    ("k: (0, exp(1)) = 1\nk*x + y", "in which this is a number", 1, 8),
    ("x + é", "of ASCII characters", 1, 5),
    ("x\t+ y", "of ASCII characters", 1, 2),
    ("x + y\r\n", "of ASCII characters", 1, 6),
    ("x + y\x00", "of ASCII characters", 1, 6),
    ("(" * 300 + "x" + ")" * 199, "in Python's syntax: too many nested parentheses", 1, 201),
    ("(" * 100 + "-x" + ")" * 100 + "**2" * 60, "that is nested less deeply", None, None),
    ("-" * 499 + "x", "that is nested less deeply", None, None),
    ("x" * (LONGEST + 1), "of at most 500 characters", 1, 1),
]


@pytest.mark.parametrize(("text", "bound", "line", "column"), REFUSED, ids=lambda one: str(one)[:24])
def test_other_syntax_is_refused(text: str, bound: str, line: int | None, column: int | None) -> None:
    with pytest.raises(FormulaError) as found:
        parse(text)
    assert bound in str(found.value)
    if line is not None:
        assert (found.value.line, found.value.column) == (line, column)
    assert len(str(found.value)) < 300


def test_a_number_may_have_signs() -> None:
    module = parse("x + y\n")
    assert len(module.body) == 1
    [declared] = parse("k: (-1.5, +2) = -+1\nx + y").body[:1]
    assert number(declared.value) == -1  # type: ignore[attr-defined]
