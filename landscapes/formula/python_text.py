"""A formula as a Python function of PyTorch's tensors, for people who read or run it without Cliffscape."""

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cliffscape.landscapes.formula.formula import Formula
from cliffscape.landscapes.formula.functions import FUNCTIONS, NUMBERS

# The names that the text itself uses; a name of the formula gets an underscore where it is one of them, or one of them
# with underscores.
RESERVED = ("torch", "theta", "formula", *(function.compute.__name__ for function in FUNCTIONS.values()))


def python_text(known: Formula) -> str:
    """The definition of ``formula(theta, ...)``, whose further arguments are the numbers that a Scene may change."""
    return PythonText(known).definition()


def python_call(known: Formula, repetitions: int, constants: Mapping[str, float]) -> str:
    """A call of the function, for the ``constants`` by their names in the formula."""
    numbers = {known.repeats: repetitions, **constants} if known.repeats else constants
    return f"formula({', '.join(['theta', *(f'{own_name(name)}={value!r}' for name, value in numbers.items())])})"


def used_functions(known: Formula) -> list[Callable[..., Any]]:
    """The functions that the text calls and PyTorch does not have."""
    calls = {node.func.id for node in ast.walk(known.module) if isinstance(node, ast.Call) and hasattr(node.func, "id")}
    found = [function.compute for name, function in FUNCTIONS.items() if name in calls]
    return [function for function in found if function.__module__.startswith("cliffscape")]


def own_name(name: str) -> str:
    """A formula's name as a variable of the text."""
    return f"{name}_" if name.rstrip("_") in RESERVED else name


def is_tensor_name(statements: list[ast.stmt], tensors: set[str]) -> Iterator[str]:
    """Names that some assignment makes a tensor, given the tensors that are known so far."""
    for statement in statements:
        if isinstance(statement, ast.For):
            yield from is_tensor_name(statement.body, tensors)
        elif isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            if is_tensor(statement.value, tensors):
                yield statement.targets[0].id
        elif isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
            yield statement.target.id


def is_tensor(node: ast.expr, tensors: set[str]) -> bool:
    """Whether an expression is a tensor; the other ones are numbers."""
    if isinstance(node, ast.UnaryOp):
        return is_tensor(node.operand, tensors)
    # An operation of two numbers is computed as one of tensors, which raises no error where it overflows.
    return isinstance(node, ast.BinOp | ast.Call) or (isinstance(node, ast.Name) and node.id in tensors)


class PythonText(ast.NodeTransformer):
    """Writes the statements of a formula. Numbers become tensors where PyTorch needs them."""

    def __init__(self, known: Formula) -> None:
        self.known = known
        self.like = own_name(known.axes[0])
        self.tensors = set(known.axes)
        # A loop may make a number of an earlier line a tensor, so this is repeated until there are no new ones.
        while new := set(is_tensor_name(known.module.body, self.tensors)) - self.tensors:
            self.tensors |= new

    def definition(self) -> str:
        """The function."""
        known = self.known
        numbers = [(known.repeats, known.repetitions)] if known.repeats else []
        numbers += [(one.name, one.value) for one in known.constants]  # type: ignore[misc]
        arguments = ["theta", *(f"{own_name(name)}={value!r}" for name, value in numbers)]
        *before, loss = known.module.body
        assert isinstance(loss, ast.Expr)
        coordinates = "theta.unbind(-1)" if len(known.axes) == 2 else "theta[..., 0]"
        lines = [
            f"def formula({', '.join(arguments)}):",
            f'    """The loss at ``theta`` ``(..., {len(known.axes)})``."""',
            f"    {', '.join(map(own_name, known.axes))} = {coordinates}",
            *(f"    {line}" for line in self._lines(before)),
            f"    return {ast.unparse(self._tensor(loss.value))}",
        ]
        return "\n".join(lines)

    def _lines(self, statements: list[ast.stmt]) -> Iterator[str]:
        for statement in statements:
            if isinstance(statement, ast.For):
                yield f"for {ast.unparse(self.visit(statement.target))} in {ast.unparse(self._times(statement.iter))}:"
                yield from (f"    {line}" for line in self._lines(statement.body))
            elif isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                name, value = statement.targets[0].id, statement.value
                written = self._tensor(value) if name in self.tensors else self.visit(value)
                yield f"{own_name(name)} = {ast.unparse(written)}"
            elif isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
                # In place, an operation would change the tensor of another name too.
                value = ast.BinOp(ast.Name(statement.target.id), statement.op, statement.value)
                yield f"{own_name(statement.target.id)} = {ast.unparse(self.visit(value))}"

    def _times(self, node: ast.expr) -> ast.expr:
        assert isinstance(node, ast.Call)
        return ast.Call(node.func, [self.visit(node.args[0])], [])

    def _tensor(self, node: ast.expr) -> ast.expr:
        written: ast.expr = self.visit(node)
        if is_tensor(node, self.tensors):
            return written
        return ast.Call(ast.Name("torch.full_like"), [ast.Name(self.like), written], [])

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """A name of the formula, or a number such as pi."""
        return ast.Constant(NUMBERS[node.id]) if node.id in NUMBERS else ast.Name(own_name(node.id))

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        """An operation, of tensors if both sides are numbers."""
        numbers = not is_tensor(node.left, self.tensors) and not is_tensor(node.right, self.tensors)
        left = self._tensor(node.left) if numbers else self.visit(node.left)
        return ast.BinOp(left, node.op, self.visit(node.right))

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """A call of PyTorch's function, or of one of the formula's own."""
        assert isinstance(node.func, ast.Name)
        function = FUNCTIONS[node.func.id].compute
        name = function.__name__ if function.__module__.startswith("cliffscape") else f"torch.{function.__name__}"
        return ast.Call(ast.Name(name), [self._argument(one) for one in node.args], [])

    def _argument(self, node: ast.expr) -> ast.expr:
        if not isinstance(node, ast.Compare):
            return self._tensor(node)
        values = [self._tensor(part) for part in (node.left, *node.comparators)]
        parts: list[ast.expr] = [
            ast.Compare(a, [operator], [b]) for operator, a, b in zip(node.ops, values, values[1:], strict=False)
        ]
        first, *rest = parts
        for part in rest:
            first = ast.BinOp(first, ast.BitAnd(), part)
        return first
