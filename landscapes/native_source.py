"""Native source: a routine as C, for a compiler that may be at hand. Lanes side by side, so that it can vectorise.

Plain C without headers. Sums and products are rounded one by one (no fused multiply-add is asked for), as in
PyTorch; the two differ in last bits, and after a wall amplifies those, in single lanes.
"""

import math
from collections.abc import Collection

from landscapes.emission import identifier, reachable, varying
from landscapes.lanes import MOVING, Routine
from landscapes.programs import Scalar

# Lanes in one go: what they carry stays in the first-level cache. They stop together when none of them moves.
WIDTH = 64
# Statements in one loop: of 8 or more, fewer lanes are under way at once; all in one loop takes twice as long.
GROUP = 4
# Loops in a routine: with more, compiling a long one takes a minute.
LOOPS = 150
INFIX = {"===": "==", "!==": "!=", "&&": "&", "||": "|"} | {op: op for op in ("+", "-", "*", "/", "<", "<=", ">", ">=")}
LOGICAL = {"<", "<=", ">", ">=", "===", "!==", "&&", "||", "!"}
CALLS = {"abs": "fabs", "max": "larger", "min": "smaller", "remainder": "remains", "sigmoid": "sigmoid", "sign": "sign"}
CALLS |= {name: name for name in ("exp", "log", "sqrt", "sin", "cos", "tanh", "floor", "pow")}
# PyTorch's semantics: NaN wins over every number, the sign of NaN is 0, a remainder has the divisor's sign.
HEAD = """\
#ifdef SINGLE
typedef float real;
#define NAMED(name) name##f
#else
typedef double real;
#define NAMED(name) name
#endif
#ifdef VECTORS
#define MATHS(name) __attribute__((simd("notinbranch"))) real NAMED(name)
#else
#define MATHS(name) real NAMED(name)
#endif
MATHS(exp)(real); MATHS(log)(real); MATHS(sin)(real); MATHS(cos)(real); MATHS(tanh)(real); MATHS(pow)(real, real);
real NAMED(floor)(real); real NAMED(sqrt)(real); real NAMED(fabs)(real); real NAMED(fma)(real, real, real);
static inline real larger(real a, real b) { return a > b || a != a ? a : b; }
static inline real smaller(real a, real b) { return a < b || a != a ? a : b; }
static inline real sign(real x) { return (real)(x > 0) - (real)(x < 0); }
static inline real sigmoid(real x) { return 1 / (1 + NAMED(exp)(-x)); }
static inline real remains(real a, real b) {
  real r = NAMED(fma)(-NAMED(floor)(a / b), b, a);
  return r != 0 && (r < 0) != (b < 0) ? r + b : r;
}
"""
OWN = ("larger", "smaller", "remains", "sigmoid", "sign")


def literal(value: float) -> str:
    """A number as C writes it, to the last bit."""
    if math.isnan(value):
        return "(real)(0.0 / 0.0)"
    if math.isinf(value):
        return "(real)(1.0 / 0.0)" if value > 0 else "(real)(-1.0 / 0.0)"
    return f"(real){value.hex()}"


def expression(op: str, texts: list[str]) -> str:
    """One operation over names and numbers."""
    if op in INFIX:
        return f"{texts[0]} {INFIX[op]} {texts[1]}"
    if op == "select":
        return f"{texts[0]} ? {texts[1]} : {texts[2]}"
    if op in ("neg", "!"):
        return f"{'-' if op == 'neg' else '!'}{texts[0]}"
    name = CALLS[op] if CALLS[op] in OWN else f"NAMED({CALLS[op]})"
    return f"{name}({', '.join(texts)})"


def variable(name: str) -> str:
    """A column's or parameter's name in C."""
    return f"i_{identifier(name)}"


class Writer:
    """Writes a routine's nodes as groups of statements, a loop over lanes each.

    In one long loop every lane waits for its own chain of exponentials; in short ones the processor works on
    several lanes at once. What one group hands to a later one stands in a row of scratch memory, which is used again
    when nobody reads it any more.
    """

    def __init__(self, routine: Routine, swept: Collection[str]) -> None:
        self.nodes = routine.program.nodes
        self.lane_inputs = {variable(name) for name in (*routine.columns, *swept)}
        ends = [routine.outputs[name] for name in routine.columns]
        order = reachable(routine.program, ends)
        own = varying(routine.program, order, {*routine.columns, *map(identifier, swept)})
        work = [scalar for scalar in order if scalar in own and not self.given(scalar)]
        self.common = [self.definition(scalar) for scalar in order if scalar not in own and not self.given(scalar)]
        size = max(GROUP, math.ceil(len(work) / LOOPS))
        self.groups = [work[k : k + size] for k in range(0, len(work), size)]
        # The last group that reads each node; the outputs are read after all of them.
        self.last = {argument: k for k, group in enumerate(self.groups) for s in group for argument in self.read_by(s)}
        self.last |= dict.fromkeys(ends, len(self.groups))
        self.rows: dict[Scalar, int] = {}
        self.free: list[int] = []
        self.scratch = 1

    def read_by(self, scalar: Scalar) -> tuple[Scalar, ...]:
        """The nodes that a node is computed from."""
        return self.nodes[scalar].arguments

    def given(self, scalar: Scalar) -> bool:
        """Whether a node is an input or a number."""
        return self.nodes[scalar].op in ("input", "constant")

    def name(self, scalar: Scalar) -> str:
        """How statements call a node."""
        node = self.nodes[scalar]
        if node.op == "constant":
            return literal(float(node.value))
        return variable(str(node.value)) if node.op == "input" else f"v{scalar}"

    def definition(self, scalar: Scalar) -> str:
        """The statement that computes a node."""
        node = self.nodes[scalar]
        kind = "int" if node.op in LOGICAL else "real"
        return f"const {kind} v{scalar} = {expression(node.op, [self.name(one) for one in node.arguments])};"

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
    ends = [routine.outputs[name] for name in routine.columns]
    # Into rows of their own first: one column's next value may be another column's present one.
    loops.append([*writer.fetched(set(ends)), *(f"next[{k}][k] = {writer.name(end)};" for k, end in enumerate(ends))])
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
