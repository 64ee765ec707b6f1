"""The program of one lane of a sweep, from its start to its result.

It is traced from the functions that a sweep in PyTorch calls, so the browser computes cells by the same rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from cliffscape.landscapes.backends.javascript import reachable, varying_nodes
from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.descent.batch import SOLVED, Row, SweepRecipe, initial_row, row_of, step_row
from cliffscape.landscapes.descent.outcome import RunResult, traced_result
from cliffscape.landscapes.tracing.arguments import Arguments, check_traceable, scalar_names
from cliffscape.landscapes.tracing.program import Program, Scalar

POSITION = ("x", "y")


@dataclass(frozen=True)
class LaneProgram:
    """The parts of a lane's program: the nodes of its first numbers, of its next numbers, and of its result."""

    program: Program
    parameters: tuple[str, ...]
    first: Mapping[str, Scalar]
    step: Mapping[str, Scalar]
    last: Mapping[str, Scalar]

    def common(self) -> list[Scalar]:
        """The nodes that depend on parameters alone, and that other nodes or the result read."""
        nodes = self.program.nodes
        outputs = {*self.first.values(), *self.step.values(), *self.last.values()}
        order = reachable(self.program, outputs)
        varying = varying_nodes(self.program, order, {*self.step, *POSITION})
        read = outputs.union(*(nodes[scalar].arguments for scalar in varying))
        leaves = {scalar for scalar in order if nodes[scalar].op in ("input", "constant")}
        return [scalar for scalar in order if scalar in read - varying - leaves]


def trace_lane(recipe: SweepRecipe) -> LaneProgram:
    """The program of one lane.

    The loss that counts as solved is a parameter, and the window's diagonal is a number of the program.

    Raises:
        UntraceableError: a part of the recipe has no scalar form, or declares that it has none.
    """
    check_traceable(*recipe.entries.values())
    arguments = Arguments(Program())
    for name, value in recipe.numbers.items():
        arguments.add(name, value)
    measure, clip, optimizer = recipe.build(arguments.tensors)
    arguments.add(SOLVED, 0.0)
    edges = arguments.tensors[SOLVED], recipe.diagonal

    def first(theta: Tensor) -> list[Tensor]:
        return list(initial_row(theta, clip, optimizer).tensors().values())

    def step(**tensors: Tensor) -> list[Tensor]:
        after: Row = step_row(measure, clip, optimizer, row_of(tensors), *edges)
        return list(after.tensors().values())

    def last(**tensors: Tensor) -> list[Tensor]:
        end = row_of(tensors)
        # No step is taken from the last row, so its loss is still missing.
        loss, _ = measure(end.carry.theta)
        return list(traced_result(end.summary, end.carry.theta, loss, *edges))

    start = torch.tensor(LANDSCAPES[recipe.landscape].start, dtype=torch.float64)
    tensors = initial_row(start, clip, optimizer).tensors()
    columns = scalar_names(tensors)
    traced = (
        dict(zip(names, arguments.trace(part, inputs), strict=True))
        for names, part, inputs in (
            (columns, first, {"theta": start}),
            (columns, step, tensors),
            (RunResult._fields, last, tensors),
        )
    )
    return LaneProgram(arguments.program, tuple(arguments.names), *traced)
