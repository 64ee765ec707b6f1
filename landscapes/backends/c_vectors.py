"""A routine as C whose lanes stay in vector registers, for processors with AVX-512.

A register holds eight lanes. The statements of several registers alternate, so that the processor overlaps their chains
of exponentials, and a value is stored only where registers run out. The loops of ``c_source`` store one value per
statement or two, which takes a third more time on the cliff, benchmarks/outcomes.py.

Sums and products are rounded as in PyTorch. The exponential is within a unit in the last place.
"""

from collections.abc import Collection

from cliffscape.landscapes.backends.c_expressions import HEAD as SCALARS
from cliffscape.landscapes.backends.c_expressions import LOGICAL, Statements, variable
from cliffscape.landscapes.descent.batch import MOVING, Routine
from cliffscape.landscapes.tracing.program import Scalar

LANES = 8
# Registers whose statements alternate. With more, most values are stored.
TOGETHER = 4
# Statements of a step of one lane. Longer routines take the compiler too long.
MOST = 1500
INFIX = {op: op for op in ("+", "-", "*", "/", "<", "<=", ">", ">=")}
INFIX |= {"===": "==", "!==": "!=", "&&": "&", "||": "|"}
CALLS = {"abs": "every_abs", "max": "every_larger", "min": "every_smaller", "remainder": "every_remains"}
CALLS |= {name: f"every_{name}" for name in ("exp", "sqrt", "floor", "sigmoid", "sign")}
# Functions of the C library for eight numbers, by the names that compilers call them.
CALLS |= {name: f"_ZGVeN8v_{name}" for name in ("log", "sin", "cos", "tanh")} | {"pow": "_ZGVeN8vv_pow"}
# The polynomial of degree 11 through e^r at the Chebyshev nodes of |r| <= ln 2 / 2, highest power first: within 2e-17.
HIGHEST = "0x1.af632a0f7e2cep-26"
LOWER = ["0x1.28b4101c77212p-22", "0x1.71ddf56d8deb5p-19", "0x1.a01991a10d9aep-16", "0x1.a01a01b1461c5p-13"]
LOWER += ["0x1.6c16c1880029fp-10", "0x1.111111110f21ep-7", "0x1.555555554f0bap-5", "0x1.555555555555ap-3"]
LOWER += ["0x1.0000000000011p-1", "1.0", "1.0"]
# PyTorch's semantics, as in c_expressions. Instructions instead of the compiler's header for them, which alone takes a
# second to read. The last operand of the processor's minimum and maximum is the result where it is NaN.
HEAD = f"""\
{SCALARS}
typedef double vec __attribute__((vector_size(64), may_alias));
typedef long long mask __attribute__((vector_size(64)));
#define EVERY static inline __attribute__((always_inline)) vec
#define ALL(number) ((vec){{}} + (number))
vec _ZGVeN8v_log(vec); vec _ZGVeN8v_sin(vec); vec _ZGVeN8v_cos(vec); vec _ZGVeN8v_tanh(vec);
vec _ZGVeN8vv_pow(vec, vec);
EVERY pick(mask chosen, vec a, vec b) {{ return (vec)((chosen & (mask)a) | (~chosen & (mask)b)); }}
EVERY every_larger(vec a, vec b) {{ return pick((a > b) | (a != a), a, b); }}
EVERY every_smaller(vec a, vec b) {{ return pick((a < b) | (a != a), a, b); }}
EVERY every_abs(vec a) {{ return (vec)((mask)a & 0x7fffffffffffffffLL); }}
EVERY every_sign(vec a) {{ return pick(a > 0, ALL(1.0), ALL(0.0)) - pick(a < 0, ALL(1.0), ALL(0.0)); }}
EVERY every_sqrt(vec a) {{ asm("vsqrtpd %1, %0" : "=v"(a) : "v"(a)); return a; }}
EVERY every_floor(vec a) {{ asm("vrndscalepd $9, %1, %0" : "=v"(a) : "v"(a)); return a; }}
EVERY fused(vec a, vec b, vec c) {{ asm("vfmadd213pd %2, %1, %0" : "+v"(a) : "v"(b), "vm"(c)); return a; }}
EVERY every_remains(vec a, vec b) {{
  const vec r = fused(-every_floor(a / b), b, a);
  return pick((r != 0) & ((r < 0) ^ (b < 0)), r + b, r);
}}
/* e^x = 2^n e^r with a whole n, |r| <= ln 2 / 2 and a logarithm of twice the digits. Adding 1.5 * 2^52 rounds. */
EVERY every_exp(vec x) {{
  const vec highest = ALL(750.0), lowest = ALL(-750.0), whole = ALL(0x1.8p52);
  asm("vminpd %1, %2, %0" : "=v"(x) : "v"(x), "v"(highest));
  asm("vmaxpd %1, %2, %0" : "=v"(x) : "v"(x), "v"(lowest));
  const vec n = fused(x, ALL(0x1.71547652b82fep+0), whole) - whole;
  const vec r = fused(n, ALL(-0x1.abc9e3b39803fp-56), fused(n, ALL(-0x1.62e42fefa39efp-1), x));
  vec p = ALL({HIGHEST}), scaled;
  {" ".join(f"p = fused(p, r, ALL({one}));" for one in LOWER)}
  asm("vscalefpd %2, %1, %0" : "=v"(scaled) : "v"(p), "v"(n));
  return scaled;
}}
EVERY every_sigmoid(vec x) {{ return 1 / (1 + every_exp(-x)); }}
"""


