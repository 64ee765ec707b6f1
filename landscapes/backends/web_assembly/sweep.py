"""The lanes of a sweep as a module of WebAssembly, which takes a browser a third of the time of JavaScript."""

from cliffscape.landscapes.backends.lane_program import POSITION, LaneProgram
from cliffscape.landscapes.backends.web_assembly import instructions as wasm
from cliffscape.landscapes.backends.web_assembly.vectors import TOGETHER, Vectors
from cliffscape.landscapes.descent.batch import MOVING
from cliffscape.landscapes.tracing.program import identifier

MOST = 3000  # nodes of a program
STEPS, STEP = 0, 1  # locals: the parameter of ``run``, and the number of steps taken


def vector_export(lane: LaneProgram) -> str:
    """A kernel's statement that exports ``vectors``, whose ``run(steps)`` computes lanes from and to its memory.

    The memory holds the numbers of all lanes for every parameter, then for x, y, and every column of the result. The
    export is null for a program that is too long.
    """
    if len(lane.program.nodes) > MOST:
        return "export const vectors = null;"
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
    return writer.export(code, rows)
