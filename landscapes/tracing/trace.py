"""Tracing: run a function once on real tensors and record what PyTorch computes, autograd included.

Each tensor has a NumPy object array of symbolic scalars. Values that do not depend on an input are constants and are
read from the tensor itself. ``make_fx`` over the same function takes 25 times as long (benchmarks/kernels.py), and its
graph of tensors would still have to be converted to scalars.
"""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves, tree_map

from cliffscape.landscapes.tracing.operations import CONSTANT, POINTWISE, SAME, STRUCTURE, Array, Rule
from cliffscape.landscapes.tracing.program import Program, Scalar

ZEROS = torch.ops.aten._efficientzerotensor


class UntraceableError(Exception):
    """A function uses an op that has no scalar form; the message names it."""


class Tracer(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Follows dispatched ops and keeps the symbolic value of every tensor that depends on an input.

    Autograd returns saved tensors as new objects over the same memory, so a tensor is identified by its memory
    (address, shape, strides), not as a Python object. All tensors are kept alive, so that no address is reused.
    """

    def __init__(self, program: Program) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.program = program
        self.symbols: dict[tuple[Any, ...], Array] = {}
        self.alive: list[Tensor] = []

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """No: PyTorch would import its compiler, which takes a second, to say that nothing here is compiled."""
        return False

    def remember(self, tensor: Tensor, symbols: Array) -> None:
        """Store the symbolic value of ``tensor``."""
        symbols = np.asarray(symbols, dtype=object)
        if symbols.shape != tensor.shape:
            raise AssertionError(f"traced shape {symbols.shape} is not the tensor's {tuple(tensor.shape)}")
        self.symbols[self._place(tensor)] = symbols
        self.alive.append(tensor)

    def symbol(self, value: Any) -> Any:
        """The symbolic value of a tensor or number; anything else as it is."""
        if not isinstance(value, Tensor):
            return value
        known = self.symbols.get(self._place(value))
        return self._constants(value) if known is None else known

    def _constants(self, tensor: Tensor) -> Array:
        values = tensor.detach().cpu().numpy()
        if not values.ndim:
            return np.asarray(self.program.constant(values.item()), dtype=object)
        return np.vectorize(self.program.constant, otypes=[object])(values)

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        # Autograd's symbolic zeros have no memory that could identify them, so real zeros replace them.
        packet = func.overloadpacket
        result = torch.zeros(*args, **kwargs) if packet is ZEROS else func(*args, **kwargs)
        known = [self._known(value) for value in args]
        if packet in CONSTANT or all(symbols is None for symbols in known):
            return result
        if packet in POINTWISE:
            # These have one tensor as their result, and none of their arguments is a list.
            self.remember(result, self._pointwise(POINTWISE[packet], args, known, kwargs))
            return result
        symbols = self._interpret(packet, args, kwargs)
        for tensor, symbol in zip(
            tree_leaves(result), symbols if isinstance(symbols, list) else [symbols], strict=True
        ):
            self.remember(tensor, symbol)
        return result

    def _known(self, value: Any) -> Any:
        """The symbols of an argument that depends on an input, True for a list with such an element, otherwise None."""
        if isinstance(value, Tensor):
            return self.symbols.get(self._place(value))
        several = isinstance(value, (list, tuple)) and any(self._known(member) is not None for member in value)
        return True if several else None

    def _interpret(self, packet: Any, args: Any, kwargs: dict[str, Any]) -> Any:
        if packet in SAME:
            if kwargs.get("dtype") not in (None, torch.float64):
                raise UntraceableError(f"{packet} to {kwargs['dtype']} rounds; a kernel computes in float64")
            return self.symbol(args[0])
        if packet in STRUCTURE:
            kwargs = {name: value for name, value in kwargs.items() if name not in ("dtype", "implicit")}
            return STRUCTURE[packet](self.program, *tree_map(self.symbol, args), **kwargs)
        raise UntraceableError(f"{packet} has no scalar form; add it to POINTWISE or STRUCTURE in operations.py")

    def _pointwise(self, rule: Rule, args: Any, known: list[Any], kwargs: dict[str, Any]) -> Array:
        def lift(value: Any, symbols: Any) -> Any:
            if symbols is not None or value is None:
                return symbols
            if isinstance(value, Tensor):
                return self._constants(value)
            return np.asarray(self.program.constant(value), dtype=object)

        lifted = [lift(value, symbols) for value, symbols in zip(args, known, strict=True)]
        given = {name: self.program.constant(value) for name, value in kwargs.items() if name == "alpha"}
        if not any(array is not None and array.ndim for array in lifted):  # scalars, by far the most common case
            row = [None if array is None else array.item() for array in lifted]
            return np.asarray(rule(self.program, *row, **given), dtype=object)
        slots = [k for k, array in enumerate(lifted) if array is not None]

        def one(*scalars: Scalar) -> Scalar:
            row: list[Scalar | None] = [None] * len(lifted)
            for slot, scalar in zip(slots, scalars, strict=True):
                row[slot] = scalar
            return rule(self.program, *row, **given)

        return np.frompyfunc(one, len(slots), 1)(*(lifted[k] for k in slots))

    @staticmethod
    def _place(tensor: Tensor) -> tuple[Any, ...]:
        return tensor.data_ptr(), tensor.shape, tensor.stride()


def trace(program: Program, function: Callable[[], Any], known: Iterable[tuple[Tensor, Array]]) -> list[Scalar]:
    """Run ``function()`` and return the scalars of its outputs, flattened, as nodes of ``program``.

    ``known`` pairs each input tensor that ``function`` uses with the scalars that stand for it, in its shape.

    Raises:
        UntraceableError: the function uses an op outside the tables.
    """
    watch = Tracer(program)
    for tensor, symbols in known:
        watch.remember(tensor, symbols)
    with watch:
        outputs = function()
    return [scalar for leaf in tree_leaves(outputs) for scalar in np.ravel(watch.symbol(leaf)).tolist()]
