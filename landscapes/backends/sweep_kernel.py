"""The kernel of a sweep: a few lanes from their starts to their results, as JavaScript.

It is traced from the functions that a sweep in PyTorch calls, so the browser computes cells by the same rules.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from cliffscape.landscapes.backends.javascript import Block, block, indent, string_list
from cliffscape.landscapes.backends.kernels import Kernel, describe, header
from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.descent.batch import MOVING, SOLVED, Row, SweepRecipe, initial_row, row_of, step_row
from cliffscape.landscapes.descent.outcome import RunResult, traced_result
from cliffscape.landscapes.tracing.arguments import Arguments, check_traceable, scalar_names
from cliffscape.landscapes.tracing.program import Program, Scalar, identifier

# The processor overlaps lanes whose statements alternate. A long program of several lanes would not be optimised.
LANES, LONG = 4, 1000
POSITION = ("x", "y")


@dataclass(frozen=True)
class LaneProgram:
    """The parts of a lane's program: the nodes of its first numbers, of its next numbers, and of its result."""

    program: Program
    parameters: tuple[str, ...]
    first: Mapping[str, Scalar]
    step: Mapping[str, Scalar]
    last: Mapping[str, Scalar]

    @property
    def lanes(self) -> int:
        """The number of lanes that one call computes."""
        return LANES if len(self.program.nodes) <= LONG else 1

    def blocks(self, lane: int) -> tuple[Block, Block, Block]:
        """The three parts for one lane, whose names end with the lane's number."""
        nodes = [replace(one, value=f"{one.value}_{lane}") if one.op == "input" else one for one in self.program.nodes]
        program, position = Program(nodes), [f"{name}_{lane}" for name in POSITION]
        columns = [f"{name}_{lane}" for name in self.step]
        return (
            block(program, self.first, carried=position, prefix=f"s{lane}_"),
            block(program, self.step, carried=columns, prefix=f"v{lane}_"),
            block(program, self.last, carried=columns, prefix=f"r{lane}_"),
        )


def sweep_kernel(recipe: SweepRecipe) -> Kernel:
    """A few lanes of a sweep, exported as ``run(parameters, starts, steps)``.

    ``together`` is their number. Each lane has its own list of parameters and its own start (x, y). The lanes end early
    when none of them moves, since they would never change again. The function returns the columns of a ``RunResult``
    of one lane after another. No row is kept. The loss that counts as solved is a parameter, and the window's diagonal
    is a number in the source.

    Raises:
        UntraceableError: a part of the recipe has no scalar form, or declares that it has none.
    """
    lane = trace_lane(recipe)
    parts = {
        "landscape": describe(LANDSCAPES[recipe.landscape], recipe.structural),
        "optimizer": describe(OPTIMIZERS[recipe.optimizer], recipe.structural_values("optimizer")),
        "clip": describe(CLIPS[recipe.clip], recipe.structural_values("clip")),
        "schedule": recipe.schedule,
        "parameters": ", ".join(lane.parameters) or "none",
    }
    return Kernel("\n".join([*header("lanes of a sweep", parts), *sweep_module(lane), ""]), lane.parameters)


def trace_lane(recipe: SweepRecipe) -> LaneProgram:
    """The program of one lane."""
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


def sweep_module(lane: LaneProgram) -> list[str]:
    """The module of a sweep's lanes, statement by statement through the lanes."""
    columns, lanes = list(lane.step), range(lane.lanes)
    first, step, last = zip(*(lane.blocks(number) for number in lanes), strict=True)
    library = [line for part in (*first, *step, *last) for line in part.library]
    moving = " || ".join(f"{MOVING}_{number}" for number in lanes)
    lines = [
        *(line for number in lanes for line in unpack_lane(lane.parameters, number)),
        *statements(first),
        *(f"let {name}_{k} = {first[k].outputs[name]};" for name in columns if name not in POSITION for k in lanes),
        *(line for part in step for line in part.invariant),
        f"for (let step = 0; step < steps && ({moving}); step++) {{",
        *indent(alternate([part.varying for part in step])),
        # All next values are computed first, since the next value of a column may be the present one of another.
        *indent([f"const next_{name}_{k} = {step[k].outputs[name]};" for name in columns for k in lanes]),
        *indent([f"{name}_{k} = next_{name}_{k};" for name in columns for k in lanes]),
        "}",
        *statements(last),
        f"return [{', '.join(output for part in last for output in part.outputs.values())}];",
    ]
    constants = [
        f"export const parameters = {string_list(lane.parameters)};",
        f"export const columns = {string_list(RunResult._fields)};",
        f"export const together = {lane.lanes};",
    ]
    head = ["", "export function run(parameters, starts, steps) {"]
    return [*dict.fromkeys(library), *constants, *head, *indent(lines), "}"]


def unpack_lane(parameters: Sequence[str], number: int) -> list[str]:
    """Statements that read a lane's parameters and its start."""
    named = [f"const {identifier(name)}_{number} = parameters[{number}][{k}];" for k, name in enumerate(parameters)]
    return [*named, f"let [x_{number}, y_{number}] = starts[{number}];"]


def statements(blocks: Sequence[Block]) -> list[str]:
    """The statements of all lanes' blocks."""
    return [line for part in blocks for line in (*part.invariant, *part.varying)]


def alternate(lines: Sequence[Sequence[str]]) -> list[str]:
    """Statements of several lanes that have equally many: the first of every lane, then the second, and so on."""
    return [line for together in zip(*lines, strict=True) for line in together]
