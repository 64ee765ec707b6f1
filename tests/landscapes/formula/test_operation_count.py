"""The number of operations, which is bounded."""

import pytest
import torch

from cliffscape.landscapes.derivatives import curvatures
from cliffscape.landscapes.formula.formula import formula_of
from cliffscape.landscapes.formula.formula_error import FormulaError
from cliffscape.landscapes.formula.grammar import parse
from cliffscape.landscapes.formula.operation_count import MOST_TRACED, check_operations
from cliffscape.landscapes.tracing.arguments import Arguments
from cliffscape.landscapes.tracing.program import Program
from tests.landscapes.formula.formulas import BEALE, ONE_UNIT, ROSENBROCK
from tests.reference import tensor

NESTED = "h = x\nfor _ in range(T):\n    for _ in range(100):\n        h = sin(h)\nh + y"


def test_a_loop_counts_as_often_as_it_runs() -> None:
    body = "h = x\nfor _ in range({}):\n    h = sin(h)*y\nh + y"
    counts = [check_operations(parse(body.format(times)), {}) for times in (1, 2, 11)]
    assert counts[2] - counts[0] == 10 * (counts[1] - counts[0])


@pytest.mark.parametrize("text", [ROSENBROCK, BEALE, ONE_UNIT, "softplus(x)*tan(y) + maximum(x, y)"])
def test_the_count_is_about_that_of_the_traced_curvature(text: str) -> None:
    formula, arguments = formula_of(text), Arguments(Program())
    arguments.trace(lambda theta: list(curvatures(formula.loss, theta)), {"theta": tensor([1.0, 0.5])})
    ratio = len(arguments.program.nodes) / check_operations(formula.module, {"T": formula.repetitions})
    assert 0.4 < ratio < 2.5


def test_too_many_operations_are_refused_with_the_line_that_takes_most() -> None:
    with pytest.raises(FormulaError, match=r"at most 20,000 operations \(line 2, column 1\), got about 48,252"):
        formula_of(NESTED)
    shorter = formula_of(f"T: (1, 50) = 5\n{NESTED}")
    assert shorter.loss(tensor([1.0, 2.0]), 6).isfinite()
    with pytest.raises(FormulaError, match="at most 20,000 operations"):
        shorter.loss(tensor([1.0, 2.0]), 50)


def test_the_longest_formulas_are_counted_and_not_run() -> None:
    deep = "".join(f"{' ' * k}for _ in range(1000):\n" for k in range(12))
    with pytest.raises(FormulaError, match="operations"):
        formula_of(f"{deep}{' ' * 12}h = x\nx + y")
    assert MOST_TRACED == 20_000 and torch.float64
