"""Arguments: the inputs of a scalar program, from the declared parameters of the chosen entries."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from cliffscape.landscapes.declare import Entry
from cliffscape.landscapes.tracing.operations import Array
from cliffscape.landscapes.tracing.program import Program, Scalar, identifier
from cliffscape.landscapes.tracing.trace import UntraceableError, trace

CONSTANT = "constant"


class Arguments:
    """Inputs of a program: 0-d tensors for numeric parameters, fixed numbers for structural ones."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.names: list[str] = []
        self.tensors: dict[str, Tensor] = {}
        # The inputs of the present trace, and tensors that are nodes of the program already.
        self.inputs: dict[str, Tensor] = {}
        self.known: list[tuple[Tensor, Array]] = []

    def add(self, name: str, value: float) -> Tensor:
        """The tensor of a new input for a numeric parameter; ``value`` only serves the tracing."""
        self.names.append(name)
        self.tensors[name] = torch.tensor(value, dtype=torch.float64)
        return self.tensors[name]

    def of(self, family: str, entry: Entry, structural: Mapping[str, float]) -> dict[str, Any]:
        """Keyword arguments for ``entry``: its numeric parameters become inputs of the program."""
        chosen: dict[str, Any] = {}
        for parameter in entry.parameters:
            if parameter.range.structural:
                chosen[parameter.name] = structural.get(parameter.name, parameter.default)
            else:
                chosen[parameter.name] = self.add(f"{family}.{parameter.name}", float(parameter.default))
        return chosen

    def trace(self, function: Any, inputs: Mapping[str, Tensor]) -> list[Scalar]:
        """Trace ``function(**inputs)``; the numeric parameters are inputs too."""
        # Each input gets its own memory, since tensors are identified by their memory.
        own = self.inputs = {name: tensor.clone() for name, tensor in inputs.items()}
        known = self.known + [(tensor, self._scalars(name, tensor.shape)) for name, tensor in own.items()]
        known += [(self.tensors[name], self._scalars(identifier(name), ())) for name in self.names]
        return trace(self.program, lambda: function(**own), known)

    def _scalars(self, name: str, shape: Sequence[int]) -> Any:
        flat = [self.program.input(variable) for variable in variables(name, int(np.prod(shape)))]
        return np.array(flat, dtype=object).reshape(tuple(shape))


def variables(name: str, count: int) -> list[str]:
    """Names of a tensor's scalars: ``x`` and ``y`` for the position, else numbered."""
    if name == "theta":
        return ["x", "y"]
    return [name] if count == 1 else [f"{name}_{k}" for k in range(count)]


def scalar_names(tensors: Mapping[str, Tensor]) -> list[str]:
    """Names of the scalars of all ``tensors``, in order."""
    return [variable for name, tensor in tensors.items() for variable in variables(name, tensor.numel())]


def check_traceable(*entries: Entry) -> None:
    """Raise an UntraceableError with the reason of the first entry that declares that it has no kernel."""
    for entry in entries:
        if entry.no_kernel:
            raise UntraceableError(entry.no_kernel)
