"""A recurrent net's states and their gradient, compiled for the processor. See ``recurrence_source.py``."""

import ctypes
from collections.abc import Callable
from typing import NamedTuple

from torch import Tensor

from cliffscape.landscapes.backends.c_compiler import Load
from cliffscape.landscapes.backends.recurrence_source import Activation, source

# Numbers per row are a multiple of this, as in ``recurrence.c``.
PAD = 8


class Places(NamedTuple):
    """Where the two factors are in theta: ``(I + 1, R)`` and ``(H, R)``, int64, negative where a factor is 0.

    The last row of the first factor is the bias.
    """

    inputs: Tensor
    states: Tensor


class Tape(NamedTuple):
    """What backpropagation needs of the forward steps: theta, the inputs, and the numbers of all steps."""

    theta: Tensor
    inputs: Tensor
    numbers: Tensor
    shape: tuple[int, ...]


class Recurrence:
    """The compiled steps of a cell, in float64. Lanes come first, and do not depend on each other.

    ``forward`` and ``backward`` are the compiled functions; they return 0 unless memory runs out.
    """

    def __init__(self, forward: Callable[..., int], backward: Callable[..., int], activation: Activation) -> None:
        self.memories, self.stored = len(activation.after), len(activation.stored)
        self.blocks = len(activation.grad_gates)
        self._forward, self._backward = forward, backward

    def fits(self, width: int, units: int, batch: int) -> bool:
        """Whether there are compiled steps for ``units`` units, and ``batch`` sequences of ``width`` inputs."""
        return True

    def numbers_per_lane(self, length: int, batch: int, units: int, keep: bool) -> int:
        """How many numbers the tape of a lane has."""
        row = -(-units // PAD) * PAD
        slots = length + 1 if keep else 2
        return slots * (self.memories + self.stored) * batch * row

    def states(
        self, theta: Tensor, places: Places, inputs: Tensor, wanted: int, keep: bool = True
    ) -> tuple[Tensor, Tape]:
        """The last ``wanted`` hidden states ``(L, wanted, B, H)`` with parameters ``(L, D)``, from a zero memory.

        ``inputs`` are ``(L or 1, T, B, I)``. A tape without ``keep`` is of no use to ``gradient``.

        Raises:
            MemoryError: there is not enough memory.
        """
        theta, inputs = theta.contiguous(), inputs.contiguous()
        (lanes, stride), (count, length, batch, width), units = theta.shape, inputs.shape, len(places.states)
        numbers = inputs.new_empty(lanes * self.numbers_per_lane(length, batch, units, keep))
        states = inputs.new_empty(lanes, wanted, batch, units)
        shape = (lanes, length, batch, width, units, wanted)
        across = inputs.stride(0) if count > 1 else 0
        parts = (places.inputs, places.states, numbers, states)
        addresses = [part.data_ptr() for part in parts]
        check(self._forward(*shape, keep, inputs.data_ptr(), across, theta.data_ptr(), stride, *addresses))
        return states, Tape(theta, inputs, numbers, shape)

    def gradient(self, tape: Tape, places: Places, grad_states: Tensor, grad_theta: Tensor) -> None:
        """Write the gradient by the cell's parameters, from that by the wanted states ``(L, wanted, B, H)``.

        The other entries of ``grad_theta`` ``(L, D)`` stay as they are.

        Raises:
            MemoryError: there is not enough memory.
        """
        theta, inputs, numbers, shape = tape
        across = inputs.stride(0) if len(inputs) > 1 else 0
        parts = (places.inputs, places.states, numbers, grad_states.contiguous(), grad_theta)
        addresses = [part.data_ptr() for part in parts]
        check(self._backward(*shape, inputs.data_ptr(), across, theta.data_ptr(), theta.shape[-1], *addresses))


def argument_types(integer: type) -> dict[str, list[type]]:
    """C types of the arguments of ``forward`` and ``backward``."""
    given = [ctypes.c_void_p, integer, ctypes.c_void_p, integer, *[ctypes.c_void_p] * 3]
    return {
        "forward": [*[integer] * 7, *given, ctypes.c_void_p],
        "backward": [*[integer] * 6, *given, *[ctypes.c_void_p] * 2],
    }


def check(status: int) -> None:
    """Raise if a compiled function has failed."""
    if status:
        raise MemoryError("there is not enough memory for the steps of a recurrent net")


def compile_recurrence(activation: Activation, load: Load) -> Recurrence | None:
    """The compiled steps for the CPU, or None if they cannot be compiled; ``load`` compiles and loads a C text."""
    library = load(source(activation))
    if library is None:
        return None
    for name, form in argument_types(ctypes.c_long).items():
        getattr(library, name).argtypes, getattr(library, name).restype = form, ctypes.c_long
    return Recurrence(library.forward, library.backward, activation)
