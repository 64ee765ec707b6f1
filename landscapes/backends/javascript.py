"""A scalar program as readable JavaScript."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from cliffscape.landscapes.tracing.program import Program, Scalar, identifier, literal

INLINE = 48  # characters; shorter expressions that are used once are inlined
BINARY = {op: op for op in ("+", "-", "*", "/", "<", "<=", ">", ">=", "===", "!==", "&&", "||")}
CALLS = {name: f"Math.{name}" for name in ("abs", "exp", "log", "sqrt", "sin", "cos", "tanh", "floor", "pow")}
CALLS |= {"max": "Math.max", "min": "Math.min", "sigmoid": "sigmoid", "remainder": "remainder", "sign": "sign"}
LIBRARY = {
    # The sign of NaN is 0 in PyTorch, NaN in JavaScript.
    "sign": "const sign = (x) => Math.sign(x) || 0;",
    "sigmoid": "const sigmoid = (x) => 1 / (1 + Math.exp(-x));",
    # The sign of the divisor, as in PyTorch; JavaScript's % has the dividend's.
    "remainder": "const remainder = (a, b) => { const r = a % b; return r !== 0 && r < 0 !== b < 0 ? r + b : r; };",
}


@dataclass(frozen=True)
class Block:
    """Statements that compute named outputs; ``invariant`` ones depend only on parameters."""

    invariant: list[str]
    varying: list[str]
    outputs: dict[str, str]
    library: list[str]

    def function(
        self, name: str, parameters: Sequence[str], inputs: Sequence[str], before: Sequence[str] = ()
    ) -> list[str]:
        """An exported function that returns the block's output, or the list of them, after statements ``before``."""
        outputs = list(self.outputs.values())
        result = outputs[0] if len(outputs) == 1 else f"[{', '.join(outputs)}]"
        lines = [*unpack(parameters), *before, *self.invariant, *self.varying, f"return {result};"]
        return ["", f"export function {name}(parameters, {', '.join(inputs)}) {{", *indent(lines), "}"]


# A block, and the names of its inputs.
NamedBlock = tuple[Block, Sequence[str]]


def function_module(parameters: Sequence[str], functions: Mapping[str, NamedBlock]) -> list[str]:
    """A module of functions, each a block with its inputs; library functions that several use are written once."""
    library = dict.fromkeys(line for inner, _ in functions.values() for line in inner.library)
    lines = [line for name, (inner, inputs) in functions.items() for line in inner.function(name, parameters, inputs)]
    return [*library, f"export const parameters = {string_list(parameters)};", *lines]


def string_list(names: Sequence[str]) -> str:
    """A JavaScript list of strings."""
    return f"[{', '.join(chr(34) + name + chr(34) for name in names)}]"


def unpack(parameters: Sequence[str]) -> list[str]:
    """Statements that read each parameter once from the list ``parameters``."""
    return [f"const {identifier(name)} = parameters[{k}];" for k, name in enumerate(parameters)]


def indent(lines: Sequence[str], depth: int = 1) -> list[str]:
    """Lines indented by two spaces per level."""
    return [f"{'  ' * depth}{line}" for line in lines]


def reachable(program: Program, outputs: Collection[Scalar], known: Collection[Scalar] = ()) -> list[Scalar]:
    """Nodes that the outputs need, in order of computation, if those in ``known`` need not be computed."""
    needed: set[Scalar] = set()
    stack = list(outputs)
    while stack:
        scalar = stack.pop()
        if scalar not in needed:
            needed.add(scalar)
            stack.extend(() if scalar in known else program.nodes[scalar].arguments)
    return sorted(needed)


def expression(
    op: str, texts: Sequence[str], infix: Mapping[str, str] = BINARY, calls: Mapping[str, str] = CALLS
) -> str:
    """One operation as text; ``infix`` and ``calls`` map operations to the operators and functions of a language."""
    if op in infix:
        return f"{texts[0]} {infix[op]} {texts[1]}"
    if op == "select":
        return f"{texts[0]} ? {texts[1]} : {texts[2]}"
    if op in ("neg", "!"):
        return f"{'-' if op == 'neg' else '!'}{texts[0]}"
    return f"{calls[op]}({', '.join(texts)})"


