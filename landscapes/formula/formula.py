"""A formula: a text as a loss of one or two parameters."""

import ast
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from torch import Tensor

from cliffscape.landscapes.formula.grammar import parse
from cliffscape.landscapes.formula.interpreter import Interpreter, Value
from cliffscape.landscapes.formula.names import Constant, Roles, roles
from cliffscape.landscapes.formula.operation_count import check_operations


@dataclass(frozen=True, eq=False)
class Formula:
    """A checked formula.

    ``axes`` are the names of the one or two parameters, ``constants`` the further free names, and ``repeats`` the name
    in ``range``, empty if there is none.
    """

    text: str
    module: ast.Module
    roles: Roles

    @property
    def axes(self) -> tuple[str, ...]:
        """The names of the parameters, one or two."""
        return self.roles.axes

    @property
    def constants(self) -> tuple[Constant, ...]:
        """The further free names, in the order in which they are first read."""
        return self.roles.constants

    @property
    def repeats(self) -> str:
        """The name in ``range``; empty if there is none."""
        return self.roles.repeats

    @property
    def repetitions(self) -> int:
        """The number of repetitions at first."""
        return self.roles.repeat_bounds[2]

    def loss(
        self,
        theta: Tensor,
        repetitions: int | None = None,
        constants: Mapping[str, Value] | None = None,
        seconds: float | None = None,
    ) -> Tensor:
        """The loss ``(...)`` at ``theta`` ``(..., 2)``; constants are numbers or tensors that broadcast to ``(...)``.

        A formula of one parameter reads the first coordinate. ``theta`` may then also be ``(..., 1)``.

        Raises:
            FormulaError: the evaluation takes too many operations, or more than ``seconds``.
        """
        times = {self.repeats: self.repetitions if repetitions is None else repetitions} if self.repeats else {}
        if repetitions not in (None, self.repetitions):
            check_operations(self.module, times)
        coordinates = theta.unbind(-1)
        values: dict[str, Value] = {one.name: one.value for one in self.constants}
        values |= {name: float(count) for name, count in times.items()}
        values |= {**(constants or {}), **dict(zip(self.axes, coordinates, strict=False))}
        deadline = None if seconds is None else time.monotonic() + seconds
        return Interpreter(coordinates[0], values, times, deadline).evaluate(self.module)


@lru_cache(maxsize=256)
def formula_of(text: str) -> Formula:
    """The formula of a text.

    Raises:
        FormulaError: the text is no formula.
    """
    module = parse(text)
    found = Formula(text, module, roles(module))
    times = {found.repeats: found.repetitions} if found.repeats else {}
    check_operations(module, times)
    return found
