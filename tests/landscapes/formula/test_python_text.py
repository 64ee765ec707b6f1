"""A formula as a Python function: the same bits as the interpreter's, without Cliffscape."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.formula.formula import formula_of
from cliffscape.landscapes.formula.presets import RECURRENCE
from cliffscape.landscapes.formula.python_text import python_call, python_text, used_functions
from tests.landscapes.formula.formulas import POINTS, SMOOTH

NAMES = """\
T: (1, 9) = 3
total = x
torch = 1/2
for _ in range(T):
    total *= y*softplus
where(0 < x <= 1 < y, total, pi)*torch + theta/x"""


def defined(text: str) -> Callable[..., Tensor]:
    """The function of a formula's text."""
    known = formula_of(text)
    space = {"torch": torch, **{function.__name__: function for function in used_functions(known)}}
    exec(python_text(known), space)
    function: Callable[..., Tensor] = space["formula"]  # type: ignore[assignment]
    return function


@pytest.mark.parametrize("text", [*SMOOTH, NAMES.replace("softplus", "softness"), RECURRENCE, "torch_*torch**2"])
def test_the_function_computes_the_same_bits(text: str) -> None:
    assert torch.equal(defined(text)(POINTS), formula_of(text).loss(POINTS))


def test_the_recurrence_reads_as_one_would_write_it() -> None:
    assert python_text(formula_of(RECURRENCE)).splitlines() == [
        "def formula(theta, T=50):",
        '    """The loss at ``theta`` ``(..., 2)``."""',
        "    w, b = theta.unbind(-1)",
        "    h = torch.full_like(w, 0.5)",
        "    for _ in range(T):",
        "        h = w * torch.sigmoid(h) + b",
        "    return (torch.sigmoid(h) - 0.7) ** 2",
    ]


def test_the_function_of_a_curve_reads_one_coordinate() -> None:
    text = "h = 2\nh*sin(x) + x**2"
    assert "    x = theta[..., 0]" in python_text(formula_of(text)).splitlines()
    assert torch.equal(defined(text)(POINTS[:, :1]), formula_of(text).loss(POINTS))


def test_a_call_has_the_numbers_of_the_scene() -> None:
    known = formula_of("h = x\nfor _ in range(n):\n    h = h*total\nh + y*torch")
    assert python_call(known, 7, {"total": 2.5, "torch": -1.0}) == "formula(theta, n=7, total_=2.5, torch_=-1.0)"
    assert python_call(formula_of("x*y"), 20, {}) == "formula(theta)"


def test_numbers_that_overflow_are_no_errors() -> None:
    assert defined("x*y*10**400 + (1 - 1)*(-8)**0.5")(POINTS).isnan().all()
