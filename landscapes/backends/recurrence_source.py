"""A recurrent net's states and their gradient as C, from the traced nonlinearities of its cell.

A step is two matrix products, which are the same for all cells (``recurrence.c``), and one loop over the cell's
nonlinearities, which is written here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cliffscape.landscapes.backends.c_expressions import CALLS, HEAD, INFIX, LOGICAL, literal
from cliffscape.landscapes.backends.javascript import expression, reachable
from cliffscape.landscapes.tracing.program import Program, Scalar

# Cheaper to compute again than to load. Results of all other functions are stored for the backward step.
CHEAP = {"abs", "max", "min", "sign", "floor"}
# Sums may be fused with products here, as in the matrix products of PyTorch's libraries.
FUSE = """\
#if defined(__clang__)
#pragma clang fp contract(fast)
#elif defined(__GNUC__)
#pragma GCC optimize("O3,fp-contract=fast")
#endif
"""
MEMORY = ("state", "cell_state")
GRADIENT = ("grad_state", "grad_cell_state")
GATE = "gate_"


@dataclass(frozen=True)
class Activation:
    """The nonlinearities of a cell with one or two memories, the hidden state and the cell state.

    The program's inputs are the pre-activations ``gate_0``, ``gate_1``, ..., the ``MEMORY``, and the ``GRADIENT`` of a
    loss by the next memory. ``after`` is the next memory, ``grad_gates`` are the gradients by the pre-activations, and
    ``grad_before`` those by the memory, without the part that passes through the pre-activations.
    """

    program: Program
    after: Sequence[Scalar]
    grad_gates: Sequence[Scalar]
    grad_before: Sequence[Scalar]

    @cached_property
    def stored(self) -> list[Scalar]:
        """Nodes of the forward step that the backward step reads, in addition to the memory before and after it."""
        kept = {scalar for scalar in reachable(self.program, self.after) if self._is_stored(scalar)}
        read = reachable(self.program, [*self.grad_gates, *self.grad_before], {*kept, *self.after})
        return [scalar for scalar in read if scalar in kept]

    def _is_stored(self, scalar: Scalar) -> bool:
        node = self.program.nodes[scalar]
        if node.op == "input":
            return str(node.value).startswith(GATE)
        return node.op in CALLS and node.op not in CHEAP and scalar not in self.after


class Loop:
    """A loop over units: it loads values from arrays, computes, and stores values in arrays. ``head`` begins it."""

    def __init__(self, program: Program, arrays: dict[Scalar, str], head: str) -> None:
        self.program, self.arrays, self.head = program, arrays, head

    def name(self, scalar: Scalar) -> str:
        """A node's name, or its number."""
        node = self.program.nodes[scalar]
        return literal(float(node.value)) if node.op == "constant" else f"v{scalar}"

    def statement(self, scalar: Scalar) -> str:
        """The statement that loads or computes a node."""
        node = self.program.nodes[scalar]
        if scalar in self.arrays:
            return f"const double v{scalar} = {self.arrays[scalar]};"
        kind = "int" if node.op in LOGICAL else "double"
        return f"const {kind} v{scalar} = {expression(node.op, [*map(self.name, node.arguments)], INFIX, CALLS)};"

    def lines(self, stores: Sequence[tuple[str, Scalar]]) -> list[str]:
        """The loop that stores nodes in places."""
        work = reachable(self.program, [scalar for _, scalar in stores], self.arrays)
        return [
            f"{self.head} {{",
            *(self.statement(scalar) for scalar in work if self.program.nodes[scalar].op != "constant"),
            *(f"{place} = {self.name(scalar)};" for place, scalar in stores),
            "}",
        ]


def function(name: str, inputs: Sequence[str], outputs: Sequence[str], body: Sequence[str]) -> list[str]:
    """A C function of ``size`` units with arrays that do not overlap."""
    parameters = [f"const double *restrict {array}" for array in inputs]
    parameters += [f"double *restrict {array}" for array in outputs]
    return [f"static void {name}(long size, {', '.join(parameters)}) {{", *body, "}"]


def nonlinearities(activation: Activation, head: str = "for (long k = 0; k < size; k++)") -> list[str]:
    """The C functions ``activate`` and ``differentiate`` of a cell; ``head`` begins a loop over ``size`` units."""
    program, blocks, memories = activation.program, len(activation.grad_gates), len(activation.after)
    gates = {program.input(f"{GATE}{n}"): f"gates[{n} * size + k]" for n in range(blocks)}
    before = {program.input(name): f"{name}[k]" for name in MEMORY[:memories]}
    gradient = {program.input(name): f"{name}[k]" for name in GRADIENT[:memories]}
    stored = {scalar: f"stored[{n} * size + k]" for n, scalar in enumerate(activation.stored)}
    after = {scalar: f"{name}_after[k]" for name, scalar in zip(MEMORY, activation.after, strict=False)}
    forward = Loop(program, gates | before, head).lines([(place, scalar) for scalar, place in (after | stored).items()])
    writes = [(f"grad_gates[{n} * size + k]", scalar) for n, scalar in enumerate(activation.grad_gates)]
    writes += [(f"{name}_before[k]", scalar) for name, scalar in zip(GRADIENT, activation.grad_before, strict=False)]
    backward = Loop(program, before | gradient | stored | after, head).lines(writes)
    arrays = [f"{name}_after" for name in MEMORY]
    sizes = {"BLOCKS": blocks, "MEMORIES": memories, "STORED": len(stored)}
    return [
        *(f"#define {name} {number}" for name, number in sizes.items()),
        *function("activate", ["gates", *MEMORY], [*arrays, "stored"], forward),
        *function(
            "differentiate",
            [*MEMORY, *arrays, "stored", *GRADIENT],
            ["grad_gates", *(f"{name}_before" for name in GRADIENT)],
            backward,
        ),
    ]


def source(activation: Activation) -> str:
    """C source of ``forward`` and ``backward`` for a cell; see ``recurrence.c`` for their arguments."""
    steps = Path(__file__).with_name("recurrence.c").read_text(encoding="utf-8")
    return "\n".join([FUSE + HEAD, *nonlinearities(activation), steps])
