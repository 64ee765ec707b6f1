"""A routine as C. Lanes are processed in inner loops, so that the compiler can vectorise them."""

import math
from collections.abc import Collection

from cliffscape.landscapes.backends.c_expressions import HEAD, LOGICAL, Statements, variable
from cliffscape.landscapes.descent.batch import MOVING, Routine
from cliffscape.landscapes.tracing.program import Scalar

# Lanes in one go: what they carry stays in the first-level cache. They stop together when none of them moves.
WIDTH = 64
# Statements in one loop: of 8 or more, fewer lanes are under way at once; all in one loop takes twice as long.
GROUP = 4
# Loops in a routine: with more, compiling a long one takes a minute.
LOOPS = 150


class Writer(Statements):
    """Writes a routine's nodes as groups of statements, a loop over lanes each.

    In one long loop every lane waits for its own chain of exponentials; in short ones the processor works on
    several lanes at once. What one group hands to a later one stands in a row of scratch memory, which is used again
    when nobody reads it any more.
    """

    def __init__(self, routine: Routine, swept: Collection[str]) -> None:
        super().__init__(routine, swept)
        self.lane_inputs = {variable(name) for name in (*routine.columns, *swept)}
        work = self.work
        size = max(GROUP, math.ceil(len(work) / LOOPS))
        self.groups = [work[k : k + size] for k in range(0, len(work), size)]
        # The last group that reads each node; the outputs are read after all of them.
        self.last = {argument: k for k, group in enumerate(self.groups) for s in group for argument in self.read_by(s)}
        self.last |= dict.fromkeys(self.ends, len(self.groups))
        self.rows: dict[Scalar, int] = {}
        self.free: list[int] = []
        self.scratch = 1

    def group(self, number: int) -> list[str]:
        """One loop's body: what is read, computed, and kept for later groups."""
        group = self.groups[number]
        lines = self.fetched({argument for scalar in group for argument in self.read_by(scalar)})
        lines += [self.definition(scalar) for scalar in group]
        for scalar in group:
            if self.last.get(scalar, number) > number:
                self.rows[scalar] = self.free.pop() if self.free else self.scratch
                self.scratch = max(self.scratch, self.rows[scalar] + 1)
                lines.append(f"kept[{self.rows[scalar]}][k] = v{scalar};")
        done = [scalar for scalar in self.rows if self.last[scalar] <= number]
        self.free += [self.rows.pop(scalar) for scalar in done]
        return lines

    def fetched(self, wanted: Collection[Scalar]) -> list[str]:
        """Definitions of a lane's inputs and of what earlier groups kept."""
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
    """C of ``advance``: take ``steps`` steps of ``lanes`` lanes, in place, ``width`` of them in one go.

    ``columns`` and ``own`` hold one row of ``stride`` numbers per column and per ``swept`` parameter; ``shared`` holds
    the other parameters, in the routine's order. Lanes that no longer move are left as they are, ``width`` at once.
    """
    writer = Writer(routine, swept)
    lane = f"for (int k = 0; k < {width}; k++)"
    columns, fields = list(map(variable, routine.columns)), list(map(variable, (*routine.columns, *swept)))
    loops = [writer.group(number) for number in range(len(writer.groups))]
    # Into rows of their own first: one column's next value may be another column's present one.
    loops.append(
        [
            *writer.fetched(set(writer.ends)),
            *(f"next[{k}][k] = {writer.name(end)};" for k, end in enumerate(writer.ends)),
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
