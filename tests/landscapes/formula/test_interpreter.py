"""The interpreter: shapes, and the deadline."""

import pytest
import torch

from cliffscape.landscapes.formula.formula import formula_of
from cliffscape.landscapes.formula.formula_error import FormulaError
from cliffscape.landscapes.formula.grammar import parse
from cliffscape.landscapes.formula.interpreter import Interpreter


@pytest.mark.parametrize("text", ["x + y", "where(0 < 1, 2, x + y)", "where(1 < 0, x, 5) + 0*y", "k*1 + 0*x + 0*y"])
@pytest.mark.parametrize("shape", [(2,), (3, 2), (4, 3, 2), (0, 2)])
def test_the_loss_has_the_shape_of_the_points(text: str, shape: tuple[int, ...]) -> None:
    assert formula_of(text).loss(torch.ones(shape, dtype=torch.float64)).shape == shape[:-1]


def test_a_loop_ends_at_the_deadline() -> None:
    like = torch.zeros((), dtype=torch.float64)
    module = parse("h = x\nfor _ in range(9):\n    h = h + y\nh")
    values = {"x": like, "y": like}
    assert Interpreter(like, dict(values)).evaluate(module) == 0
    with pytest.raises(FormulaError, match=r"that is evaluated in 2 seconds \(line 2, column 1\)"):
        Interpreter(like, dict(values), deadline=0.0).evaluate(module)
    assert formula_of("x + y").loss(torch.zeros(2, dtype=torch.float64), seconds=2.0) == 0
