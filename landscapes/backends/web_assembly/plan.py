"""Plan: which nodes of a part of a program are kept in locals, in which order, and for how long."""

from collections.abc import Collection

from cliffscape.landscapes.backends.javascript import reachable
from cliffscape.landscapes.tracing.program import Program, Scalar

# Functions of JavaScript that WebAssembly has not, and the number of their arguments.
IMPORTED = {"log": 1, "sin": 1, "cos": 1, "tanh": 1, "pow": 2, "remainder": 2}
INLINE = 6  # nodes of an expression whose parts are not kept in locals


class Plan:
    """The nodes of a part that are kept in locals, in order (``statements``).

    ``done`` are, for every statement, the nodes that nothing reads after it.
    """

    def __init__(self, program: Program, outputs: Collection[Scalar], known: Collection[Scalar]) -> None:
        self.nodes, self.known = program.nodes, set(known)
        order = [scalar for scalar in reachable(program, outputs, self.known) if self.is_computed(scalar)]
        readers = dict.fromkeys(order, 0)
        for argument in (argument for scalar in order for argument in self.nodes[scalar].arguments):
            readers[argument] = readers.get(argument, 0) + 1
        # Sizes of the nodes that are a part of the statement that reads them. An output may be read several times.
        self.sizes: dict[Scalar, int] = {}
        for scalar in order:
            size = 1 + sum(self.sizes.get(one, 0) for one in self.nodes[scalar].arguments)
            long = size >= INLINE or self.nodes[scalar].op in ("exp", "sigmoid", *IMPORTED)
            if readers[scalar] == 1 and scalar not in outputs and not long:
                self.sizes[scalar] = size
        self.statements = [scalar for scalar in order if scalar not in self.sizes]
        last = {one: number for number, scalar in enumerate(self.statements) for one in self.reads(scalar)}
        self.done: list[list[Scalar]] = [[] for _ in self.statements]
        for scalar in set(last).difference(outputs):
            self.done[last[scalar]].append(scalar)

    def is_computed(self, scalar: Scalar) -> bool:
        """Whether a node must be computed in this part."""
        return scalar not in self.known and self.nodes[scalar].op not in ("input", "constant")

    def reads(self, scalar: Scalar) -> set[Scalar]:
        """The kept nodes of this part that a statement reads."""
        found: set[Scalar] = set()
        for one in self.nodes[scalar].arguments:
            if one in self.sizes:
                found |= self.reads(one)
            elif self.is_computed(one):
                found.add(one)
        return found
