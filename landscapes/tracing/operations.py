"""The rule of each ATen op for symbolic scalars: tables of pointwise and of structural ops.

Arrays are NumPy object arrays of scalars, so that NumPy reshapes, stacks, selects and sums, and only pointwise ops need
a rule. An op outside both tables raises an error that names it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch

from cliffscape.landscapes.tracing.program import Program, Scalar

aten = torch.ops.aten
Rule = Callable[..., Scalar]


def node_rule(op: str) -> Rule:
    """A rule that emits one node."""
    return lambda program, *arguments: program.add(op, *arguments)


def with_alpha(join: Callable[[Program, Scalar, Scalar], Scalar]) -> Rule:
    """Addition and subtraction take a factor ``alpha`` on their second argument."""

    def rule(program: Program, a: Scalar, b: Scalar, alpha: Scalar | None = None) -> Scalar:
        return join(program, a, b if alpha is None else program.multiply(b, alpha))

    return rule


def clamp(program: Program, x: Scalar, low: Scalar | None = None, high: Scalar | None = None) -> Scalar:
    """x clamped to the bounds that are not None."""
    x = x if low is None else program.add("max", x, low)
    return x if high is None else program.add("min", x, high)


def sigmoid_backward(program: Program, gradient: Scalar, output: Scalar) -> Scalar:
    """gradient · (1 − s) · s, in PyTorch's order."""
    rest = program.minus(program.constant(1.0), output)
    return program.multiply(program.multiply(gradient, rest), output)


def tanh_backward(program: Program, gradient: Scalar, output: Scalar) -> Scalar:
    """gradient · (1 − t²)."""
    return program.multiply(gradient, program.minus(program.constant(1.0), program.multiply(output, output)))


def threshold_backward(program: Program, gradient: Scalar, value: Scalar, threshold: Scalar) -> Scalar:
    """The gradient where ``value`` is above the threshold, else 0."""
    return program.add("select", program.add("<=", value, threshold), program.constant(0.0), gradient)


POINTWISE: Mapping[Any, Rule] = {
    aten.add: with_alpha(Program.plus),
    aten.sub: with_alpha(Program.minus),
    aten.rsub: lambda program, a, b: program.minus(b, a),
    aten.mul: Program.multiply,
    aten.div: lambda program, a, b: a if program.is_constant(b, 1.0) else program.add("/", a, b),
    aten.pow: Program.power,
    aten.clamp: clamp,
    aten.sigmoid_backward: sigmoid_backward,
    aten.tanh_backward: tanh_backward,
    aten.relu: lambda program, a: program.add("max", a, program.constant(0.0)),
    aten.threshold_backward: threshold_backward,
    aten.reciprocal: lambda program, a: program.add("/", program.constant(1.0), a),
    aten.square: lambda program, a: program.multiply(a, a),
    aten.maximum: node_rule("max"),
    aten.minimum: node_rule("min"),
    aten.lt: node_rule("<"),
    aten.le: node_rule("<="),
    aten.gt: node_rule(">"),
    aten.ge: node_rule(">="),
    aten.eq: node_rule("==="),
    aten.ne: node_rule("!=="),
    aten.bitwise_and: node_rule("&&"),
    aten.logical_and: node_rule("&&"),
    aten.bitwise_or: node_rule("||"),
    aten.logical_or: node_rule("||"),
    aten.bitwise_not: node_rule("!"),
    aten.logical_not: node_rule("!"),
    aten.where: node_rule("select"),
    aten.sgn: node_rule("sign"),
    **{
        getattr(aten, op): node_rule(op)
        for op in ["neg", "abs", "sign", "exp", "log", "sqrt", "sin", "cos", "tanh", "sigmoid", "remainder", "floor"]
    },
}

Array = Any  # a NumPy object array of scalars


