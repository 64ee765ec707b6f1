"""The names of a formula: its one or two parameters, its constants with their bounds, and its number of repetitions."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from cliffscape.landscapes.formula.functions import FUNCTIONS, NUMBERS
from cliffscape.landscapes.formula.grammar import declared_bounds, quote, refusal

# If both names of a pair are free, they are the parameters, the first pair before the second.
PREFERRED = (("x", "y"), ("w", "b"))
MOST_CONSTANTS = 4
# The bounds and the value of a name that does not declare them.
UNDECLARED = (-10.0, 10.0, 1.0)
LARGEST_CONSTANT = 1000.0
REPEATS = (1, 100, 20)


@dataclass(frozen=True)
class Constant:
    """A further free name, which becomes a slider: its bounds, and its value at first."""

    name: str
    low: float
    high: float
    value: float


@dataclass
class Names:
    """The free names in the order in which they are first read, the assigned ones, and the declared bounds.

    ``repeats`` are the names in ``range``.
    """

    free: dict[str, ast.Name] = field(default_factory=dict)
    assigned: dict[str, ast.expr] = field(default_factory=dict)
    declared: dict[str, ast.AnnAssign] = field(default_factory=dict)
    repeats: dict[str, ast.Name] = field(default_factory=dict)

    def read(self, statements: list[ast.stmt]) -> None:
        """Read statements in the order in which they run."""
        for statement in statements:
            if isinstance(statement, ast.AnnAssign):
                assert isinstance(statement.target, ast.Name)
                self.declared[statement.target.id] = statement
            elif isinstance(statement, ast.For):
                self._read_loop(statement)
            elif isinstance(statement, ast.Expr):
                self._read_expression(statement.value)
            elif isinstance(statement, ast.Assign):
                self._read_expression(statement.value)
                self._assign(statement.targets[0])
            elif isinstance(statement, ast.AugAssign):
                assert isinstance(statement.target, ast.Name)
                self._use(statement.target)
                self._read_expression(statement.value)
                self._assign(statement.target)

    def _read_loop(self, loop: ast.For) -> None:
        assert isinstance(loop.iter, ast.Call)
        times = loop.iter.args[0]
        if isinstance(times, ast.Name):
            self.repeats.setdefault(times.id, times)
        self._assign(loop.target)
        self.read(loop.body)

    def _read_expression(self, node: ast.expr) -> None:
        for name in names_in(node):
            self._use(name)

    def _use(self, name: ast.Name) -> None:
        if name.id not in self.assigned and name.id not in NUMBERS:
            self.free.setdefault(name.id, name)

    def _assign(self, target: ast.expr) -> None:
        assert isinstance(target, ast.Name)
        self.assigned.setdefault(target.id, target)


def names_in(node: ast.expr) -> Iterator[ast.Name]:
    """The names of an expression from left to right, without those of functions."""
    if isinstance(node, ast.Name):
        if node.id not in FUNCTIONS:
            yield node
        return
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            yield from names_in(child)


@dataclass(frozen=True)
class Roles:
    """What the free names of a formula are."""

    axes: tuple[str, ...]
    constants: tuple[Constant, ...]
    repeats: str
    repeat_bounds: tuple[int, int, int]


def roles(module: ast.Module) -> Roles:
    """The roles of the names of a formula.

    The parameters are x and y if the formula has both, else w and b if it has both, else the first two names without
    declared bounds, or the only one.

    Raises:
        FormulaError: a name has two roles, or there is no parameter, or there are too many constants.
    """
    names = Names()
    names.read(module.body)
    check_roles(names)
    free = [name for name in names.free if name not in names.repeats]
    axes = parameters(module, [name for name in free if name not in names.declared])
    constants = [constant(names, name) for name in free if name not in axes]
    if len(constants) > MOST_CONSTANTS:
        place = names.free[constants[MOST_CONSTANTS].name]
        noun = "its two parameters" if len(axes) == 2 else "its parameter"
        raise refusal(place, f"with at most {MOST_CONSTANTS} names besides {noun} {' and '.join(axes)}")
    return Roles(axes, tuple(constants), "".join(names.repeats), repeat_bounds(names))


def check_roles(names: Names) -> None:
    """Check that no name has two roles, and that every declared name is used."""
    for name, place in names.free.items():
        if name in names.assigned:
            raise refusal(place, f"in which {name} has a value before it is used")
    for name, place in list(names.repeats.items())[1:]:
        raise refusal(place, f"with one name in range, which is {next(iter(names.repeats))}", name)
    for name, target in names.assigned.items():
        if name in names.declared or name in names.repeats:
            raise refusal(target, f"in which {name}, a number that the page shows as a slider, gets no other value")
    for name, statement in names.declared.items():
        if name not in names.free and name not in names.repeats:
            raise refusal(statement, f"in which the declared name {name} is used")


def parameters(module: ast.Module, candidates: list[str]) -> tuple[str, ...]:
    """The parameters among the names without declared bounds: two of them, or the only one."""
    for pair in PREFERRED:
        if set(pair) <= set(candidates):
            return pair
    if not candidates:
        raise refusal(module.body[-1], "with one or two free names, its parameters, such as x and y", "none")
    return tuple(candidates[:2])


def constant(names: Names, name: str) -> Constant:
    """A further free name with its bounds."""
    statement = names.declared.get(name)
    if statement is None:
        return Constant(name, *UNDECLARED)
    low, high, value = declared_bounds(statement)
    if max(-low, high) > LARGEST_CONSTANT:
        raise refusal(statement, f"whose bounds are between {-LARGEST_CONSTANT:g} and {LARGEST_CONSTANT:g}")
    return Constant(name, low, high, value)


def repeat_bounds(names: Names) -> tuple[int, int, int]:
    """Low, high and first value of the number of repetitions."""
    statement = next((names.declared[name] for name in names.repeats if name in names.declared), None)
    if statement is None:
        return REPEATS
    low, high, value = declared_bounds(statement)
    whole = all(part == int(part) for part in (low, high, value))
    if not whole or low < REPEATS[0] or high > REPEATS[1]:
        bound = f"whose number of repetitions is whole and between {REPEATS[0]} and {REPEATS[1]}"
        raise refusal(statement, bound, quote(statement))
    return int(low), int(high), int(value)