def varying_nodes(program: Program, order: Collection[Scalar], carried: Collection[str]) -> set[Scalar]:
    """Nodes that depend on an input named in ``carried``."""
    found: set[Scalar] = set()
    for scalar in order:
        node = program.nodes[scalar]
        if (node.op == "input" and node.value in carried) or found.intersection(node.arguments):
            found.add(scalar)
    return found


def users(
    program: Program, order: Collection[Scalar], outputs: Collection[Scalar]
) -> dict[Scalar, list[Scalar | None]]:
    """The nodes that read each node; None stands for the reader of an output."""
    found: dict[Scalar, list[Scalar | None]] = {scalar: [] for scalar in order}
    for scalar in order:
        for argument in program.nodes[scalar].arguments:
            found[argument].append(scalar)
    for scalar in outputs:
        found[scalar].append(None)
    return found


def block(program: Program, outputs: Mapping[str, Scalar], carried: Collection[str], prefix: str = "v") -> Block:
    """Write the nodes that ``outputs`` need; inputs named in ``carried`` change from step to step."""
    order = reachable(program, set(outputs.values()))
    moving = varying_nodes(program, order, carried)
    readers = users(program, order, outputs.values())
    texts: dict[Scalar, str] = {}
    lines: dict[bool, list[str]] = {False: [], True: []}
    for scalar in order:
        node = program.nodes[scalar]
        if node.op in ("input", "constant"):
            texts[scalar] = str(node.value) if node.op == "input" else literal(float(node.value))
            continue
        operands = [texts[argument] for argument in node.arguments]
        text = expression(node.op, operands if node.op in CALLS else [bracket(operand) for operand in operands])
        reader = readers[scalar][0] if len(readers[scalar]) == 1 else None
        # A node that depends only on parameters is computed before the loop, so it must not be inlined into the loop.
        if reader is not None and len(text) < INLINE and (reader in moving) == (scalar in moving):
            texts[scalar] = text
        else:
            texts[scalar] = f"{prefix}{scalar}"
            lines[scalar in moving].append(f"const {prefix}{scalar} = {text};")
    library = [text for name, text in LIBRARY.items() if any(program.nodes[s].op == name for s in order)]
    return Block(lines[False], lines[True], {name: texts[s] for name, s in outputs.items()}, library)


def bracket(text: str) -> str:
    """An operand in brackets, unless it is a name, a plain number or a call."""
    simple = text.replace("_", "").replace(".", "").isalnum()
    return text if simple else f"({text})"


def descent_module(
    parameters: Sequence[str], first: Block, step: Block, state: Sequence[str], record: Sequence[str]
) -> list[str]:
    """A descent: ``first`` computes the state before the first step, ``step`` is repeated."""
    inner = [
        *step.varying,
        "trajectory.x[step] = x;",
        "trajectory.y[step] = y;",
        *(f"trajectory.{name}[step] = {step.outputs[name]};" for name in record if name != "step_length"),
        # The last row is not followed by a step.
        f"trajectory.step_length[step] = step < steps ? {step.outputs['step_length']} : NaN;",
        *(f"const next_{name} = {step.outputs[f'next_{name}']};" for name in state),
        *(f"{name} = next_{name};" for name in state),
    ]
    lines = [
        *unpack(parameters),
        "let [x, y] = start;",
        *first.invariant,
        *first.varying,
        *(f"let {name} = {first.outputs[name]};" for name in state if name not in ("x", "y")),
        *step.invariant,
        "for (let step = 0; step <= steps; step++) {",
        *indent(inner),
        "}",
    ]
    head = "export function descend(parameters, start, steps, trajectory) {"
    library = list(dict.fromkeys([*first.library, *step.library]))
    return [*library, f"export const parameters = {string_list(parameters)};", "", head, *indent(lines), "}"]
