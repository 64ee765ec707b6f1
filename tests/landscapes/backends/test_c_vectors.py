"""Lanes in vector registers: every operation has a form, exponentials are within a unit in the last place."""

import math
from collections.abc import Callable
from pathlib import Path

import mpmath
import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.backends import c_compiler, c_expressions, c_vectors
from cliffscape.landscapes.backends.c_compiler import compile_routine, routine_text
from cliffscape.landscapes.backends.c_vectors import MOST, Registers, vector_source
from cliffscape.landscapes.descent.batch import SweepRecipe
from tests.landscapes.backends.test_c_compiler import FUNCTIONS, check_steps, routine_of
from tests.reference import tensor
from tests.routes import RECIPES, needs_compiler

PROCESSOR = Path("/proc/cpuinfo")
needs_vectors = pytest.mark.skipif(
    not PROCESSOR.exists() or "avx512f" not in PROCESSOR.read_text(),
    reason="only processors with AVX-512 have such registers, and this one is another",
)


def test_every_operation_has_a_form() -> None:
    assert {*c_vectors.INFIX, *c_vectors.CALLS} == {*c_expressions.INFIX, *c_expressions.CALLS}


def test_a_long_routine_stays_in_loops() -> None:
    routine = SweepRecipe("repeated_composition", "gradient_descent", "by_norm").routine()
    assert len(Registers(routine, ()).work) > MOST
    assert vector_source(routine) is None
    assert "#if" not in routine_text(routine, (), single=False).partition("void advance")[2]


@needs_compiler
@pytest.mark.parametrize("name", ["one_unit_rnn", "saddle"])
def test_loops_of_a_processor_without_such_registers_equal_pytorch(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(c_compiler, "ATTEMPTS", c_compiler.ATTEMPTS[1:])
    routine = compile_routine(RECIPES[name].routine())
    assert routine is not None
    check_steps(RECIPES[name], routine, 1e-9)


def units_off(function: str, exact: Callable[[float], mpmath.mpf], places: Tensor) -> float:
    """The largest error of a compiled function of x, in units in the last place of the exact value."""
    routine = compile_routine(routine_of(FUNCTIONS[function]))
    assert routine is not None
    columns = torch.stack([places, places]).contiguous()
    routine.advance(columns, {}, columns.new_empty(0, len(places)), 1)
    with mpmath.workprec(200):
        pairs = zip(columns[0].tolist(), map(exact, places.tolist()), strict=True)
        return max(float(abs(found - value) / math.ulp(float(value))) for found, value in pairs)


@needs_compiler
@needs_vectors
def test_exponentials_are_within_a_unit_in_the_last_place() -> None:
    """Also where the result is no longer a normal number, below -708."""
    generator = torch.Generator().manual_seed(1)
    wide = torch.rand(3000, generator=generator, dtype=torch.float64) * 1454 - 745
    near = torch.randn(1000, generator=generator, dtype=torch.float64)
    halves = (torch.arange(-20, 20, dtype=torch.float64) + 0.5) * math.log(2)
    places = torch.cat([wide, near, halves, near * 1e-9, tensor([0.0, 709.78, -745.1])])
    assert units_off("exp", mpmath.exp, places) < 1
    assert units_off("sigmoid", lambda x: 1 / (1 + mpmath.exp(-x)), places[places > -700]) < 2
