"""Quantities: what can be parsed, its values, and errors for everything else."""

import math

import pytest

from cliffscape.app.lessons.expressions import ROWS, parse_quantity
from cliffscape.app.lessons.headless import HeadlessRun
from cliffscape.app.runs.table import COLUMNS
from cliffscape.app.scene.links import from_query
from cliffscape.landscapes.bound_error import BoundError

OPENING = HeadlessRun(from_query({}))
GOOD = [
    ("without.thrown_length", 9.449910112928068),
    ("without.thrown_step", 13),
    ("with.clipped_steps", 16),
    ("without.loss[13] / without.loss[12]", 53.05321),
    ("with.loss[-1] - with.loss[60]", 0),
    ("without.x[0]", 4.6),
    ("without.y[0]", -1.7),
    ("-with.clip_factor[0] + 2 * 3 ** 2", 17),
    ("log(exp(1)) + log10(100) + sqrt(4) + abs(-1)", 6),
    ("min(1, 2) + max(1, 2, 3)", 4),
    ("degrees(acos(0))", 90),
    ('predicted_change(run="without", step=13)', -178.60160),
]


def test_rows_have_the_columns_of_tables() -> None:
    assert ("run", "step", *ROWS) == COLUMNS


@pytest.mark.parametrize(("text", "value"), GOOD)
def test_a_quantity_has_its_value(text: str, value: float) -> None:
    assert parse_quantity(text).evaluate(OPENING) == pytest.approx(value, rel=1e-6, abs=1e-9)


def test_strings_and_booleans_are_values_too() -> None:
    assert parse_quantity("without.outcome").evaluate(OPENING) == "thrown"
    assert parse_quantity("with.thrown").evaluate(OPENING) is False


@pytest.mark.parametrize("text", ["log(-1)", "sqrt(-1)", "(-1) ** 0.5"])
def test_an_undefined_value_is_nan(text: str) -> None:
    assert math.isnan(float(parse_quantity(text).evaluate(OPENING)))


@pytest.mark.parametrize("text", ["1 / 0", "9 ** 9 ** 9", "without.outcome + 1", "abs(1, 2)"])
def test_an_impossible_computation_is_an_error(text: str) -> None:
    with pytest.raises(BoundError, match="something with a value"):
        parse_quantity(text).evaluate(OPENING)


def test_a_row_beyond_the_run_is_reported() -> None:
    with pytest.raises(BoundError, match="got 61"):
        parse_quantity("with.loss[61]").evaluate(OPENING)


BAD = [
    ("without.lenght", "one of without's outcome, thrown, "),
    ("other.outcome", "about the runs without and with, got 'other'"),
    ("with.z[1]", "one of the columns x, y, loss, "),
    ("with.loss[a]", "a row with a whole number as its index, got 'a'"),
    ("with.loss[1.5]", "a row with a whole number as its index, got 1.5"),
    ("with.loss", "one of with's"),
    ("sharpest()", "one of the measurements ("),
    ("predicted_change(stride=1)", "predicted_change with arguments named run, step, got 'stride'"),
    ("predicted_change(step=1e9)", "given step as a whole number from -100001 to 100000, got 1000000000"),
    ("predicted_change(step=True)", "given step as a whole number"),
    ("predicted_change(run=3)", "given run as text"),
    ("loss_at(x=1 + 1)", "given x as a plain number or text"),
    ("1 <", "one such as without.thrown_length"),
    ("1 < 2", "made of runs, rows, measurements and arithmetic"),
    ("'text'", "made of runs"),
    ("True", "made of runs"),
    ("[1]", "made of runs"),
    ("lambda: 1", "made of runs"),
    ("__import__('os')", "made of runs"),
    ("().__class__", "made of runs"),
    ("with.loss.__class__", "made of runs"),
    ("(" * 300, "one such as"),
    ("1 + " * 200 + "1", "at most 500 characters long"),
]


@pytest.mark.parametrize(("text", "bound"), BAD, ids=[text[:30] for text, _ in BAD])
def test_anything_else_is_an_error_that_says_what_it_must_be(text: str, bound: str) -> None:
    with pytest.raises(BoundError) as refused:
        parse_quantity(text)
    assert str(refused.value).startswith(f"quantity must be {bound}")
