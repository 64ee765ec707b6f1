"""Emission: readable JavaScript that computes what the program says, parameters apart from what moves."""

import math
import re

import pytest
import torch

from cliffscape.landscapes.backends.javascript import block, bracket, reachable
from cliffscape.landscapes.tracing.program import Program
from tests import node
from tests.reference import tensor


def test_nodes_that_no_output_needs_are_left_out() -> None:
    program = Program()
    x, y = program.input("x"), program.input("y")
    kept = program.add("+", x, y)
    program.add("*", x, y)
    assert reachable(program, [kept]) == [x, y, kept]
    written = block(program, {"sum": kept}, carried=("x", "y"))
    assert written.outputs == {"sum": f"v{kept}"} and written.varying == [f"const v{kept} = x + y;"]
    assert not written.invariant and not written.library


def test_nodes_that_depend_only_on_parameters_are_computed_before_the_loop() -> None:
    program = Program()
    x, rate, share = program.input("x"), program.input("rate"), program.input("share")
    fixed = program.multiply(rate, share)
    moving = program.multiply(fixed, x)
    written = block(program, {"step": moving}, carried=("x",))
    assert written.invariant == [f"const v{fixed} = rate * share;"]
    assert written.varying == [f"const v{moving} = v{fixed} * x;"]


def test_a_short_expression_used_once_is_written_where_it_is_used() -> None:
    program = Program()
    x, y = program.input("x"), program.input("y")
    total = program.add("sqrt", program.plus(program.multiply(x, x), program.multiply(y, y)))
    written = block(program, {"norm": total}, carried=("x", "y"))
    assert written.varying == [f"const v{total} = Math.sqrt((x * x) + (y * y));"]


def test_an_expression_used_twice_is_computed_once() -> None:
    program = Program()
    x = program.input("x")
    shared = program.add("exp", x)
    written = block(program, {"both": program.plus(shared, program.multiply(shared, shared))}, carried=("x",))
    assert sum("Math.exp" in line for line in written.varying) == 1


def test_an_input_that_is_an_output_needs_no_statement() -> None:
    program = Program()
    written = block(program, {"same": program.input("x"), "two": program.constant(2.0)}, carried=("x",))
    assert written.outputs == {"same": "x", "two": "2"} and not written.varying


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x", "x"),
        ("v12", "v12"),
        ("0.5", "0.5"),
        ("clip_state_0", "clip_state_0"),
        ("-1", "(-1)"),
        ("1e-05", "(1e-05)"),
    ],
)
def test_operands_are_bracketed_where_precedence_matters(text: str, expected: str) -> None:
    assert bracket(text) == expected


def expressions() -> list[tuple[str, Program, list[int]]]:
    """Programs whose operators JavaScript would bind differently without brackets."""
    cases = []
    program = Program()
    x, y, z = (program.input(name) for name in "xyz")
    less = program.add("-", program.add("-", x, y), program.add("-", y, z))
    cases.append(("(x - y) - (y - z)", program, [less]))
    program = Program()
    x, y, z = (program.input(name) for name in "xyz")
    cases.append(("x / (y * z)", program, [program.add("/", x, program.multiply(y, z))]))
    program = Program()
    x, y, z = (program.input(name) for name in "xyz")
    cases.append(("-(-x)", program, [program.add("neg", program.add("neg", x))]))
    program = Program()
    x, y, z = (program.input(name) for name in "xyz")
    either = program.add(
        "||", program.add("&&", program.add("<", x, y), program.add("<", y, z)), program.add(">", x, z)
    )
    chosen = program.add("select", program.add("!", either), x, program.add("select", program.add("<", x, y), y, z))
    cases.append(("not ((x<y and y<z) or x>z) ? x : (x<y ? y : z)", program, [chosen]))
    program = Program()
    x, y, z = (program.input(name) for name in "xyz")
    cases.append(("x - (-2)", program, [program.add("-", x, program.constant(-2.0))]))
    return cases


def test_precedence_survives_in_node() -> None:
    rows = torch.randn(30, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    x, y, z = rows.unbind(-1)
    either = ((x < y) & (y < z)) | (x > z)
    expected = [
        (x - y) - (y - z),
        x / (y * z),
        x,
        torch.where(~either, x, torch.where(x < y, y, z)),
        x + 2,
    ]
    jobs = [node.Call(node.function(program, out, list("xyz")), "f", rows) for _, program, out in expressions()]
    for (name, _, _), result, value in zip(expressions(), node.run(jobs), expected, strict=True):
        assert torch.equal(result[:, 0], value), name


def evaluate(op: str, *rows: list[float]) -> list[float]:
    """One op in Node, for rows of arguments."""
    program = Program()
    names = [f"a{k}" for k in range(len(rows[0]))]
    output = program.add(op, *(program.input(name) for name in names))
    (result,) = node.run([node.Call(node.function(program, [output], names), "f", tensor(list(rows)))])
    return result[:, 0].tolist()


def test_sigmoid_reaches_its_limits_and_keeps_small_values() -> None:
    low, high, small, half, lost = evaluate("sigmoid", [-math.inf], [800.0], [-700.0], [0.0], [math.nan])
    assert (low, high, half) == (0.0, 1.0, 0.5) and math.isnan(lost)
    assert small == pytest.approx(math.exp(-700), rel=1e-15)
    assert evaluate("sigmoid", [-800.0]) == [0.0]


def test_remainders_have_the_divisors_sign() -> None:
    """As in Python and PyTorch; JavaScript's % has the dividend's."""
    pairs = [[7.0, 3.0], [-7.0, 3.0], [7.0, -3.0], [-7.0, -3.0], [6.0, 3.0], [-6.0, 3.0], [0.5, 0.2], [-5.0, math.inf]]
    assert evaluate("remainder", *pairs) == [a % b for a, b in pairs]
    exact = [[float(2147483646 * 48271), 2147483647.0], [94906264.0**2, 2147483646.0]]
    assert evaluate("remainder", *exact) == [float(int(a) % int(b)) for a, b in exact]


def test_max_and_min_with_nan_are_nan() -> None:
    pairs = [[math.nan, 1.0], [1.0, math.nan], [math.nan, math.inf]]
    assert all(math.isnan(value) for op in ("max", "min") for value in evaluate(op, *pairs))


def test_constants_reach_node_to_the_last_bit() -> None:
    program = Program()
    values = [-0.0, math.inf, -math.inf, 0.1, 1 / 3, 5e-324, 2**53 + 2.0]
    x = program.input("x")
    # Divided by, so that the sign of a zero shows.
    outputs = [program.add("/", x, program.constant(value)) for value in values]
    source = node.function(program, outputs, ["x"])
    (result,) = node.run([node.Call(source, "f", tensor([[1.0]]), results=len(values))])
    expected = torch.ones(len(values), dtype=torch.float64) / tensor(values)
    assert torch.equal(result[0].view(torch.int64), expected.view(torch.int64))


def test_only_library_functions_that_are_used_are_written() -> None:
    program = Program()
    x = program.input("x")
    plain = node.function(program, [program.add("exp", x)], ["x"])
    with_library = node.function(program, [program.add("sigmoid", x)], ["x"])
    assert "const" not in plain.split("return")[0].replace("const v", "")
    assert len(re.findall(r"const sigmoid = ", with_library)) == 1
    assert "remainder" not in with_library
