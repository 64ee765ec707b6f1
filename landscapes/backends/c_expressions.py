"""The nodes of a routine as statements of C, for a C compiler and for CUDA.

Plain C without headers. Sums and products are rounded separately, without fused multiply-add, as in PyTorch. Results
still differ from PyTorch's in the last bits, and visibly in a few lanes in which a wall amplifies these differences.
"""

import math
from collections.abc import Collection

from cliffscape.landscapes.backends.javascript import BINARY, expression, reachable, varying_nodes
from cliffscape.landscapes.descent.batch import Routine
from cliffscape.landscapes.tracing.program import Scalar, identifier

INFIX = BINARY | {"===": "==", "!==": "!=", "&&": "&", "||": "|"}
LOGICAL = {"<", "<=", ">", ">=", "===", "!==", "&&", "||", "!"}
CALLS = {name: f"NAMED({name})" for name in ("exp", "log", "sqrt", "sin", "cos", "tanh", "floor", "pow")}
CALLS |= {"abs": "NAMED(fabs)", "max": "larger", "min": "smaller", "remainder": "remains"}
CALLS |= {"sigmoid": "sigmoid", "sign": "sign"}
# PyTorch's semantics: max and min with NaN are NaN, the sign of NaN is 0, a remainder has the divisor's sign.
HEAD = """\
#ifdef SINGLE
typedef float real;
#define NAMED(name) name##f
#else
typedef double real;
#define NAMED(name) name
#endif
#ifndef __CUDACC_RTC__
#ifdef VECTORS
#define MATHS(name) __attribute__((simd("notinbranch"))) real NAMED(name)
#else
#define MATHS(name) real NAMED(name)
#endif
MATHS(exp)(real); MATHS(log)(real); MATHS(sin)(real); MATHS(cos)(real); MATHS(tanh)(real); MATHS(pow)(real, real);
real NAMED(floor)(real); real NAMED(sqrt)(real); real NAMED(fabs)(real); real NAMED(fma)(real, real, real);
#endif
static inline real larger(real a, real b) { return a > b || a != a ? a : b; }
static inline real smaller(real a, real b) { return a < b || a != a ? a : b; }
static inline real sign(real x) { return (real)(x > 0) - (real)(x < 0); }
#if defined(__CUDACC_RTC__) && !defined(SINGLE)
/* The quotient from the hardware's estimate, by a step of third order. It is as exact as a division, which takes twice
   as long because it also treats numbers that do not occur here. Results below 1e-307 are 0. */
static inline double sigmoid(double x) {
  const int low = x < -708;
  const double sum = 1 + exp(low ? 708 : -x);
  double estimate;
  asm("rcp.approx.ftz.f64 %0, %1;" : "=d"(estimate) : "d"(sum));
  const double rest = fma(-sum, estimate, 1.0);
  return low ? 0 : fma(estimate, fma(rest, rest, rest), estimate);
}
#else
static inline real sigmoid(real x) { return 1 / (1 + NAMED(exp)(-x)); }
#endif
static inline real remains(real a, real b) {
  real r = NAMED(fma)(-NAMED(floor)(a / b), b, a);
  return r != 0 && (r < 0) != (b < 0) ? r + b : r;
}
"""


def literal(value: float) -> str:
    """A number as a C expression, exact to the last bit."""
    if math.isnan(value):
        return "(real)(0.0 / 0.0)"
    if math.isinf(value):
        return "(real)(1.0 / 0.0)" if value > 0 else "(real)(-1.0 / 0.0)"
    return f"(real){value.hex()}"


def variable(name: str) -> str:
    """A column's or parameter's name in C."""
    return f"i_{identifier(name)}"


class Statements:
    """A routine's nodes: those equal in all lanes (``common``), and the ``work`` of each step of each lane."""

    def __init__(self, routine: Routine, swept: Collection[str]) -> None:
        self.nodes = routine.program.nodes
        self.outputs = [routine.outputs[name] for name in routine.columns]
        order = [scalar for scalar in reachable(routine.program, self.outputs) if not self.is_leaf(scalar)]
        own = varying_nodes(
            routine.program, reachable(routine.program, self.outputs), {*routine.columns, *map(identifier, swept)}
        )
        self.work = [scalar for scalar in order if scalar in own]
        self.common = [self.definition(scalar) for scalar in order if scalar not in own]

    def arguments_of(self, scalar: Scalar) -> tuple[Scalar, ...]:
        """The nodes that a node is computed from."""
        return self.nodes[scalar].arguments

    def is_leaf(self, scalar: Scalar) -> bool:
        """Whether a node is an input or a number."""
        return self.nodes[scalar].op in ("input", "constant")

    def name(self, scalar: Scalar) -> str:
        """The name or literal of a node in statements."""
        node = self.nodes[scalar]
        if node.op == "constant":
            return literal(float(node.value))
        return variable(str(node.value)) if node.op == "input" else f"v{scalar}"

    def definition(self, scalar: Scalar) -> str:
        """The statement that computes a node."""
        node = self.nodes[scalar]
        kind = "int" if node.op in LOGICAL else "real"
        text = expression(node.op, [self.name(one) for one in node.arguments], INFIX, CALLS)
        return f"const {kind} v{scalar} = {text};"
