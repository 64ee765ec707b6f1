"""The kernel of verdicts: the rules about a finished run, traced for the browser."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from cliffscape.landscapes.backends.javascript import NamedBlock, function_module, string_list
from cliffscape.landscapes.backends.kernels import Kernel, header, trace_rule
from cliffscape.landscapes.descent.descend import Record
from cliffscape.landscapes.descent.details import add_details, details_from, initial_details
from cliffscape.landscapes.descent.outcome import OUTCOMES, place
from cliffscape.landscapes.descent.verdict import Circumstances, conclude
from cliffscape.landscapes.tracing.program import literal


def outcome_kernel() -> Kernel:
    """The rules of ``details.py`` and ``verdict.py``, which the browser applies to every trajectory.

    ``add_row(parameters, ...)`` takes the numbers named by ``details``, whose initial values are ``initial``, and one
    row with the step taken from there. It returns the updated numbers. ``conclude(parameters, ...)`` takes them with
    the last row and the ``circumstances``, and returns the numbers named by ``facts``. ``place(parameters, ...)`` takes
    the curvatures, the loss and the diagonal, and returns the numbers named by ``places``.
    """
    start = initial_details(torch.zeros(2, dtype=torch.float64)).tensors()
    added, (concluded, facts) = details_block(start), conclusion_block(start)
    numbers = ("flattest", "sharpness", "loss", "diagonal")
    placed, places = trace_rule(place, {name: torch.zeros((), dtype=torch.float64) for name in numbers})
    lists = {"outcomes": OUTCOMES, "details": list(start), "circumstances": Circumstances._fields}
    lists |= {"facts": facts, "places": places}
    lines = [f"export const {name} = {string_list(names)};" for name, names in lists.items()]
    first = ", ".join(literal(float(number)) for number in start.values())
    lines += [f"export const initial = [{first}];"]
    lines += function_module([], {"add_row": added, "conclude": concluded, "place": placed})
    return Kernel("\n".join([*header("the verdict on a run", {}), *lines, ""]), ())


def scalars(names: Sequence[str]) -> dict[str, Tensor]:
    """Inputs of one number each. The suffix distinguishes them from details with the same names."""
    return {f"{name}_here": torch.zeros((), dtype=torch.float64) for name in names}


def details_block(start: Mapping[str, Tensor]) -> NamedBlock:
    """The block that adds one row to a run's details, and its inputs: the details by name, then the row."""
    columns, edges = Record._fields[1:], ("solved", "diagonal")

    def add(theta: Tensor, **tensors: Tensor) -> dict[str, Tensor]:
        record = Record(theta, *(tensors[f"{name}_here"] for name in columns))
        return add_details(details_from(tensors), record, *(tensors[f"{name}_here"] for name in edges)).tensors()

    return trace_rule(add, {**start, "theta": torch.zeros(2, dtype=torch.float64), **scalars((*columns, *edges))})[0]


def conclusion_block(start: Mapping[str, Tensor]) -> tuple[NamedBlock, list[str]]:
    """The block that concludes from a run's details, its inputs (details, last row, circumstances), and its outputs."""

    def facts(theta: Tensor, **tensors: Tensor) -> dict[str, Tensor]:
        about = Circumstances(*(tensors[f"{name}_here"] for name in Circumstances._fields))
        return conclude(details_from(tensors), theta, tensors["loss_here"], about)

    end = {"theta": torch.zeros(2, dtype=torch.float64), **scalars(("loss", *Circumstances._fields))}
    return trace_rule(facts, {**start, **end})
