"""Vectors: the nodes of a lane's program as WebAssembly, two lanes to a vector, with several vectors in turn.

Sums and products are rounded as in PyTorch. The exponential is within two units in the last place, and other functions
are those of JavaScript.
"""

import base64
import struct
from collections.abc import Collection, Sequence
from functools import cached_property

from cliffscape.landscapes.backends.c_expressions import LOGICAL
from cliffscape.landscapes.backends.c_vectors import HIGHEST, LOWER
from cliffscape.landscapes.backends.javascript import CALLS
from cliffscape.landscapes.backends.web_assembly import instructions as wasm
from cliffscape.landscapes.backends.web_assembly.plan import IMPORTED, Plan
from cliffscape.landscapes.tracing.program import Program, Scalar

# Vectors whose statements alternate, so that the processor overlaps their chains of exponentials. With two of them, a
# map of the default cliff takes 1.5 times as long. More than four save nothing.
TOGETHER = 4
LANES = TOGETHER * wasm.WIDTH
FIRST = 2  # the first local that is a vector
SCRATCH = 3  # vectors for parts of one statement

MAGIC = 1.5 * 2.0**52  # adding and subtracting it rounds a number to a whole one, which its last bits hold in between
(MAGIC_BITS,) = struct.unpack("<q", struct.pack("<d", MAGIC))
BIAS, EXPONENT = 1023, 52  # of a float64: what is added to its exponent, and the number of bits below that
LOG2_E = float.fromhex("0x1.71547652b82fep+0")
# The logarithm of 2 in two parts. The first one times a whole number of up to 20 bits is exact.
LN2_HIGH, LN2_LOW = float.fromhex("0x1.62e42fee00000p-1"), float.fromhex("0x1.a39ef35793c76p-33")
FURTHEST = 750.0  # beyond it, e^x is 0 or Inf
POLYNOMIAL = [float.fromhex(one) for one in (HIGHEST, *LOWER)]


