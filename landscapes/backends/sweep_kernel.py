"""The kernel of a sweep: a few lanes from their starts to their results, as JavaScript and as WebAssembly."""

from collections.abc import Sequence
from dataclasses import replace

from cliffscape.landscapes.backends.javascript import Block, block, indent, string_list
from cliffscape.landscapes.backends.kernels import Kernel, describe, header
from cliffscape.landscapes.backends.lane_program import POSITION, LaneProgram, trace_lane
from cliffscape.landscapes.backends.web_assembly.sweep import vector_export
from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.descent.batch import MOVING, SweepRecipe
from cliffscape.landscapes.descent.outcome import RunResult
from cliffscape.landscapes.tracing.program import Program, identifier

# The processor overlaps lanes whose statements alternate. A long program of several lanes would not be optimised.
LANES, LONG = 4, 1000
# Stands for a lane's number in statements; no name of a parameter contains it.
NUMBER = "ℓ"


def sweep_kernel(recipe: SweepRecipe) -> Kernel:
    """A few lanes of a sweep, exported as ``run(parameters, starts, steps)``.

    ``together`` is their number. Each lane has its own list of parameters and its own start (x, y). The lanes end early
    when none of them moves, since they would never change again. The function returns the columns of a ``RunResult``
    of one lane after another. No row is kept. ``vectors`` are more lanes in WebAssembly, ``web_assembly.sweep``.

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


def lanes_of(lane: LaneProgram) -> int:
    """The number of lanes that one call in JavaScript computes."""
    return LANES if len(lane.program.nodes) <= LONG else 1


def blocks_of(lane: LaneProgram) -> tuple[Block, Block, Block]:
    """The three parts of a program, with names that end with ``NUMBER``, which stands for the lane's number."""
    nodes = [replace(one, value=f"{one.value}_{NUMBER}") if one.op == "input" else one for one in lane.program.nodes]
    program, position = Program(nodes), [f"{name}_{NUMBER}" for name in POSITION]
    columns = [f"{name}_{NUMBER}" for name in lane.step]
    return (
        block(program, lane.first, carried=position, prefix=f"s{NUMBER}_"),
        block(program, lane.step, carried=columns, prefix=f"v{NUMBER}_"),
        block(program, lane.last, carried=columns, prefix=f"r{NUMBER}_"),
    )


def of_lane(part: Block, number: int) -> Block:
    """The same statements for one lane. Replacing numbers takes a tenth of the time of writing statements anew."""

    def named(text: str) -> str:
        return text.replace(NUMBER, str(number))

    outputs = {name: named(text) for name, text in part.outputs.items()}
    return Block([*map(named, part.invariant)], [*map(named, part.varying)], outputs, part.library)


def sweep_module(lane: LaneProgram) -> list[str]:
    """The module of a sweep's lanes, statement by statement through the lanes."""
    columns, lanes = list(lane.step), range(lanes_of(lane))
    first, step, last = ([of_lane(part, number) for number in lanes] for part in blocks_of(lane))
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
        f"export const together = {len(lanes)};",
        vector_export(lane),
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
