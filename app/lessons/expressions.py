"""Quantities: the small language in which a lesson names a number.

``without.thrown_length`` is a number of a run's verdict, ``with.loss[13]`` one of its rows (from the end where
negative), ``predicted_change(run="without", step=13)`` a measurement; ``+ - * / **``, ``abs``, ``log`` and so on join
them.
"""

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from cliffscape.app.lessons.headless import HeadlessRun, HeadlessRunError
from cliffscape.app.lessons.measurements.measure import measured
from cliffscape.app.lessons.measurements.registry import MEASUREMENTS
from cliffscape.app.runs.pair import RUN_NAMES
from cliffscape.app.runs.table import COLUMNS
from cliffscape.app.runs.verdicts import Summary
from cliffscape.app.scene.validation import format_value
from cliffscape.landscapes.declare import Parameter

LONGEST = 500
ROWS = COLUMNS[2:]
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


class QuantityError(ValueError):
    """A quantity that cannot be read; the message says what it must be."""


@dataclass(frozen=True)
class Quantity:
    """A quantity that has been read: its text, and what finds its value."""

    text: str
    value: Callable[[HeadlessRun], Value]

    def of(self, headless: HeadlessRun) -> Value:
        """The value for a Scene; what has no value is NaN.

        Raises:
            app.headless.HeadlessRunError: it asks for a row or a step that the run has not.
        """
        try:
            return self.value(headless)
        except (ArithmeticError, TypeError) as error:
            raise QuantityError(f"something with a value ({error})") from None
        except HeadlessRunError:
            raise
        except ValueError:  # a logarithm or a root of a negative number
            return math.nan


def quantity(text: str) -> Quantity:
    """Read a quantity.

    Raises:
        QuantityError: it is not one, or names something unknown or out of bounds.
    """
    if len(text) > LONGEST:
        raise QuantityError(f"at most {LONGEST} characters long")
    try:
        # `with` is a word of Python's own.
        tree = ast.parse(re.sub(r"\bwith\b(?=\s*\.)", "with_", text.strip()), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise QuantityError("a quantity such as without.thrown_length, with.loss[-1] or 1 - 2/3") from None
    return Quantity(text, reading(tree.body))


def reading(node: ast.expr) -> Callable[[HeadlessRun], Value]:  # noqa: PLR0911 - one for each thing there is
    """What finds the value of a part of a quantity."""
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            # Whole numbers of Python have no bounds, and powers of them no end.
            return constant(float(number))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return applied(operator.neg, [reading(operand)])
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATIONS:
            return joined(OPERATIONS[type(op)], reading(left), reading(right))
        case ast.Attribute(value=ast.Name(id=name), attr=attribute):
            return of_verdict(name.rstrip("_"), attribute)
        case ast.Subscript(value=ast.Attribute(value=ast.Name(id=name), attr=attribute), slice=index):
            return of_row(name.rstrip("_"), attribute, index)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in FUNCTIONS and arguments:
            return applied(FUNCTIONS[name], [reading(argument) for argument in arguments])
        case ast.Call(func=ast.Name(id=name), args=[], keywords=named):
            return of_measurement(name, named)
    raise QuantityError(f"made of runs, rows, measurements and arithmetic, not {format_value(ast.unparse(node))}")


def constant(number: float) -> Callable[[HeadlessRun], Value]:
    """A number."""
    return lambda _: number


def number_of(value: Value) -> float:
    """A value as a number.

    Raises:
        TypeError: it is a word.
    """
    if isinstance(value, str):
        raise TypeError(f"'{value}' is no number")
    return float(value)


def joined(
    operation: Callable[[Any, Any], Any], left: Callable[[HeadlessRun], Value], right: Callable[[HeadlessRun], Value]
) -> Callable[[HeadlessRun], Value]:
    """Two quantities joined by arithmetic."""

    def value(headless: HeadlessRun) -> Value:
        result = operation(number_of(left(headless)), number_of(right(headless)))
        return math.nan if isinstance(result, complex) else float(result)

    return value


def applied(
    function: Callable[..., float], parts: list[Callable[[HeadlessRun], Value]]
) -> Callable[[HeadlessRun], Value]:
    """A function of quantities."""
    return lambda headless: float(function(*(number_of(part(headless)) for part in parts)))


def run_name_of(name: str) -> Any:
    """A run by its name."""
    if name not in RUN_NAMES:
        raise QuantityError(f"about the runs {' and '.join(RUN_NAMES)}, not {format_value(name)}")
    return name


def of_verdict(run: str, attribute: str) -> Callable[[HeadlessRun], Value]:
    """A number of a run's verdict."""
    run = run_name_of(run)
    if attribute not in VERDICT:
        rows = ", ".join(f"{name}[k]" for name in ROWS)
        raise QuantityError(f"one of {run}'s {', '.join(VERDICT)}, {rows}, not {format_value(attribute)}")
    return lambda headless: plain(getattr(headless.summary(run), attribute))


def plain(value: Any) -> Value:
    """A number of a verdict; counts are numbers too."""
    return value if isinstance(value, (str, bool)) else float(value)


def of_row(run: str, attribute: str, index: ast.expr) -> Callable[[HeadlessRun], Value]:
    """A number of one row of a run."""
    run_name_of(run)
    if attribute not in ROWS:
        raise QuantityError(f"one of the columns {', '.join(ROWS)}, not {format_value(attribute)}")
    try:
        step = ast.literal_eval(index)
    except ValueError:
        step = None
    if not isinstance(step, int) or isinstance(step, bool):
        raise QuantityError(f"a row by a whole number, not {format_value(ast.unparse(index))}")

    def value(headless: HeadlessRun) -> Value:
        record = headless.of(run)
        row = headless.row(run, step)
        column = record.position[:, "xy".index(attribute)] if attribute in "xy" else getattr(record, attribute)
        return float(column[row])

    return value


def of_measurement(kind: str, named: list[ast.keyword]) -> Callable[[HeadlessRun], Value]:
    """A measurement with its arguments."""
    if kind not in MEASUREMENTS.entries:
        raise QuantityError(f"a measurement there is ({', '.join(MEASUREMENTS.entries)}), not {format_value(kind)}")
    declared = {parameter.name: parameter for parameter in MEASUREMENTS[kind].parameters}
    arguments: dict[str, Any] = {}
    for keyword in named:
        if keyword.arg not in declared:
            names = ", ".join(declared) or "nothing"
            raise QuantityError(f"{kind} of {names}, not of {format_value(str(keyword.arg))}")
        arguments[keyword.arg] = argument(declared[keyword.arg], keyword.value)
    return lambda headless: measured(headless, kind, arguments)


def argument(parameter: Parameter, node: ast.expr) -> Any:
    """An argument of a measurement, held to what is declared."""
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError):
        raise QuantityError(f"given {parameter.name} as a plain number or text") from None
    whole = parameter.type is int
    fits = isinstance(value, str) if parameter.type is str else isinstance(value, int if whole else (int, float))
    size = len(value) if isinstance(value, str) else value
    if not fits or isinstance(value, bool) or not parameter.range.low <= size <= parameter.range.high:
        kind = {str: "text of length", int: "a whole number", float: "a number"}[parameter.type]
        bounds = f"{parameter.range.low:g} to {parameter.range.high:g}"
        raise QuantityError(f"given {parameter.name} as {kind} from {bounds}, not {format_value(value)}")
    return float(value) if parameter.type is float else value
