"""How many operations a formula takes at one point, counted without evaluating it."""

import ast
from collections.abc import Mapping

from cliffscape.landscapes.formula.functions import FUNCTIONS
from cliffscape.landscapes.formula.grammar import number, refusal

# The kernel of the curvature has about twelve operations for each one of the loss: twice the derivative, twice.
WITH_CURVATURE = 12
MOST_TRACED = 20_000


def check_operations(module: ast.Module, repeats: Mapping[str, int]) -> int:
    """The number of operations of the loss with its gradient and curvature.

    Raises:
        FormulaError: there are too many; the place is that of the line that takes most of them.
    """
    counts = {statement: WITH_CURVATURE * operations(statement, repeats) for statement in module.body}
    total, worst = sum(counts.values()), max(module.body, key=counts.__getitem__)
    if total > MOST_TRACED:
        bound = f"whose loss, gradient and curvature take at most {MOST_TRACED:,} operations"
        raise refusal(worst, bound, f"about {total:,}")
    return total


def operations(node: ast.AST, repeats: Mapping[str, int]) -> int:
    """The number of operations of a node and everything in it."""
    if isinstance(node, ast.AnnAssign):
        return 0
    if isinstance(node, ast.For):
        assert isinstance(node.iter, ast.Call)
        times = node.iter.args[0]
        count = repeats[times.id] if isinstance(times, ast.Name) else int(number(times))
        # An empty loop takes time too.
        return count * (1 + sum(operations(one, repeats) for one in node.body))
    inside = sum(operations(child, repeats) for child in ast.iter_child_nodes(node))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return inside + FUNCTIONS[node.func.id].operations * (len(node.args) if node.func.id == "sum" else 1)
    return inside + isinstance(node, ast.BinOp | ast.UnaryOp | ast.Compare | ast.AugAssign)
