"""Tracing: what PyTorch computes is written down, autograd included; what cannot be is an error that names the op."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.tracing.program import Program
from cliffscape.landscapes.tracing.trace import UntraceableError, trace
from tests import node
from tests.reference import tensor


def trace_program(function: object, *arguments: Tensor) -> tuple[Program, list[int], list[str]]:
    """``function(*arguments)`` as a program over inputs a0, a1, ..."""
    program, known, names = Program(), [], []
    for argument in arguments:
        fresh = [f"a{len(names) + k}" for k in range(argument.numel())]
        names += fresh
        symbols = np.array([program.input(name) for name in fresh], dtype=object)
        known.append((argument, symbols.reshape(tuple(argument.shape))))
    return program, trace(program, lambda: function(*arguments), known), names


def in_node(function: object, rows: Tensor) -> Tensor:
    """A function of a vector ``(K,)``, trace_program at the first row and run in Node at all."""
    program, outputs, names = trace_program(function, rows[0].clone())
    (result,) = node.run([node.Call(node.function(program, outputs, names), "f", rows, results=len(outputs))])
    return result


def wavy(theta: Tensor) -> Tensor:
    """A loss with most of what landscapes use."""
    x, y = theta.unbind(-1)
    curved = torch.tanh(x * y) + torch.sigmoid(3 * x) * torch.exp(-(y**2))
    return torch.sqrt(curved**2 + 1) + torch.abs(x - y) + torch.where(x > 0, x, torch.sin(y)) / (2 + torch.cos(x))


def test_loss_and_gradient_in_node_are_those_of_autograd() -> None:
    rows = torch.randn(50, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0))

    def both(theta: Tensor) -> list[Tensor]:
        return list(value_and_gradient(wavy, theta))

    expected = torch.stack([torch.cat([part.reshape(-1) for part in both(row)]) for row in rows])
    torch.testing.assert_close(in_node(both, rows), expected, rtol=1e-13, atol=1e-14)


def test_second_derivatives_trace_too() -> None:
    rows = torch.randn(20, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(1))

    def slope_of_slope(theta: Tensor) -> Tensor:
        return value_and_gradient(lambda p: value_and_gradient(wavy, p)[1][..., 0], theta)[1]

    expected = torch.stack([torch.autograd.functional.hessian(wavy, row)[0] for row in rows])
    torch.testing.assert_close(in_node(slope_of_slope, rows), expected, rtol=1e-12, atol=1e-13)


def test_values_that_depend_on_no_input_are_constants() -> None:
    program, (output,), _ = trace_program(lambda x: x * torch.exp(torch.tensor(1.0, dtype=torch.float64)), tensor(2.0))
    used = [program.nodes[argument] for argument in program.nodes[output].arguments]
    assert {node_.op for node_ in used} == {"input", "constant"}
    assert math.e in [node_.value for node_ in used]
    assert not any(node_.op == "exp" for node_ in program.nodes)


def test_an_output_may_be_a_constant_or_an_input() -> None:
    program, outputs, _ = trace_program(lambda x: [x, torch.ones(2, dtype=torch.float64)], tensor(2.0))
    assert [program.nodes[k].value for k in outputs] == ["a0", 1.0, 1.0]


def test_inputs_of_equal_value_are_distinct() -> None:
    program, (output,), _ = trace_program(lambda x, y: x - y, tensor(1.0), tensor(1.0))
    assert program.nodes[output].op == "-"
    assert [program.nodes[k].value for k in program.nodes[output].arguments] == ["a0", "a1"]


def test_views_of_the_same_memory_are_distinct() -> None:
    def mixed(x: Tensor) -> Tensor:
        return x.reshape(2, 2).T.reshape(4) - x

    rows = tensor([[1.0, 2.0, 3.0, 5.0], [8.0, 1.0, 0.0, 2.0]])
    assert in_node(mixed, rows).tolist() == [mixed(row).tolist() for row in rows]


@pytest.mark.parametrize(
    ("function", "named"),
    [
        (torch.erf, "aten.erf"),
        (torch.special.bessel_j0, "aten.special_bessel_j0"),
        (lambda x: torch.cumsum(x.reshape(1), 0), "aten.cumsum"),
        (lambda x: x.clone().add_(1), "aten.add_"),
        (lambda x: value_and_gradient(lambda p: torch.maximum(p, -p), x), "aten.masked_fill_"),
        (lambda x: x if x.item() > 0 else -x, "aten._local_scalar_dense"),
        (lambda x: x.to(torch.float32) + 1, "aten._to_copy to torch.float32"),
        (lambda x: x.long(), "aten._to_copy to torch.int64"),
    ],
)
def test_an_op_without_a_scalar_form_is_named(function: object, named: str) -> None:
    with pytest.raises(UntraceableError, match=named.replace(".", r"\.")):
        trace_program(function, tensor(0.5))


def test_the_same_op_on_constants_is_not_an_error() -> None:
    fixed = tensor([0.1, 0.7])
    program, outputs, _ = trace_program(lambda x: x * torch.erf(fixed), tensor(2.0))
    constants = [program.nodes[max(program.nodes[k].arguments)].value for k in outputs]
    assert constants == torch.erf(fixed).tolist()


def test_tracing_does_not_change_values() -> None:
    x = tensor([0.3, -0.2])
    seen = []

    def function(theta: Tensor) -> Tensor:
        seen.append(wavy(theta))
        return seen[-1]

    trace_program(function, x)
    assert torch.equal(seen[0], wavy(x))
