"""The lanes of a sweep as a module of WebAssembly, which takes a browser a third of the time of JavaScript."""

import base64

from cliffscape.landscapes.backends.javascript import CALLS
from cliffscape.landscapes.backends.lane_program import POSITION, LaneProgram
from cliffscape.landscapes.backends.web_assembly import instructions as wasm
from cliffscape.landscapes.backends.web_assembly.plan import IMPORTED
from cliffscape.landscapes.backends.web_assembly.vectors import TOGETHER, Vectors
from cliffscape.landscapes.descent.batch import MOVING
from cliffscape.landscapes.tracing.program import identifier

LANES = TOGETHER * wasm.WIDTH
MOST = 3000  # nodes of a program
STEPS, STEP = 0, 1  # locals: the parameter of ``run``, and the number of steps taken


def vector_module(lane: LaneProgram) -> tuple[bytes, list[str]]:
    """A module whose ``run(steps)`` computes ``LANES`` lanes from and to its ``memory``, and the functions it imports.

    The memory holds ``LANES`` numbers of every parameter, of x, of y, and of every column of the result, in this order.
    """
    writer, common = Vectors(lane.program), lane.common()
    inputs = [*map(identifier, lane.parameters), *POSITION]
    writer.rows = {name: k * TOGETHER for k, name in enumerate(inputs)}
    columns = {name: writer.take() for name in lane.step}
    code = writer.part(common) + writer.part(lane.first.values(), common)
    code += writer.assign(columns.values(), lane.first.values())
    writer.leave(common)
    # From here on, x and y are those of the present step.
    writer.columns = columns
    body = writer.part(lane.step.values(), common) + writer.assign(columns.values(), lane.step.values())
    writer.leave(common)
    moving = b"".join(wasm.get(columns[MOVING] + one) for one in range(TOGETHER))
    moving += wasm.VECTOR["+"] * (TOGETHER - 1) + writer.number(0.0) + wasm.VECTOR["!=="] + wasm.ANY
    code += wasm.repeat(STEP, STEPS, moving, body) + writer.part(lane.last.values(), common)
    rows = len(inputs) * TOGETHER
    for scalar in lane.last.values():
        code += b"".join(wasm.store(rows + one, writer.operand(scalar, one)) for one in range(TOGETHER))
        rows += TOGETHER
    imports = [(op, IMPORTED[op]) for op in writer.imported]
    return wasm.module(imports, writer.count, writer.prologue() + code, rows), writer.imported


def vector_export(lane: LaneProgram) -> list[str]:
    """A kernel's statement that exports ``vectors``: the code of WebAssembly as text, and the functions that it calls.

    They are null for a program that is too long.
    """
    if len(lane.program.nodes) > MOST:
        return ["export const vectors = null;"]
    code, imported = vector_module(lane)
    functions = ", ".join(f"{op}: {CALLS[op]}" for op in imported)
    text = base64.b64encode(code).decode()
    return [f'export const vectors = {{ together: {LANES}, functions: {{ {functions} }}, code: "{text}" }};']
