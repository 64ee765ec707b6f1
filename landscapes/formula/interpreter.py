"""The interpreter of formulas: evaluates a checked syntax tree over tensors."""

import ast
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor

from cliffscape.landscapes.formula.functions import BINARY, COMPARISONS, FUNCTIONS, NUMBERS, Operator
from cliffscape.landscapes.formula.grammar import number, refusal

Value = Tensor | float
LONGEST_SECONDS = 2.0


@dataclass
class Interpreter:
    """The values of the names while a formula is evaluated at points whose coordinates have the shape of ``like``.

    ``repeats`` are the numbers of repetitions by name. With a ``deadline``, a loop ends with an error after it.
    """

    like: Tensor
    values: dict[str, Value]
    repeats: Mapping[str, int] = field(default_factory=dict)
    deadline: float | None = None

    def evaluate(self, module: ast.Module) -> Tensor:
        """The loss, in the shape of ``like``.

        Raises:
            FormulaError: the deadline has passed.
        """
        *before, last = module.body
        self._run(before)
        assert isinstance(last, ast.Expr)
        loss = self._tensor(self._value(last.value))
        return loss if loss.shape == self.like.shape else loss + torch.zeros_like(self.like)

    def _run(self, statements: list[ast.stmt]) -> None:
        for statement in statements:
            if isinstance(statement, ast.Assign):
                self._assign(statement.targets[0], self._value(statement.value))
            elif isinstance(statement, ast.AugAssign):
                assert isinstance(statement.target, ast.Name)
                old, new = self.values[statement.target.id], self._value(statement.value)
                self._assign(statement.target, self._binary(BINARY[type(statement.op)], old, new))
            elif isinstance(statement, ast.For):
                self._loop(statement)

    def _loop(self, loop: ast.For) -> None:
        assert isinstance(loop.iter, ast.Call)
        times = loop.iter.args[0]
        count = self.repeats[times.id] if isinstance(times, ast.Name) else int(number(times))
        for index in range(count):
            if self.deadline is not None and time.monotonic() > self.deadline:
                raise refusal(loop, f"that is evaluated in {LONGEST_SECONDS:g} seconds")
            self._assign(loop.target, float(index))
            self._run(loop.body)

    def _assign(self, target: ast.expr, value: Value) -> None:
        assert isinstance(target, ast.Name)
        self.values[target.id] = value

    def _value(self, node: ast.expr) -> Value:
        if isinstance(node, ast.Constant):
            return number(node)
        if isinstance(node, ast.Name):
            return NUMBERS[node.id] if node.id in NUMBERS else self.values[node.id]
        if isinstance(node, ast.UnaryOp):
            value = self._value(node.operand)
            return -value if isinstance(node.op, ast.USub) else value
        if isinstance(node, ast.BinOp):
            return self._binary(BINARY[type(node.op)], self._value(node.left), self._value(node.right))
        assert isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if node.func.id == "where":
            condition, *branches = node.args
            assert isinstance(condition, ast.Compare)
            yes, no = (self._tensor(self._value(one)) for one in branches)
            return torch.where(self._comparison(condition), yes, no)
        return FUNCTIONS[node.func.id].compute(*(self._tensor(self._value(one)) for one in node.args))

    def _comparison(self, node: ast.Compare) -> Tensor:
        values = [self._tensor(self._value(part)) for part in (node.left, *node.comparators)]
        pairs = zip(node.ops, values, values[1:], strict=False)
        first: Tensor
        first, *rest = [COMPARISONS[type(operator)](a, b) for operator, a, b in pairs]
        for one in rest:
            first = torch.logical_and(first, one)
        return first

    def _binary(self, operator: Operator, a: Value, b: Value) -> Value:
        # Python raises errors for 1/0 or 10.0**400, and tensors do not, so of two numbers one becomes a tensor.
        result: Tensor = operator(a if isinstance(b, Tensor) else self._tensor(a), b)
        return result

    def _tensor(self, value: Value) -> Tensor:
        # A number gets the shape of the points, so that a function rounds it as it rounds tensors of that shape.
        return value if isinstance(value, Tensor) else torch.full_like(self.like, value)
