"""The landscape of a formula: its fields follow the text, and its values are those of the formula."""

import pytest
import torch

from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.formula.formula import formula_of
from cliffscape.landscapes.formula.formula_error import FormulaError
from cliffscape.landscapes.formula.presets import RECURRENCE
from cliffscape.landscapes.formula.typed_formula import (
    declared_parameters,
    facts_at,
    found_facts,
    found_local_minima,
    found_minima,
)
from cliffscape.landscapes.loss import Window

ENTRY = LANDSCAPES["formula"]
SHIFTED = "k: (-3, 3) = 2\n(u - k)**2 + (v - s)**2"


def test_the_fields_are_those_of_the_text() -> None:
    found = ENTRY.of(text=SHIFTED)
    assert found.axes == ("u", "v")
    assert found.window == Window(0, 4, -1, 3)
    assert found.window.holds(found.start)
    assert found.height == "linear"
    assert found.defaults == {"text": ENTRY.defaults["text"], "first_constant": 2, "second_constant": 1}
    assert ENTRY.of() is not ENTRY and ENTRY.of().window == ENTRY.window


def test_the_parameters_have_the_names_and_bounds_of_the_formula() -> None:
    text, repetitions = declared_parameters(formula_of(RECURRENCE))
    assert (text.name, repetitions.name) == ("text", "repetitions")
    assert (repetitions.default, repetitions.range.low, repetitions.range.high) == (50, 1, 100)
    assert repetitions.label == "Repetitions T"
    _, first, second = declared_parameters(formula_of(SHIFTED))
    assert (first.range.symbol, first.range.low, first.range.high, first.default) == ("k", -3, 3, 2)
    assert (second.range.symbol, second.range.low, second.range.high, second.default) == ("s", -10, 10, 1)


def test_the_minima_follow_the_constants() -> None:
    rest = {"third_constant": 1.0, "fourth_constant": 1.0}
    [minimum] = found_minima(text=SHIFTED, repetitions=20, first_constant=0.5, second_constant=-7.0, **rest)
    assert minimum == pytest.approx((0.5, -7), abs=1e-12)


def test_the_loss_that_counts_as_converged_follows_the_names() -> None:
    text = "(x - k)**2 + (y - 1)**2 + 3*k"
    for k in (1.0, -2.0):
        solved = ENTRY.solved_loss(text=text, first_constant=k)
        assert solved is not None and 3 * k < solved < 3 * k + 0.1
    # A preset has one of its own, for the values that it declares.
    assert ENTRY.solved_loss(text=RECURRENCE, repetitions=50) == 1e-2
    other = ENTRY.solved_loss(text=RECURRENCE, repetitions=20)
    assert other is not None and 0 < other < 1e-2


def test_minima_of_a_long_recurrence_are_searched_for_when_the_values_rest() -> None:
    text = RECURRENCE.replace("= 50", "= 90")
    assert not found_facts(text, 90, ()).searched
    thorough = facts_at(text=text, repetitions=90)
    assert thorough.searched and len(thorough.minima) > 3
    longest = "h = x\nfor _ in range(600):\n    h = h*y\nh"
    assert not facts_at(text=longest, repetitions=20).searched


def test_local_minima_are_apart_from_the_lowest() -> None:
    text = "x**4/4 - x**2 + 0.3*x"
    [lowest], [local] = (rule(text=text, repetitions=20) for rule in (found_minima, found_local_minima))
    assert lowest[0] == pytest.approx(-1.48, abs=0.01) and local[0] == pytest.approx(1.33, abs=0.01)
    # The derivative x³ − 2x + 0.3 is 0, and its slope is positive.
    for x in (lowest[0], local[0]):
        assert x**3 - 2 * x + 0.3 == pytest.approx(0, abs=1e-12) and 3 * x**2 > 2
    # Without a lowest loss, there may still be a local minimum.
    assert found_minima(text="x**3 - x", repetitions=20) == ()
    [(x, y)] = found_local_minima(text="x**3 - x", repetitions=20)
    assert (x, y) == (pytest.approx(3**-0.5), 0)


def test_the_loss_has_the_values_that_the_formula_declares_unless_they_are_given() -> None:
    point = torch.tensor([2.0, 3.0], dtype=torch.float64)
    assert ENTRY.loss(text=SHIFTED)(point).item() == 4
    assert ENTRY.loss(text=SHIFTED, first_constant=1.0, second_constant=3.0)(point).item() == 1
    own, known = ENTRY.loss(text=RECURRENCE), LANDSCAPES["one_unit_rnn"]
    grid = known.window.grid(9, 9)
    pairs = zip(value_and_gradient(own, grid), value_and_gradient(known.loss(), grid), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)


def test_a_text_that_is_no_formula_is_refused() -> None:
    with pytest.raises(FormulaError, match=r"line 1, column 3"):
        ENTRY.of(text="x*eval(y)")
    with pytest.raises(FormulaError, match="operations"):
        ENTRY.of(text="h = x\nfor _ in range(T):\n  for _ in range(40):\n    h = h*y\nh", repetitions=100)


def test_every_local_minimum_in_the_window_is_found() -> None:
    """Waves, whose minima at y and −y are mirror images; from the coarse grid only some of them are found."""
    text = "2*sin(3*x)*cos(2*y) + 0.1*x**2 + 0.1*y**2"
    window = ENTRY.of(text=text).window
    inside = {
        (round(x, 6), round(y, 6)) for x, y in found_local_minima(text=text, repetitions=20) if window.holds((x, y))
    }
    assert len(inside) >= 4
    assert {(x, -y + 0.0) for x, y in inside if window.holds((x, -y))} <= inside
