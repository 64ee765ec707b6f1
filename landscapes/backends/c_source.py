"""A routine as C. Lanes are processed in inner loops, so that the compiler can vectorise them."""

import math
from collections.abc import Collection

from cliffscape.landscapes.backends.c_expressions import HEAD, LOGICAL, Statements, variable
from cliffscape.landscapes.descent.batch import MOVING, Routine
from cliffscape.landscapes.tracing.program import Scalar

# Lanes that are processed together: their values fit into the first-level cache. They stop when none of them moves.
WIDTH = 64
# Statements per loop. With 8 or more, the processor overlaps fewer lanes; a single loop takes twice as long.
GROUP = 4
# Loops per routine. With more, compiling a long routine takes a minute.
LOOPS = 160


class Writer(Statements):
    """Writes a routine's nodes as groups of statements, each group a loop over lanes.

    In one long loop, every lane waits for its own chain of exponentials. In short loops, the processor works on several
    lanes at once. Values that later groups read are stored in rows of scratch memory. A row is reused after the last
    group that reads it.
    """

    def __init__(self, routine: Routine, swept: Collection[str]) -> None:
        super().__init__(routine, swept)
        self.lane_inputs = {variable(name) for name in (*routine.columns, *swept)}
        work = self.work
        size = max(GROUP, math.ceil(len(work) / LOOPS))
        self.groups = [work[k : k + size] for k in range(0, len(work), size)]
        # The last group that reads each node; the outputs are read after all of them.
        self.last = {
            argument: k for k, group in enumerate(self.groups) for s in group for argument in self.arguments_of(s)
        }
        self.last |= dict.fromkeys(self.outputs, len(self.groups))
        self.rows: dict[Scalar, int] = {}
        self.free: list[int] = []
        self.scratch = 1

    def group(self, number: int) -> list[str]:
        """The body of one loop: it loads values, computes, and stores values for later groups."""
        group = self.groups[number]
        lines = self.loads({argument for scalar in group for argument in self.arguments_of(scalar)})
        lines += [self.definition(scalar) for scalar in group]
        for scalar in group:
            if self.last.get(scalar, number) > number:
                self.rows[scalar] = self.free.pop() if self.free else self.scratch
                self.scratch = max(self.scratch, self.rows[scalar] + 1)
                lines.append(f"kept[{self.rows[scalar]}][k] = v{scalar};")
        done = [scalar for scalar in self.rows if self.last[scalar] <= number]
        self.free += [self.rows.pop(scalar) for scalar in done]
        return lines

    def loads(self, wanted: Collection[Scalar]) -> list[str]:
        """Statements that load a lane's inputs, and values stored by earlier groups."""
        lines = []
        for scalar in sorted(wanted):
            name = self.name(scalar)
            if self.nodes[scalar].op == "input" and name in self.lane_inputs:
                lines.append(f"const real {name} = lane_{name}[k];")
            elif scalar in self.rows:
                kind, test = ("int", " != 0") if self.nodes[scalar].op in LOGICAL else ("real", "")
                lines.append(f"const {kind} {name} = kept[{self.rows[scalar]}][k]{test};")
        return lines


def source(routine: Routine, swept: Collection[str] = (), width: int = WIDTH) -> str:
    """C source of ``advance``, which takes ``steps`` steps of ``lanes`` lanes in place, ``width`` lanes at a time.

    ``columns`` and ``own`` hold one row of ``stride`` numbers per column and per ``swept`` parameter; ``shared`` holds
    the other parameters, in the routine's order. A block of ``width`` lanes stops early when none of them moves.
    """
    writer = Writer(routine, swept)
    lane = f"for (int k = 0; k < {width}; k++)"
    columns, fields = list(map(variable, routine.columns)), list(map(variable, (*routine.columns, *swept)))
    loops = [writer.group(number) for number in range(len(writer.groups))]
    # Next values go to separate rows first, since the next value of a column may be the present one of another.
    loops.append(
        [
            *writer.loads(set(writer.outputs)),
            *(f"next[{k}][k] = {writer.name(output)};" for k, output in enumerate(writer.outputs)),
        ]
    )
    loops.append([f"lane_{name}[k] = next[{k}][k];" for k, name in enumerate(columns)])
    sources = [f"columns[{k} * stride + from]" for k in range(len(columns))]
    sources += [f"own[{k} * stride + from]" for k in range(len(swept))]
    going = f"real going = 0; {lane} going += lane_{variable(MOVING)}[k]; if (going == 0) break;"
    shared = [name for name in routine.parameters if name not in swept]
    lines = [
        "void advance(long long lanes, long long stride, long long steps,",
        "             const real *shared, const real *own, real *columns) {",
        *(f"const real {variable(name)} = shared[{k}];" for k, name in enumerate(shared)),
        *writer.common,
        f"real kept[{writer.scratch}][{width}], next[{len(columns)}][{width}];",
        *(f"real lane_{name}[{width}];" for name in fields),
        f"for (long long at = 0; at < lanes; at += {width}) {{",
        f"const long long count = lanes - at < {width} ? lanes - at : {width};",
        f"{lane} {{ const long long from = at + (k < count ? k : count - 1);",
        *(f"lane_{name}[k] = {text};" for name, text in zip(fields, sources, strict=True)),
        "}",
        "for (long long step = 0; step < steps; step++) {",
        *(line for body in loops for line in (f"{lane} {{", *body, "}")),
        going if MOVING in routine.columns else "",
        "}",
        "for (long long k = 0; k < count; k++) {",
        *(f"columns[{k} * stride + at + k] = lane_{name}[k];" for k, name in enumerate(columns)),
        "}}}",
    ]
    return "\n".join([HEAD, *lines, ""])
