"""Quantities: the expressions with which a lesson names a number.

``without.thrown_length`` is a number of a run's verdict. ``with.loss[13]`` is a number of one of its rows; negative
indices count from the end. ``predicted_change(run="without", step=13)`` is a measurement. ``+ - * / **`` and functions
such as ``abs`` and ``log`` combine them.
"""

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from cliffscape.app.lessons.headless import HeadlessRun
from cliffscape.app.lessons.measurements.measure import measure
from cliffscape.app.lessons.measurements.registry import MEASUREMENTS
from cliffscape.app.runs.pair import RUN_NAMES
from cliffscape.app.runs.verdicts import Summary
from cliffscape.app.scene.validation import format_value
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.declare import Parameter
from cliffscape.landscapes.descent.descend import Record

LONGEST = 500
ROWS = ("x", "y", *Record._fields[1:])
VERDICT = tuple(field.name for field in fields(Summary))
OPERATIONS: Mapping[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
FUNCTIONS: Mapping[str, Callable[..., float]] = {
    "abs": abs,
    "min": min,
    "max": max,
    "sqrt": math.sqrt,
    "log": math.log,
    "log10": math.log10,
    "exp": math.exp,
    "acos": math.acos,
    "degrees": math.degrees,
}
Value = float | str | bool


@dataclass(frozen=True)
class Quantity:
    """A parsed quantity: its text, and a function that computes its value."""

    text: str
    compute: Callable[[HeadlessRun], Value]

    def evaluate(self, headless: HeadlessRun) -> Value:
        """The value for a Scene; NaN where it is undefined.

        Raises:
            BoundError: the computation is impossible, or it names a row or a step that the run does not have.
        """
        try:
            return self.compute(headless)
        except (ArithmeticError, TypeError) as error:
            raise quantity_error(self.text, f"something with a value ({error})") from None
        except BoundError:
            raise
        except ValueError:  # a logarithm or a root of a negative number
            return math.nan


def quantity_error(value: Any, bound: str) -> BoundError:
    """The error for a quantity, of which ``value`` is the part that is wrong."""
    return BoundError("quantity", format_value(value), bound)


def parse_quantity(text: str) -> Quantity:
    """Parse a quantity.

    Raises:
        BoundError: it is not a quantity, or something in it is unknown or out of bounds.
    """
    if len(text) > LONGEST:
        raise quantity_error(text, f"at most {LONGEST} characters long")
    try:
        # `with` is a keyword of Python.
        tree = ast.parse(re.sub(r"\bwith\b(?=\s*\.)", "with_", text.strip()), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise quantity_error(text, "one such as without.thrown_length, with.loss[-1] or 1 - 2/3") from None
    return Quantity(text, compile_node(tree.body))


def compile_node(node: ast.expr) -> Callable[[HeadlessRun], Value]:  # noqa: PLR0911 - one per kind of node
    """A function that computes the value of one node."""
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            # As floats: powers of Python's integers can grow without bound.
            return constant(float(number))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return function_call(operator.neg, [compile_node(operand)])
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATIONS:
            return binary_operation(OPERATIONS[type(op)], compile_node(left), compile_node(right))
        case ast.Attribute(value=ast.Name(id=name), attr=attribute):
            return verdict_number(name.rstrip("_"), attribute)
        case ast.Subscript(value=ast.Attribute(value=ast.Name(id=name), attr=attribute), slice=index):
            return row_number(name.rstrip("_"), attribute, index)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in FUNCTIONS and arguments:
            return function_call(FUNCTIONS[name], [compile_node(argument) for argument in arguments])
        case ast.Call(func=ast.Name(id=name), args=[], keywords=keywords):
            return measurement_call(name, keywords)
    raise quantity_error(ast.unparse(node), "made of runs, rows, measurements and arithmetic")


def constant(number: float) -> Callable[[HeadlessRun], Value]:
    """A function that returns a number."""
    return lambda _: number


def to_number(value: Value) -> float:
    """A value as a number.

    Raises:
        TypeError: it is a string.
    """
    if isinstance(value, str):
        raise TypeError(f"'{value}' is no number")
    return float(value)


def binary_operation(
    operation: Callable[[Any, Any], Any], left: Callable[[HeadlessRun], Value], right: Callable[[HeadlessRun], Value]
) -> Callable[[HeadlessRun], Value]:
    """An arithmetic operation on two quantities."""

    def value(headless: HeadlessRun) -> Value:
        result = operation(to_number(left(headless)), to_number(right(headless)))
        # A fractional power of a negative number is complex in Python.
        return math.nan if isinstance(result, complex) else float(result)

    return value


def function_call(
    function: Callable[..., float], parts: list[Callable[[HeadlessRun], Value]]
) -> Callable[[HeadlessRun], Value]:
    """A mathematical function of quantities."""
    return lambda headless: float(function(*(to_number(part(headless)) for part in parts)))


def check_run_name(name: str) -> Any:
    """The name of a run, if there is such a run."""
    if name not in RUN_NAMES:
        raise quantity_error(name, f"about the runs {' and '.join(RUN_NAMES)}")
    return name


def verdict_number(run: str, attribute: str) -> Callable[[HeadlessRun], Value]:
    """A number of a run's verdict."""
    run = check_run_name(run)
    if attribute not in VERDICT:
        rows = ", ".join(f"{name}[k]" for name in ROWS)
        raise quantity_error(attribute, f"one of {run}'s {', '.join(VERDICT)}, {rows}")
    return lambda headless: to_value(getattr(headless.summary(run), attribute))


def to_value(value: Any) -> Value:
    """A value of a verdict, with integers as floats."""
    return value if isinstance(value, (str, bool)) else float(value)


def row_number(run: str, attribute: str, index: ast.expr) -> Callable[[HeadlessRun], Value]:
    """A number of one row of a run."""
    check_run_name(run)
    if attribute not in ROWS:
        raise quantity_error(attribute, f"one of the columns {', '.join(ROWS)}")
    try:
        step = ast.literal_eval(index)
    except ValueError:
        step = None
    if not isinstance(step, int) or isinstance(step, bool):
        raise quantity_error(ast.unparse(index), "a row with a whole number as its index")

    def value(headless: HeadlessRun) -> Value:
        record = headless.record(run)
        row = headless.row(run, step)
        column = record.position[:, "xy".index(attribute)] if attribute in "xy" else getattr(record, attribute)
        return float(column[row])

    return value


def measurement_call(kind: str, keywords: list[ast.keyword]) -> Callable[[HeadlessRun], Value]:
    """A measurement with its arguments."""
    if kind not in MEASUREMENTS.entries:
        raise quantity_error(kind, f"one of the measurements ({', '.join(MEASUREMENTS.entries)})")
    declared = {parameter.name: parameter for parameter in MEASUREMENTS[kind].parameters}
    arguments: dict[str, Any] = {}
    for keyword in keywords:
        if keyword.arg not in declared:
            names = f"with arguments named {', '.join(declared)}" if declared else "without arguments"
            raise quantity_error(str(keyword.arg), f"{kind} {names}")
        arguments[keyword.arg] = parse_argument(declared[keyword.arg], keyword.value)
    return lambda headless: measure(headless, kind, arguments)


def parse_argument(parameter: Parameter, node: ast.expr) -> Any:
    """An argument of a measurement, checked against its declaration."""
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError):
        raise quantity_error(ast.unparse(node), f"given {parameter.name} as a plain number or text") from None
    whole = parameter.type is int
    fits = isinstance(value, str) if parameter.type is str else isinstance(value, int if whole else (int, float))
    size = len(value) if isinstance(value, str) else value
    if not fits or isinstance(value, bool) or not parameter.range.low <= size <= parameter.range.high:
        kind = {str: "text of length", int: "a whole number", float: "a number"}[parameter.type]
        bounds = f"{parameter.range.low:g} to {parameter.range.high:g}"
        raise quantity_error(value, f"given {parameter.name} as {kind} from {bounds}")
    return float(value) if parameter.type is float else value
