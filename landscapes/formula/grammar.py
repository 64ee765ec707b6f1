"""The grammar of formulas: the nodes of Python's syntax that a formula may have. Everything else is refused."""

import ast
import math

from cliffscape.landscapes.formula.formula_error import FormulaError
from cliffscape.landscapes.formula.functions import BINARY, COMPARISONS, FUNCTIONS, NUMBERS

LONGEST = 500  # characters
# Deeper expressions could exceed Python's limit of recursion.
DEEPEST = 60
LARGEST_REPEAT = 1000


def parse(text: str) -> ast.Module:
    """The syntax tree of a formula, which has no other nodes than the allowed ones.

    Raises:
        FormulaError: the text is no formula.
    """
    check_characters(text)
    try:
        module = ast.parse(text)
    except SyntaxError as error:
        line, column = error.lineno or 1, max(error.offset or 1, 1)
        shown = shorten("".join(text.split("\n")[line - 1 : line]))
        raise FormulaError(shown or "nothing", f"in Python's syntax: {error.msg}", line, column) from None
    except (RecursionError, MemoryError, ValueError):
        raise FormulaError(text[:20], "that is nested less deeply") from None
    check_depth(module)
    check_block(module.body, last=True)
    return module


def check_characters(text: str) -> None:
    """Check the length of a text, and that all of its characters are printable ASCII."""
    if len(text) > LONGEST:
        raise FormulaError(str(len(text)), f"of at most {LONGEST} characters")
    for number, line in enumerate(text.split("\n"), 1):
        for column, letter in enumerate(line, 1):
            if not " " <= letter <= "~":
                raise FormulaError(repr(letter), "of ASCII characters", number, column)


def check_depth(module: ast.Module) -> None:
    """Check that the tree is not too deep, without recursion."""
    level: list[ast.AST] = [module]
    for _ in range(DEEPEST):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return
    place = next((node for node in level if hasattr(node, "lineno")), module.body[0])
    raise refusal(place, "that is nested less deeply")


def refusal(node: ast.AST, bound: str, got: str = "") -> FormulaError:
    """The error about a node, which quotes the node unless ``got`` is given."""
    line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1
    return FormulaError(got or quote(node), bound, line, column)


def quote(node: ast.AST) -> str:
    """A node as text, at most 40 characters."""
    try:
        return shorten(ast.unparse(node))
    except (RecursionError, ValueError):
        return type(node).__name__


def shorten(text: str) -> str:
    """A text in one line, at most 40 characters."""
    line = " ".join(text.split())
    return line if len(line) <= 40 else line[:39] + "…"


def check_block(body: list[ast.stmt], last: bool) -> None:
    """Check statements; with ``last``, the last one must be the loss."""
    *before, end = body or [ast.Pass()]
    for statement in before if last else body:
        check_statement(statement)
    if last:
        if not isinstance(end, ast.Expr):
            raise refusal(end, "whose last line is the loss, an expression", "nothing" if not body else "")
        check_expression(end.value)


def check_statement(statement: ast.stmt) -> None:
    """Check an assignment, a declaration of bounds or a loop."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        check_target(statement.targets[0])
        check_expression(statement.value)
    elif isinstance(statement, ast.AugAssign) and type(statement.op) in BINARY:
        check_target(statement.target)
        check_expression(statement.value)
    elif isinstance(statement, ast.AnnAssign):
        check_target(statement.target)
        declared_bounds(statement)
    elif isinstance(statement, ast.For) and not statement.orelse:
        check_target(statement.target)
        check_range(statement.iter)
        check_block(statement.body, last=False)
    else:
        raise refusal(statement, "of lines such as h = w*x, for _ in range(T): and, last, the loss")


def check_target(target: ast.expr) -> None:
    """Check the name that gets a value."""
    if not isinstance(target, ast.Name):
        raise refusal(target, "that gives values only to names")
    check_name(target)
    if target.id in NUMBERS:
        raise refusal(target, f"in which {target.id} keeps its value")


def check_name(name: ast.Name) -> None:
    """Check that a name is not that of a function, and no special name of Python's."""
    if name.id in FUNCTIONS or name.id == "range":
        raise refusal(name, f"in which {name.id} is a function")
    if name.id.startswith("__"):
        raise refusal(name, "whose names do not start with two underscores")


