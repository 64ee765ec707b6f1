"""The landscape of a typed formula: window and start are found for its text, minima for the values of its names."""

from collections.abc import Generator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Annotated, Any

from torch import Tensor

from cliffscape.landscapes.declare import Parameter, Point, Range
from cliffscape.landscapes.formula.facts import QUICK, THOROUGH, Facts, search_facts
from cliffscape.landscapes.formula.formula import Formula, formula_of
from cliffscape.landscapes.formula.grammar import LONGEST
from cliffscape.landscapes.formula.interpreter import LONGEST_SECONDS
from cliffscape.landscapes.formula.names import LARGEST_CONSTANT, REPEATS
from cliffscape.landscapes.formula.operation_count import check_operations
from cliffscape.landscapes.formula.presets import KNOWN, PRESETS, WRITTEN_OUT
from cliffscape.landscapes.generators import run_to_end
from cliffscape.landscapes.loss import LANDSCAPES, Loss, landscape

CONSTANTS = ("first_constant", "second_constant", "third_constant", "fourth_constant")
Number = Range(-LARGEST_CONSTANT, LARGEST_CONSTANT)


def formula_facts(text: str = WRITTEN_OUT, repetitions: int | None = None) -> Mapping[str, Any]:
    """The fields of the landscape that depend on the formula.

    Raises:
        FormulaError: the text is no formula, or it takes too many operations with so many repetitions.
    """
    known = formula_of(text)
    if known.repeats and repetitions is not None:
        check_operations(known.module, {known.repeats: repetitions})
    found = KNOWN.get(text) or found_facts(text, known.repetitions, declared_values(known))
    return {
        "axes": known.axes,
        "windows": {"descent": found.window},
        "start": found.start,
        "height": found.height,
        "parameters": tuple(declared_parameters(known)),
    }


def declared_parameters(known: Formula) -> list[Parameter]:
    """The parameters of the landscape that the formula has, with its own bounds, values and names."""
    own = {
        name: (one.low, one.high, one.value, one.name) for name, one in zip(CONSTANTS, known.constants, strict=False)
    }
    if known.repeats:
        own["repetitions"] = (*known.roles.repeat_bounds, known.repeats)
    found = []
    for parameter in LANDSCAPES["formula"].parameters:
        if parameter.name in own:
            low, high, value, symbol = own[parameter.name]
            bounds = replace(parameter.range, low=low, high=high, symbol=symbol)
            found.append(replace(parameter, default=value, range=bounds))
        elif parameter.name == "text":
            found.append(parameter)
    return found


def declared_values(known: Formula) -> tuple[float, ...]:
    """The values of a formula's constants at first."""
    return tuple(one.value for one in known.constants)


@lru_cache(maxsize=256)
def found_facts(text: str, repetitions: int, constants: tuple[float, ...]) -> Facts:
    """The facts about a formula with these values, with a quick search for its minima."""
    return run_to_end(search_facts(*task(text, repetitions, constants), QUICK))


def task(text: str, repetitions: int, constants: tuple[float, ...]) -> tuple[Loss, int, bool]:
    """The loss of a formula with these values, how many operations it takes, and whether it is a curve."""
    known = formula_of(text)
    values = {one.name: value for one, value in zip(known.constants, constants, strict=True)}
    # The number of operations bounds the time too, unless the machine is very slow.
    loss = lambda theta: known.loss(theta, repetitions, values, LONGEST_SECONDS)  # noqa: E731
    return loss, check_operations(known.module, {known.repeats: repetitions}), len(known.axes) == 1


# Facts of a thorough search, the newest last.
THOROUGH_FACTS: dict[tuple[object, ...], Facts] = {}
MOST_FACTS = 256


def search_at(text: str, repetitions: int, **constants: float) -> Generator[None, None, Facts]:
    """The facts about a formula with these values of its names, with a thorough search. Yields between its steps.

    For the values that it declares, the loss that counts as solved is that of its preset, if it has one.
    """
    known = formula_of(text)
    count = repetitions if known.repeats else known.repetitions
    key = text, count, tuple(named_constants(known, constants).values())
    if key not in THOROUGH_FACTS:
        found = yield from search_facts(*task(*key), THOROUGH)
        preset = KNOWN.get(text)
        if preset and key[1:] == (known.repetitions, declared_values(known)):
            found = replace(found, solved=preset.solved)
        if len(THOROUGH_FACTS) >= MOST_FACTS:
            THOROUGH_FACTS.pop(next(iter(THOROUGH_FACTS)), None)
        THOROUGH_FACTS[key] = found
    return THOROUGH_FACTS[key]


def facts_at(**parameters: Any) -> Facts:
    """The same, in one go."""
    return run_to_end(search_at(**parameters))


def solved_at(**parameters: Any) -> float | None:
    """The loss below which a run has converged, for a formula with these values; None if no global minimum is found."""
    return facts_at(**parameters).solved


def found_minima(**parameters: Any) -> tuple[Point, ...]:
    """The global minima that are found for a formula with these values."""
    return facts_at(**parameters).minima


def found_local_minima(**parameters: Any) -> tuple[Point, ...]:
    """The other minima that are found for it."""
    return facts_at(**parameters).local_minima


def named_constants(known: Formula, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a formula's constants by their own names, from those of the landscape's parameters."""
    return {one.name: values[name] for name, one in zip(CONSTANTS, known.constants, strict=False)}


@landscape(
    label="Formula",
    group="Formulas",
    main="text",
    windows={"descent": KNOWN[WRITTEN_OUT].window},
    start=KNOWN[WRITTEN_OUT].start,
    minima=found_minima,
    local_minima=found_local_minima,
    solved=KNOWN[WRITTEN_OUT].solved,
    facts=formula_facts,
    solved_at=solved_at,
    presets=PRESETS,
)
def formula(
    theta: Tensor,
    text: Annotated[str, Range(1, LONGEST, structural=True)] = WRITTEN_OUT,
    repetitions: Annotated[int, Range(*REPEATS[:2], structural=True)] = REPEATS[2],
    first_constant: Annotated[float, Number] = 1.0,
    second_constant: Annotated[float, Number] = 1.0,
    third_constant: Annotated[float, Number] = 1.0,
    fourth_constant: Annotated[float, Number] = 1.0,
) -> Tensor:
    """A loss that you type. One or two of its names are the parameters, and up to four others become sliders.

    With one name, the loss is drawn as a curve.

    Args:
        text: The loss, in Python's notation. Its parameters are x and y if it has both, else w and b, else the first
            two names; with one name, the loss is a curve. So a*x**2 is a surface over a and x. The line
            a: (0, 10) = 1 makes a slider of a, with its bounds and its value, and the loss is a curve over x.
        repetitions: The number T in "for _ in range(T):".
        first_constant: The first further name of the formula.
        second_constant: The second further name of the formula.
        third_constant: The third further name of the formula.
        fourth_constant: The fourth further name of the formula.

    Formula: f = what you type, with + − * / **, exp, log, sqrt, sin, cos, tan, tanh, sigmoid, softplus, relu, abs,
        minimum, maximum, where, sum, lines such as h = w*x, and loops: for _ in range(T)
    Window: the window, the start and the minima are found from samples and by descent from a grid
    Reference: none, since the formula is yours
    """
    known = formula_of(text)
    values = first_constant, second_constant, third_constant, fourth_constant
    return known.loss(
        theta, repetitions, {one.name: value for one, value in zip(known.constants, values, strict=False)}
    )
