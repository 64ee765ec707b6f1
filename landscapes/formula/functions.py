"""The functions and operators of formulas, over tensors of one shape or that broadcast."""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

Operator = Callable[..., Any]


@dataclass(frozen=True)
class Function:
    """A function of formulas: how many arguments it takes, and how many operations it counts for."""

    compute: Callable[..., Tensor]
    least: int = 1
    most: int = 1
    operations: int = 1


def absolute(x: Tensor) -> Tensor:
    """|x|, with the gradient 0 at 0."""
    # PyTorch loads its compiler, which takes a second, for the second derivative of torch.abs.
    return x * torch.sign(x.detach())


def softplus(x: Tensor) -> Tensor:
    """log(1 + exp x), which does not overflow for large x."""
    # Unlike |x|, this has a slope at 0, so the derivatives of the whole are right there.
    size = torch.where(x > 0, x, -x)
    return torch.relu(x) + torch.log(1 + torch.exp(-size))


def larger(a: Tensor, b: Tensor) -> Tensor:
    """The larger of two tensors, NaN if one of them is. Where they are equal, the gradient is that of ``b``."""
    # The derivative of torch.maximum fills a tensor in place, which has no scalar form. The sum is NaN if a or b is.
    return torch.where(a > b, a, torch.where(b >= a, b, a + b))


def smaller(a: Tensor, b: Tensor) -> Tensor:
    """The smaller of two tensors, NaN if one of them is. Where they are equal, the gradient is that of ``b``."""
    return torch.where(a < b, a, torch.where(b <= a, b, a + b))


def total(*values: Tensor) -> Tensor:
    """The sum of the arguments, from left to right."""
    first, *rest = values
    for value in rest:
        first = first + value
    return first


def tangent(x: Tensor) -> Tensor:
    """tan x."""
    return torch.sin(x) / torch.cos(x)


# ``sum`` adds its arguments. ``where`` is here for its number of arguments: its first one is a comparison.
FUNCTIONS: Mapping[str, Function] = {
    "exp": Function(torch.exp),
    "log": Function(torch.log),
    "sqrt": Function(torch.sqrt),
    "sin": Function(torch.sin),
    "cos": Function(torch.cos),
    "tan": Function(tangent, operations=3),
    "tanh": Function(torch.tanh),
    "sigmoid": Function(torch.sigmoid),
    "softplus": Function(softplus, operations=8),
    "relu": Function(torch.relu),
    "abs": Function(absolute, operations=2),
    "minimum": Function(smaller, 2, 2, 5),
    "maximum": Function(larger, 2, 2, 5),
    "where": Function(torch.where, 3, 3),
    "sum": Function(total, 1, 50),
}
BINARY: Mapping[type[ast.operator], Operator] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
COMPARISONS: Mapping[type[ast.cmpop], Operator] = {
    ast.Lt: torch.lt,
    ast.LtE: torch.le,
    ast.Gt: torch.gt,
    ast.GtE: torch.ge,
    ast.Eq: torch.eq,
    ast.NotEq: torch.ne,
}
# Names with a fixed value.
NUMBERS: Mapping[str, float] = {"pi": torch.pi}