def check_range(node: ast.expr) -> None:
    """Check the number of repetitions of a loop: a name or a whole number."""
    called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range"
    if not isinstance(node, ast.Call) or not called or node.keywords or len(node.args) != 1:
        raise refusal(node, "whose loops are over range(T) or range of a whole number")
    times = node.args[0]
    if isinstance(times, ast.Name):
        check_name(times)
    elif not (isinstance(times, ast.Constant) and type(times.value) is int and 1 <= times.value <= LARGEST_REPEAT):
        raise refusal(times, f"whose loops have a name or a whole number from 1 to {LARGEST_REPEAT} in range")


def check_expression(node: ast.expr) -> None:
    """Check an expression and everything in it."""
    if isinstance(node, ast.BinOp):
        if type(node.op) not in BINARY:
            hint = "; a power is x**2" if isinstance(node.op, ast.BitXor) else ""
            raise refusal(node, f"with the operators + - * / and **{hint}")
        check_expression(node.left)
        check_expression(node.right)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        check_expression(node.operand)
    elif isinstance(node, ast.Constant):
        number(node)
    elif isinstance(node, ast.Name):
        check_name(node)
    elif isinstance(node, ast.Call):
        check_call(node)
    elif isinstance(node, ast.Compare):
        raise refusal(node, "whose comparisons are the first argument of where")
    else:
        raise refusal(node, "of numbers, names, + - * / ** and functions")


def check_call(call: ast.Call) -> None:
    """Check a function's name and its arguments."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if name not in FUNCTIONS:
        raise refusal(call.func, f"with the functions {', '.join(FUNCTIONS)}")
    function, count = FUNCTIONS[name], len(call.args)
    if call.keywords or not function.least <= count <= function.most:
        wanted = f"{function.least}" if function.least == function.most else f"{function.least} to {function.most}"
        raise refusal(call, f"in which {name} has {wanted} {'argument' if wanted == '1' else 'arguments'}")
    first, *rest = call.args
    if name == "where":
        check_comparison(first)
    else:
        check_expression(first)
    for argument in rest:
        check_expression(argument)


def check_comparison(node: ast.expr) -> None:
    """Check a comparison, which may have several parts, as in ``0 < x < 1``."""
    if not isinstance(node, ast.Compare) or any(type(operator) not in COMPARISONS for operator in node.ops):
        raise refusal(node, "in which the first argument of where is a comparison with < <= > >= == or !=")
    for part in (node.left, *node.comparators):
        check_expression(part)


def number(node: ast.expr) -> float:
    """The value of a number, which may have a sign."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        value = number(node.operand)
        return -value if isinstance(node.op, ast.USub) else value
    if not isinstance(node, ast.Constant) or type(node.value) not in (int, float):
        raise refusal(node, "in which this is a number")
    try:
        value = float(node.value)  # type: ignore[arg-type]
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise refusal(node, "of numbers below 1.8e308")
    return value


def declared_bounds(statement: ast.AnnAssign) -> tuple[float, float, float]:
    """Low, high and value of a declaration ``k: (low, high) = value``."""
    pair = statement.annotation
    if not isinstance(pair, ast.Tuple) or len(pair.elts) != 2 or statement.value is None:
        raise refusal(statement, "whose bounds are written as k: (0, 10) = 1")
    low, high, value = number(pair.elts[0]), number(pair.elts[1]), number(statement.value)
    if not low <= value <= high or low == high:
        raise refusal(statement, "whose bounds are written as k: (low, high) = value, with low <= value <= high")
    return low, high, value
