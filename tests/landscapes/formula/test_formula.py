"""Formulas: equal to the catalogue's landscapes, closed forms, gradients, tracing, and texts at random."""

import ast
from pathlib import Path

import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch import Tensor

from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.formula import formula
from cliffscape.landscapes.formula.formula import formula_of
from cliffscape.landscapes.formula.formula_error import FormulaError
from cliffscape.landscapes.formula.functions import FUNCTIONS
from cliffscape.landscapes.tracing.arguments import Arguments
from cliffscape.landscapes.tracing.program import Program
from tests.landscapes.formula.formulas import BEALE, ONE_UNIT, POINTS, ROSENBROCK, SMOOTH, expressions
from tests.reference import tensor

STEP = 1e-5


@pytest.mark.parametrize(
    ("text", "kind"),
    [(ROSENBROCK, "rosenbrock"), (BEALE, "beale"), (ONE_UNIT, "one_unit_rnn")],
    ids=lambda one: one[:12],
)
def test_a_formula_computes_the_bits_of_the_catalogues_landscape(text: str, kind: str) -> None:
    entry, loss = LANDSCAPES[kind], formula_of(text).loss
    points = entry.window.grid(33, 33)
    times = entry.defaults.get("sequence_length")
    for shape in ((33, 33, 2), (1089, 2)):
        grid = points.reshape(shape)
        found = value_and_gradient(lambda theta: loss(theta, times), grid)  # type: ignore[arg-type]
        expected = value_and_gradient(entry.loss(), grid)
        assert all(torch.equal(a, b) for a, b in zip(found, expected, strict=True))


def test_there_are_fifty_formulas_with_every_function() -> None:
    assert len(SMOOTH) >= 50
    assert all(any(f"{name}(" in text for text in SMOOTH) for name in FUNCTIONS)


@pytest.mark.parametrize("text", SMOOTH)
def test_gradients_are_finite_differences_and_lanes_do_not_couple(text: str) -> None:
    loss = formula_of(text).loss
    value, gradient = value_and_gradient(loss, POINTS)
    assert value.shape == (64,) and value.dtype == torch.float64 and value.isfinite().all()
    for axis in (0, 1):
        step = STEP * torch.eye(2, dtype=torch.float64)[axis]
        slope = (loss(POINTS + step) - loss(POINTS - step)) / (2 * STEP)
        torch.testing.assert_close(gradient[:, axis], slope, rtol=1e-7, atol=1e-7)
    torch.testing.assert_close(loss(POINTS[5]), value[5], rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize("text", SMOOTH)
def test_every_formula_and_its_gradient_are_a_scalar_program(text: str) -> None:
    arguments, loss = Arguments(Program()), formula_of(text).loss
    scalars = arguments.trace(lambda theta: list(value_and_gradient(loss, theta)), {"theta": POINTS[0]})
    assert len(scalars) == 3


CLOSED_FORMS = [
    ("k: (1, 1000) = 100\n(1 - x)**2 + k*(y - x**2)**2", (-1.2, 1.0), 24.2),
    ("h = x\nfor _ in range(T):\n    h = y*h\nh", (3.0, 2.0), 3.0 * 2**20),
    ("for k in range(5):\n    h = k\nh*x + y", (3.0, 2.0), 14.0),
    ("where(x > 0, log(x), -y)", (-1.0, 2.0), -2.0),
    ("where(0 < x <= 1 < y, 1, 2) + 0*x", (1.0, 2.0), 1.0),
    ("maximum(x, y) - minimum(x, y)", (-3.0, 4.0), 7.0),
    ("softplus(x) + softplus(y)", (800.0, -800.0), 800.0),
    ("a*x + b*y + c", (1.0, 2.0), 4.0),
    ("2**3**x*y", (2.0, 1.0), 512.0),
]


@pytest.mark.parametrize(("text", "point", "value"), CLOSED_FORMS)
def test_values_worked_out_by_hand(text: str, point: tuple[float, float], value: float) -> None:
    assert formula_of(text).loss(tensor(point)).item() == pytest.approx(value, rel=1e-15, abs=1e-15)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1/(x - x) + y", torch.inf),
        ("log(x)*y", torch.nan),
        ("10**400*x + y", -torch.inf),
        ("(-8)**0.5 + x*y", torch.nan),
    ],
)
def test_overflow_and_undefined_values_are_data(text: str, expected: float) -> None:
    assert formula_of(text).loss(tensor(-1.0, 1.0)).item() == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize("text", ["maximum(x, y)", "minimum(x, y)", "abs(x) + y", "relu(x) + y", "x*0 + y"])
