"""The landscape of a formula: its fields follow the text, and its values are those of the formula."""

import pytest
import torch

from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.formula.formula import formula_of
from cliffscape.landscapes.formula.formula_error import FormulaError
from cliffscape.landscapes.formula.presets import RECURRENCE
from cliffscape.landscapes.formula.typed_formula import declared_parameters, found_minima
from cliffscape.landscapes.loss import Window
from tests.landscapes.formula.formulas import ROSENBROCK

ENTRY = LANDSCAPES["formula"]
SHIFTED = "k: (-3, 3) = 2\n(u - k)**2 + (v - s)**2"


def test_the_fields_are_those_of_the_text() -> None:
    found = ENTRY.of(text=SHIFTED)
    assert found.axes == ("u", "v")
    assert found.window == Window(0, 4, -1, 3)
    assert found.window.holds(found.start)
    assert found.height == "linear"
    assert found.solved is None, "the loss at the minimum may depend on the constants"
    assert found.defaults == {"text": ENTRY.defaults["text"], "first_constant": 2, "second_constant": 1}
    assert ENTRY.of(text=ROSENBROCK).solved is not None
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


def test_another_number_of_repetitions_has_no_solved_loss() -> None:
    assert ENTRY.of(text=RECURRENCE).solved == ENTRY.of(text=RECURRENCE, repetitions=50).solved is not None
    assert ENTRY.of(text=RECURRENCE, repetitions=51).solved is None


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