class Vectors:
    """Writes nodes of a lane's program as instructions that push a vector.

    Inputs are rows of memory (``rows``) or locals (``columns``), by name. Nodes that are computed already are locals
    (``kept``). Each of these numbers is the first of ``TOGETHER``. ``count`` is the number of locals for vectors.
    """

    def __init__(self, program: Program) -> None:
        self.program, self.nodes = program, program.nodes
        self.rows: dict[str, int] = {}
        self.columns: dict[str, int] = {}
        self.kept: dict[Scalar, int] = {}
        self.constants: dict[bytes, int] = {}
        self.imported: list[str] = []
        self.count = SCRATCH
        self.free: list[int] = []

    # Locals.

    def take(self, count: int = TOGETHER) -> int:
        """The first of new locals in a row, or of some that nothing reads any more."""
        if self.free and count == TOGETHER:
            return self.free.pop()
        self.count += count
        return FIRST + self.count - count

    def constant(self, content: bytes) -> bytes:
        """Push a vector of the same eight bytes. A local holds it, since a constant takes several instructions."""
        if content not in self.constants:
            self.constants[content] = self.take(1)
        return wasm.get(self.constants[content])

    def number(self, value: float) -> bytes:
        """Push a vector of one number."""
        return self.constant(struct.pack("<d", value))

    def whole(self, value: int) -> bytes:
        """Push a vector of one whole number."""
        return self.constant(struct.pack("<q", value))

    def export(self, code: bytes, rows: int) -> str:
        """A kernel's statement that exports ``code``, all statements of ``run``, over a memory of ``rows`` vectors.

        It exports ``vectors``: the module as text, and the functions of JavaScript that it calls.
        """
        constants = (wasm.constant(content) + wasm.put(local) for content, local in self.constants.items())
        imports = [(op, IMPORTED[op]) for op in self.imported]
        text = base64.b64encode(wasm.module(imports, self.count, b"".join(constants) + code, rows)).decode()
        functions = ", ".join(f"{op}: {CALLS[op]}" for op in self.imported)
        return f'export const vectors = {{ together: {LANES}, functions: {{ {functions} }}, code: "{text}" }};'

    # Nodes.

    def operand(self, scalar: Scalar, register: int) -> bytes:
        """Push a node as numbers."""
        pushed = self.value(scalar, register)
        return pushed + self.number(1.0) + wasm.AND if self.nodes[scalar].op in LOGICAL else pushed

    def condition(self, scalar: Scalar, register: int) -> bytes:
        """Push a node as a mask: of a number, whether it is not 0."""
        pushed = self.value(scalar, register)
        return pushed if self.nodes[scalar].op in LOGICAL else pushed + self.number(0.0) + wasm.VECTOR["!=="]

    def value(self, scalar: Scalar, register: int) -> bytes:
        """Push a node: from where it is kept, or by computing it."""
        node = self.nodes[scalar]
        if scalar in self.kept:
            return wasm.get(self.kept[scalar] + register)
        if node.op == "constant":
            return self.number(float(node.value))
        if node.op != "input":
            return self.computed(scalar, register)
        name = str(node.value)
        if name in self.columns:
            return wasm.get(self.columns[name] + register)
        return wasm.load(self.rows[name] + register)

    def computed(self, scalar: Scalar, register: int) -> bytes:
        """Compute a node, and push it."""
        op, arguments = self.nodes[scalar].op, self.nodes[scalar].arguments
        if op in wasm.MASKS:
            return b"".join(self.condition(one, register) for one in arguments) + wasm.VECTOR[op]
        if op == "select":
            chosen, first, second = arguments
            parts = self.operand(first, register), self.operand(second, register), self.condition(chosen, register)
            return b"".join(parts) + wasm.PICK
        texts = [self.operand(one, register) for one in arguments]
        if op in wasm.VECTOR:
            return b"".join(texts) + wasm.VECTOR[op]
        if op == "exp":
            return self.exponential(texts[0])
        if op == "sigmoid":
            below = self.exponential(texts[0] + wasm.VECTOR["neg"])
            return self.number(1.0) + self.number(1.0) + below + wasm.VECTOR["+"] + wasm.VECTOR["/"]
        return self.sign(texts[0]) if op == "sign" else self.call(op, texts)

    def exponential(self, x: bytes) -> bytes:
        """Compute the exponential of what ``x`` pushes, and push it."""
        return x + self.exponential_of_pushed

    @cached_property
    def exponential_of_pushed(self) -> bytes:
        """Replace a vector by its exponentials, e^x = 2^n e^r with a whole n and |r| <= ln 2 / 2."""
        low, rest, rounded = (FIRST + k for k in range(SCRATCH))
        plus, minus, times = (wasm.VECTOR[op] for op in "+-*")
        # The scale 2^n is taken in two parts, as n may be beyond the exponents of float64.
        code = self.number(FURTHEST) + wasm.SMALLER + self.number(-FURTHEST) + wasm.LARGER + wasm.keep(low)
        code += self.number(LOG2_E) + times + self.number(MAGIC) + plus + wasm.keep(rounded)
        code += self.number(MAGIC) + minus + wasm.put(rest)
        code += wasm.get(low) + wasm.get(rest) + self.number(LN2_HIGH) + times + minus
        code += wasm.get(rest) + self.number(LN2_LOW) + times + minus + wasm.put(rest)
        code += self.number(POLYNOMIAL[0])
        for one in POLYNOMIAL[1:]:
            code += wasm.get(rest) + times + self.number(one) + plus
        code += wasm.get(rounded) + self.whole(MAGIC_BITS) + wasm.WHOLE_SUBTRACT + wasm.keep(rounded)
        code += wasm.shift_right(1) + wasm.keep(low) + self.power_of_two() + times
        return code + wasm.get(rounded) + wasm.get(low) + wasm.WHOLE_SUBTRACT + self.power_of_two() + times

    def power_of_two(self) -> bytes:
        """Replace whole numbers by 2 to their power."""
        return self.whole(BIAS) + wasm.WHOLE_ADD + wasm.shift_left(EXPONENT)

    def sign(self, x: bytes) -> bytes:
        """1, 0 or -1; of NaN it is 0."""
        kept, one = FIRST, self.number(1.0) + wasm.AND
        above = x + wasm.keep(kept) + self.number(0.0) + wasm.VECTOR[">"] + one
        return above + wasm.get(kept) + self.number(0.0) + wasm.VECTOR["<"] + one + wasm.VECTOR["-"]

    def call(self, op: str, texts: Sequence[bytes]) -> bytes:
        """Call a function of JavaScript for one number after another."""
        if op not in self.imported:
            self.imported.append(op)
        function = wasm.call(self.imported.index(op))
        scratch = [FIRST + k for k in range(len(texts))]
        code = b"".join(texts) + b"".join(wasm.put(local) for local in reversed(scratch))
        first, second = (
            b"".join(wasm.get(local) + wasm.lane(number) for local in scratch) + function
            for number in range(wasm.WIDTH)
        )
        return code + first + wasm.SPLAT + second + wasm.with_lane(1)

    # Parts of a program.

    def part(self, outputs: Collection[Scalar], known: Collection[Scalar] = ()) -> bytes:
        """Statements after which ``outputs`` can be pushed. The nodes ``known`` are kept already."""
        plan = Plan(self.program, outputs, known)
        code = b""
        for number, scalar in enumerate(plan.statements):
            place = self.take()
            code += b"".join(self.computed(scalar, one) + wasm.put(place + one) for one in range(TOGETHER))
            self.kept[scalar] = place
            self.free += [self.kept.pop(done) for done in plan.done[number]]
        return code

    def leave(self, known: Collection[Scalar]) -> None:
        """At the end of a part, forget its nodes, all but ``known``."""
        self.free += [self.kept.pop(scalar) for scalar in sorted(set(self.kept).difference(known))]

    def assign(self, places: Collection[int], outputs: Collection[Scalar]) -> bytes:
        """Put outputs into locals. All are pushed first, since one may be the present value of another place."""
        code = b""
        for register in range(TOGETHER):
            code += b"".join(self.operand(scalar, register) for scalar in outputs)
            code += b"".join(wasm.put(place + register) for place in reversed(list(places)))
        return code