def test_nan_is_not_hidden(text: str) -> None:
    assert formula_of(text).loss(tensor(torch.nan, 1.0)).isnan()


def test_constants_and_repetitions_may_be_given() -> None:
    given = formula_of("k: (0, 9) = 4\nh = k*x\nfor _ in range(n):\n    h = h + y\nh")
    assert given.repeats == "n" and given.axes == ("x", "y")
    assert [one.name for one in given.constants] == ["k"]
    point = tensor([1.0, 10.0])
    assert given.loss(point).item() == 204
    assert given.loss(point, 3, {"k": 2.0}).item() == 32
    lanes = given.loss(point.expand(3, 2), 1, {"k": torch.arange(3, dtype=torch.float64)})
    assert lanes.tolist() == [10, 11, 12]


NAMES = ["x", "y", "k", "T", "h", "_", "__import__", "os", "eval", "exec", "print", "open", "self", *FUNCTIONS]
TOKENS = [
    *NAMES,
    *"+-*/()=,:.[]{}<>!@%^&|~'\"\\;",
    "**",
    "\n",
    "\n    ",
    " ",
    "for ",
    " in ",
    "range(",
    "lambda ",
    "if ",
]
NUMBERS = ["0", "1", "2.5", "1e308", "9**9", "0x10", "1j", "1_000", "True", "None", "..."]


def check_text(text: str) -> None:
    """A text is a formula with a loss, or it is refused with a place in it."""
    try:
        loss = formula_of(text).loss(POINTS[:3])
    except FormulaError as error:
        lines = text.split("\n")
        assert 1 <= error.line <= len(lines) + 1 and 1 <= error.column <= 501
        assert str(error).startswith("landscape.text must be a formula ")
    else:
        assert isinstance(loss, Tensor) and loss.shape == (3,) and loss.dtype == torch.float64


@settings(deadline=None, derandomize=True)
@given(st.lists(st.sampled_from([*TOKENS, *NUMBERS]), max_size=40).map("".join))
@example("(" * 500)
@example("-" * 499 + "x")
@example("x+y" + "\n" * 497)
def test_tokens_at_random_are_a_formula_or_refused(text: str) -> None:
    check_text(text)


@settings(deadline=None, derandomize=True)
@given(st.text(max_size=60) | st.text(st.characters(max_codepoint=127), max_size=60))
@example("\x00")
@example("x + y")
# A Cyrillic letter, and letters that Python's parser turns into others.
@example("x + у")
@example("﹏ + ｘ")
def test_texts_at_random_are_a_formula_or_refused(text: str) -> None:
    check_text(text)


@settings(deadline=None, derandomize=True)
@given(expressions())
def test_every_expression_has_a_loss_and_a_scalar_program(text: str) -> None:
    loss = formula_of(f"{text} + 0*x + 0*y").loss
    assert loss(POINTS).shape == (64,)
    Arguments(Program()).trace(lambda theta: list(value_and_gradient(loss, theta)), {"theta": POINTS[0]})


@pytest.mark.parametrize("path", sorted(Path(formula.__file__).parent.glob("*.py")), ids=lambda path: path.stem)
def test_a_formula_is_never_compiled_to_code(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    called = {function.id for function in calls if isinstance(function, ast.Name)}
    assert not called & {"eval", "exec", "compile", "globals", "locals", "vars", "__import__", "setattr"}