def reduction(join: str) -> Callable[..., Array]:
    """Fold one or all axes of an array with ``+`` or ``max``."""

    def rule(
        program: Program, array: Array, axes: Sequence[int] | int | None = None, keepdim: bool = False, **_: Any
    ) -> Array:
        combine = program.plus if join == "+" else lambda a, b: program.add(join, a, b)
        listed = (axes,) if isinstance(axes, int) else tuple(axes or ())
        for axis in sorted(a % array.ndim for a in (listed or range(array.ndim)))[::-1] if array.ndim else ():
            folded = np.frompyfunc(combine, 2, 1).reduce(array, axis=axis, keepdims=keepdim)
            array = np.asarray(folded, dtype=object)
        return array

    return rule


def select_backward(program: Program, gradient: Array, sizes: Sequence[int], axis: int, index: int) -> Array:
    """An array of zeros with the gradient at ``index``."""
    whole = np.full(tuple(sizes), program.constant(0.0), dtype=object)
    # The dots assign the items of the array; without them a 0-d array itself would be stored as the item.
    np.moveaxis(whole, axis, 0)[index, ...] = gradient
    return whole


def slice_backward(
    program: Program, gradient: Array, sizes: Sequence[int], axis: int, start: int, end: int, step: int
) -> Array:
    """An array of zeros with the gradient of a slice in its place."""
    whole = np.full(tuple(sizes), program.constant(0.0), dtype=object)
    np.moveaxis(whole, axis, 0)[start:end:step] = np.moveaxis(gradient, axis, 0)
    return whole


def split_array(array: Array, sizes: Sequence[int] | int, axis: int) -> list[Array]:
    """Pieces of an array along an axis: all of one size, or of a list of sizes."""
    length = array.shape[axis]
    edges = list(range(sizes, length, sizes)) if isinstance(sizes, int) else list(np.cumsum(sizes)[:-1])
    return np.split(array, edges, axis)


def squeeze(_: Program, array: Array, axes: Sequence[int] | int | None = None) -> Array:
    """The array without the ``axes`` of size 1 (all by default); other axes stay, as in PyTorch."""
    listed = range(array.ndim) if axes is None else (axes,) if isinstance(axes, int) else axes
    return np.squeeze(array, tuple(axis for axis in listed if array.shape[axis] == 1))


STRUCTURE: Mapping[Any, Callable[..., Any]] = {
    aten.sum: reduction("+"),
    aten.amax: reduction("max"),
    aten.select_backward: select_backward,
    aten.slice_backward: slice_backward,
    aten.select: lambda _, a, axis, index: np.asarray(np.take(a, index, axis), dtype=object),
    aten.unbind: lambda _, a, axis=0: [np.asarray(piece, dtype=object) for piece in np.moveaxis(a, axis, 0)],
    aten.stack: lambda _, arrays, axis=0: np.stack(arrays, axis),
    aten.cat: lambda _, arrays, axis=0: np.concatenate(arrays, axis),
    aten.split: lambda _, a, size, axis=0: split_array(a, size, axis),
    aten.split_with_sizes: lambda _, a, sizes, axis=0: split_array(a, sizes, axis),
    aten.slice: lambda _, a, axis=0, start=None, end=None, step=1: np.moveaxis(
        np.moveaxis(a, axis, 0)[start:end:step], 0, axis
    ),
    aten.unsqueeze: lambda _, a, axis: np.expand_dims(a, axis),
    aten.squeeze: squeeze,
    aten.view: lambda _, a, shape: a.reshape(shape),
    aten._unsafe_view: lambda _, a, shape: a.reshape(shape),
    aten.expand: lambda _, a, shape, **__: np.broadcast_to(a, _expanded_shape(a.shape, shape)),
    aten.permute: lambda _, a, axes: a.transpose(axes),
    aten.t: lambda _, a: a.T,
}
# Operations that do not change values, and operations whose result does not depend on their argument's values.
SAME = (aten.detach, aten.alias, aten.clone, aten._to_copy, aten.lift_fresh)
CONSTANT = (aten.zeros_like, aten.ones_like, aten.full_like, aten.empty_like, aten.new_zeros, aten.new_ones)


def _expanded_shape(shape: tuple[int, ...], target: Sequence[int]) -> tuple[int, ...]:
    own = (1,) * (len(target) - len(shape)) + tuple(shape)
    return tuple(old if new == -1 else new for old, new in zip(own, target, strict=True))
