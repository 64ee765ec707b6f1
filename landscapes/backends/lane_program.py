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
from cliffscape.landscapes.tracing.arguments import check_traceable, scalar_names
from cliffscape.landscapes.tracing.loss_program import loss_arguments
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
    arguments = loss_arguments(recipe.landscape, recipe.structural)
    for name, value in recipe.numbers.items():
        arguments.add(name, value)
    measure, clip, optimizer = recipe.build(arguments.tensors, arguments.value_and_gradient)
    arguments.add(SOLVED, 0.0)
    edges = arguments.tensors[SOLVED], recipe.diagonal

    def first(theta: Tensor) -> list[Tensor]:
        return list(initial_row(theta, clip, optimizer).tensors().values())

    def step(**tensors: Tensor) -> list[Tensor]:
        row = row_of(tensors)
        # The last row has a loss too, though no step is taken from it. It is traced once for both.
        measured = measure(row.carry.theta)
        after: Row = step_row(lambda _: measured, clip, optimizer, row, *edges)
        return [*after.tensors().values(), *traced_result(row.summary, row.carry.theta, measured[0], *edges)]

    start = torch.tensor(LANDSCAPES[recipe.landscape].start, dtype=torch.float64)
    tensors = initial_row(start, clip, optimizer).tensors()
    columns = scalar_names(tensors)
    before = dict(zip(columns, arguments.trace(first, {"theta": start}), strict=True))
    numbers = arguments.trace(step, tensors)
    after, last = numbers[: len(columns)], numbers[len(columns) :]
    parts = dict(zip(columns, after, strict=True)), dict(zip(RunResult._fields, last, strict=True))
    return LaneProgram(arguments.program, tuple(arguments.names), before, *parts)
