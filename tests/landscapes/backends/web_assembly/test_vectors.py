"""Single operations in WebAssembly: the exponential near its exact value, and all others as in PyTorch."""

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.backends.javascript import CALLS, LIBRARY
from cliffscape.landscapes.backends.web_assembly import instructions as wasm
from cliffscape.landscapes.backends.web_assembly.vectors import TOGETHER, Vectors
from cliffscape.landscapes.tracing.program import Program, Scalar
from tests.node import SweepRuns, run

NONE = torch.empty(0, dtype=torch.float64)
SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, -2.5, 3.0, -7.25, 1e-300, -1e300, 5e-324]
SPECIAL += [math.inf, -math.inf, math.nan]
PAIRS = torch.tensor([(a, b) for a in SPECIAL for b in SPECIAL], dtype=torch.float64)
NUMBERS: dict[str, Callable[..., Tensor]] = {
    **{op: getattr(torch, op) for op in ("abs", "neg", "sqrt", "floor", "exp", "log", "sin", "cos", "tanh")},
    **{op: getattr(torch, op) for op in ("sigmoid", "sign", "remainder", "pow")},
    "+": torch.add,
    "-": torch.sub,
    "*": torch.mul,
    "/": torch.div,
    "min": torch.minimum,
    "max": torch.maximum,
}
MASKS: dict[str, Callable[..., Tensor]] = {
    "<": torch.lt,
    "<=": torch.le,
    ">": torch.gt,
    ">=": torch.ge,
    "===": torch.eq,
    "!==": torch.ne,
    "&&": torch.logical_and,
    "||": torch.logical_or,
    "!": torch.logical_not,
}
OPERATIONS = NUMBERS | MASKS
ALONE = {"abs", "neg", "sqrt", "floor", "exp", "log", "sin", "cos", "tanh", "sigmoid", "sign", "!"}


def module(program: Program, output: Scalar) -> str:
    """A kernel with nothing but vectors, which compute ``output`` from x and y."""
    writer = Vectors(program)
    writer.rows = {"x": 0, "y": TOGETHER}
    code = writer.part([output])
    code += b"".join(wasm.store(2 * TOGETHER + one, writer.operand(output, one)) for one in range(TOGETHER))
    vectors = writer.export(code, 3 * TOGETHER)
    return "\n".join([*LIBRARY.values(), 'export const parameters = [], columns = ["value"];', vectors, ""])


def compute(build: Callable[[Program, Scalar, Scalar], Scalar], pairs: Tensor = PAIRS) -> Tensor:
    """What an expression of x and y is for pairs ``(N, 2)``."""
    program = Program()
    output = build(program, program.input("x"), program.input("y"))
    [found] = run([SweepRuns(module(program, output), NONE, pairs, 0, vectors=True, results=1)])
    return found[:, 0]


def test_every_operation_of_the_kernels_is_tested() -> None:
    assert set(OPERATIONS) == {*wasm.VECTOR, *CALLS, "exp", "sigmoid", "sign"}


@pytest.mark.parametrize("op", OPERATIONS)
def test_an_operation_is_that_of_pytorch(op: str) -> None:
    found = compute(lambda program, x, y: program.add(op, *((x,) if op in ALONE else (x, y))))
    expected = OPERATIONS[op](PAIRS[:, 0]) if op in ALONE else OPERATIONS[op](PAIRS[:, 0], PAIRS[:, 1])
    # PyTorch's remainder subtracts a rounded multiple; JavaScript's is exact. There, 1 to the power of Inf is NaN.
    if op in ("remainder", "pow"):
        near = PAIRS.abs().amax(1) < 10
        found, expected = found[near], expected[near]
    torch.testing.assert_close(found, expected.double(), rtol=1e-15, atol=0, equal_nan=True)


def test_a_condition_picks_one_of_two_numbers_also_where_the_other_is_nan() -> None:
    found = compute(lambda program, x, y: program.add("select", program.add("<", x, y), x, program.add("sqrt", y)))
    x, y = PAIRS.unbind(1)
    torch.testing.assert_close(found, torch.where(x < y, x, y.sqrt()), rtol=0, atol=0, equal_nan=True)


def test_a_comparison_counts_as_a_number_and_a_number_as_a_condition() -> None:
    found = compute(lambda program, x, y: program.add("+", program.add("<", x, y), program.add("!", y)))
    x, y = PAIRS.unbind(1)
    assert found.tolist() == ((x < y).double() + torch.logical_not(y).double()).tolist()


def test_the_exponential_is_within_two_units_in_the_last_place() -> None:
    generator = torch.Generator().manual_seed(3)
    x = torch.cat([torch.linspace(-708, 709, 4001, dtype=torch.float64), torch.rand(4001, generator=generator) - 0.5])
    found = compute(lambda program, x, _: program.add("exp", x), torch.stack([x, x], 1).double()).numpy()
    exact = np.exp(x.numpy().astype(np.longdouble))
    distance = np.abs((found - exact) / np.spacing(exact.astype(np.float64)))
    assert distance.max() < 2


def test_the_exponential_beyond_the_range_of_float64() -> None:
    x = torch.tensor([-746.0, -745.0, -1e6, 709.7, 709.8, 1e6, 1e308], dtype=torch.float64)
    found = compute(lambda program, x, _: program.add("exp", x), torch.stack([x, x], 1))
    torch.testing.assert_close(found, x.exp(), rtol=1e-15, atol=0)


def test_a_long_sum_needs_few_locals() -> None:
    """The places of values that are no longer read are used again."""
    program = Program()
    total = x = program.input("x")
    for _ in range(200):
        total = program.add("exp", program.add("*", total, x))
    writer = Vectors(program)
    writer.rows = {"x": 0}
    writer.part([total])
    assert writer.count < 50
