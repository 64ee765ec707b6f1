"""Scalar programs: expressions over numbers, in order of computation."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Scalar = int  # index of a node in its program


@dataclass(frozen=True)
class Node:
    """One scalar operation: ``op`` over earlier nodes. ``input`` and ``constant`` carry a ``value``."""

    op: str
    arguments: tuple[Scalar, ...] = ()
    value: float | str = 0.0


@dataclass
class Program:
    """Nodes in order of computation. Equal nodes are shared, and constants are folded if that is exact."""

    nodes: list[Node] = field(default_factory=list)
    known: dict[tuple[Any, ...], Scalar] = field(default_factory=dict)

    @classmethod
    def of(cls, nodes: Iterable[Node]) -> "Program":
        """A program that begins with these nodes, none of which are equal."""
        program = cls()
        for node in nodes:
            program.add(node.op, *node.arguments, value=node.value)
        return program

    def add(self, op: str, *arguments: Scalar, value: float | str = 0.0) -> Scalar:
        """The node ``op(arguments)``; an existing equal node is reused."""
        # repr distinguishes 0.0 from -0.0 and makes NaN equal to itself, so constants are compared by their bits.
        key = (op, arguments, repr(value))
        if key not in self.known:
            self.known[key] = len(self.nodes)
            self.nodes.append(Node(op, arguments, value))
        return self.known[key]

    def input(self, name: str) -> Scalar:
        """The input called ``name``."""
        return self.add("input", value=name)

    def constant(self, value: float) -> Scalar:
        """A number."""
        return self.add("constant", value=float(value))

    def is_constant(self, scalar: Scalar, value: float) -> bool:
        """Whether ``scalar`` is the number ``value``."""
        node = self.nodes[scalar]
        return node.op == "constant" and node.value == value

    def multiply(self, a: Scalar, b: Scalar) -> Scalar:
        """a times b; a factor of one is dropped, which is exact."""
        if self.is_constant(a, 1.0):
            return b
        return a if self.is_constant(b, 1.0) else self.add("*", a, b)

    def plus(self, a: Scalar, b: Scalar) -> Scalar:
        """a plus b; a zero is dropped, which is exact up to the sign of a zero."""
        if self.is_constant(a, 0.0):
            return b
        return a if self.is_constant(b, 0.0) else self.add("+", a, b)

    def minus(self, a: Scalar, b: Scalar) -> Scalar:
        """a minus b."""
        return a if self.is_constant(b, 0.0) else self.add("-", a, b)

    def power(self, base: Scalar, exponent: Scalar) -> Scalar:
        """base to the exponent; the powers 1, 2 and 3 by multiplication, as PyTorch computes them."""
        whole = self.nodes[exponent].value if self.nodes[exponent].op == "constant" else None
        if whole == 0.0:
            return self.constant(1.0)
        if whole in (1.0, 2.0, 3.0):
            square = base if whole == 1.0 else self.multiply(base, base)
            return square if whole != 3.0 else self.multiply(square, base)
        if whole == 0.5:
            return self.add("sqrt", base)
        return self.add("pow", base, exponent)


def literal(value: float) -> str:
    """A number as a JavaScript literal, exact to the last bit."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return str(int(value)) if value == int(value) and abs(value) < 1e15 and str(value) != "-0.0" else repr(value)


def identifier(name: str) -> str:
    """A dotted parameter name as an identifier, for inputs of programs and for JavaScript."""
    return name.replace(".", "_")