class Registers(Statements):
    """Writes a routine's nodes as statements of registers, whose numbers end their names."""

    def __init__(self, routine: Routine, swept: Collection[str]) -> None:
        super().__init__(routine, swept)
        self.fields = {variable(name) for name in (*routine.columns, *swept)}
        self.varying = set(self.work)

    def operand(self, scalar: Scalar, register: int) -> str:
        """A node as a vector."""
        name = self.name(scalar)
        if scalar not in self.varying and name not in self.fields:
            return f"ALL({name})"
        own = f"{name}_{register}"
        return f"pick({own}, ALL(1.0), ALL(0.0))" if self.nodes[scalar].op in LOGICAL else own

    def condition(self, scalar: Scalar, register: int) -> str:
        """A node as a mask: of a number, whether it is not 0."""
        if self.nodes[scalar].op in LOGICAL and scalar in self.varying:
            return f"{self.name(scalar)}_{register}"
        return f"({self.operand(scalar, register)} != 0)"

    def statement(self, scalar: Scalar, register: int) -> str:
        """The statement that computes a node."""
        op, arguments = self.nodes[scalar].op, self.arguments_of(scalar)
        logical = op in ("&&", "||", "!")
        texts = [self.condition(one, register) if logical else self.operand(one, register) for one in arguments]
        if op in INFIX:
            text = f"{texts[0]} {INFIX[op]} {texts[1]}"
        elif op in ("neg", "!"):
            text = f"{'-' if op == 'neg' else '~'}{texts[0]}"
        elif op == "select":
            text = f"pick({self.condition(arguments[0], register)}, {texts[1]}, {texts[2]})"
        else:
            text = f"{CALLS[op]}({', '.join(texts)})"
        return f"const {'mask' if op in LOGICAL else 'vec'} v{scalar}_{register} = {text};"

    def steps(self, columns: list[str]) -> list[str]:
        """The loop over steps, which ends early when no lane moves."""
        registers = range(TOGETHER)
        lines = [self.statement(scalar, one) for scalar in self.work for one in registers]
        # All next values are computed first, since the next value of a column may be the present one of another.
        for row, output in enumerate(self.outputs):
            lines += [f"const vec next{row}_{one} = {self.operand(output, one)};" for one in registers]
        lines += [f"{name}_{one} = next{row}_{one};" for row, name in enumerate(columns) for one in registers]
        if (moving := variable(MOVING)) in columns:
            lines.append(f"const vec moving = {' + '.join(f'{moving}_{one}' for one in registers)};")
            lines.append(f"if ({' + '.join(f'moving[{lane}]' for lane in range(LANES))} == 0) break;")
        return ["for (long long step = 0; step < steps; step++) {", *lines, "}"]


def vector_source(routine: Routine, swept: Collection[str] = ()) -> str | None:
    """C source of ``advance``, as of ``c_source.source``, or None for a routine that is too long."""
    writer = Registers(routine, swept)
    if len(writer.work) > MOST:
        return None
    columns, fields = list(map(variable, routine.columns)), list(map(variable, (*routine.columns, *swept)))
    registers, width = range(TOGETHER), TOGETHER * LANES
    shared = [name for name in routine.parameters if name not in swept]
    places = [f"columns[{k} * stride + from]" for k in range(len(columns))]
    places += [f"own[{k} * stride + from]" for k in range(len(swept))]
    moved = [
        (f"{name}_{k}", f"*(vec *)&held[{row}][{k * LANES}]") for row, name in enumerate(fields) for k in registers
    ]
    lines = [
        "void advance(long long lanes, long long stride, long long steps,",
        "             const real *shared, const real *own, real *columns) {",
        *(f"const real {variable(name)} = shared[{k}];" for k, name in enumerate(shared)),
        *writer.common,
        f"real held[{len(fields)}][{width}] __attribute__((aligned(64)));",
        f"for (long long at = 0; at < lanes; at += {width}) {{",
        f"const long long count = lanes - at < {width} ? lanes - at : {width};",
        f"for (int k = 0; k < {width}; k++) {{ const long long from = at + (k < count ? k : count - 1);",
        *(f"held[{row}][k] = {place};" for row, place in enumerate(places)),
        "}",
        *(f"vec {name} = {place};" for name, place in moved),
        *writer.steps(columns),
        *(f"{place} = {name};" for name, place in moved),
        "for (long long k = 0; k < count; k++) {",
        *(f"columns[{row} * stride + at + k] = held[{row}][k];" for row in range(len(columns))),
        "}}}",
    ]
    return "\n".join([HEAD, *lines, ""])
