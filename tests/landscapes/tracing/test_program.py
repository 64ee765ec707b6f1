"""Scalar programs: sharing, folding where it is exact, and numbers as JavaScript writes them."""

import math

import pytest
import torch

from cliffscape.landscapes.tracing.program import Program, literal
from tests import node
from tests.reference import tensor


def test_equal_nodes_are_shared() -> None:
    program = Program()
    x, y = program.input("x"), program.input("y")
    assert program.input("x") == x != y
    assert program.add("+", x, y) == program.add("+", x, y)
    assert program.add("+", x, y) != program.add("+", y, x), "addition rounds alike, but Inf and NaN need no proof"
    assert len(program.nodes) == 4


def test_constants_are_shared_by_their_bits() -> None:
    program = Program()
    assert program.constant(1) == program.constant(1.0)
    assert program.constant(0.0) != program.constant(-0.0)
    assert program.constant(math.nan) == program.constant(math.nan)
    assert program.constant(math.inf) != program.constant(-math.inf)


def test_a_node_comes_after_its_arguments() -> None:
    program = Program()
    x = program.input("x")
    program.power(program.plus(x, program.constant(2.0)), program.constant(3.0))
    assert all(argument < place for place, node_ in enumerate(program.nodes) for argument in node_.arguments)


def test_neutral_elements_are_dropped() -> None:
    program = Program()
    x, zero, one = program.input("x"), program.constant(0.0), program.constant(1.0)
    assert program.multiply(x, one) == program.multiply(one, x) == x
    assert program.plus(x, zero) == program.plus(zero, x) == x
    assert program.minus(x, zero) == x
    assert program.power(x, one) == x
    assert program.power(x, zero) == one


def test_operations_that_can_give_nan_are_not_folded() -> None:
    """0 · Inf, Inf − Inf and 0/0 are NaN, so these may not be folded."""
    program = Program()
    x, zero = program.input("x"), program.constant(0.0)
    kept = [program.multiply(x, zero), program.minus(x, x), program.minus(zero, x)]
    assert [program.nodes[k].op for k in kept] == ["*", "-", "-"]


EXPONENTS = [0.0, 0.5, 1.0, 2.0, 3.0, 4.0, -1.0, 2.5, 15.0]


def test_powers_are_computed_as_pytorch_computes_them() -> None:
    """Whole ones up to 3 by multiplication: to the last bit. Others by pow, which libraries round differently."""
    bases = tensor([0.0, -0.5, 1.3, -7.25, 1e-30, 3e150, math.inf, -math.inf, math.nan])
    jobs = []
    for exponent in EXPONENTS:
        program = Program()
        result = program.power(program.input("x"), program.constant(exponent))
        jobs.append(node.Call(node.function(program, [result], ["x"]), "f", bases[:, None]))
    for exponent, result in zip(EXPONENTS, node.run(jobs), strict=True):
        bound = 0 if exponent in (0.0, 1.0, 2.0, 3.0) else 4e-16
        # The square root of -Inf is NaN in IEEE 754 and +Inf for pow(-Inf, 0.5); PyTorch takes square roots.
        torch.testing.assert_close(result[:, 0], torch.pow(bases, exponent), rtol=bound, atol=0, equal_nan=True)


VALUES = [
    0.0,
    -0.0,
    1.0,
    -3.0,
    0.1,
    1e-5,
    1e15,
    1e16,
    123456789012345.0,
    -1e22,
    5e-324,
    1.7976931348623157e308,
    2**53 + 2.0,
]


@pytest.mark.parametrize("value", [*VALUES, math.pi, math.inf, -math.inf])
def test_literals_read_back_to_the_same_bits(value: float) -> None:
    text = literal(value).replace("Infinity", "inf")
    assert float(text) == value and math.copysign(1, float(text)) == math.copysign(1, value)
    assert "_" not in text and " " not in text


def test_literals_are_written_as_people_write_them() -> None:
    assert [literal(x) for x in (2.0, -1.0, 0.5, math.nan, math.inf, -math.inf)] == [
        "2",
        "-1",
        "0.5",
        "NaN",
        "Infinity",
        "-Infinity",
    ]


def test_node_reads_literals_to_the_same_bits() -> None:
    source = f"export const f = () => [{', '.join(literal(value) for value in VALUES)}, NaN];\n"
    (row,) = node.run([node.Call(source, "f", torch.zeros(1, 0), results=len(VALUES) + 1)])
    expected = tensor([*VALUES, math.nan])
    assert torch.equal(row[0].view(torch.int64)[:-1], expected.view(torch.int64)[:-1]), "-0.0 included"
    assert row[0, -1].isnan()
