"""A recurrent net's states and their gradient, compiled for the processor. See ``recurrence_source.py``."""

import ctypes
from typing import NamedTuple

import torch
from torch import Tensor

from cliffscape.landscapes.backends.c_compiler import Load
from cliffscape.landscapes.backends.recurrence_source import Activation, source

# Numbers per row are a multiple of this, as in ``recurrence.c``.
PAD = 8


class Tape(NamedTuple):
    """What backpropagation needs of the forward steps: the inputs, the state factor, and the numbers of all steps."""

    inputs: Tensor
    state_factor: Tensor
    numbers: Tensor
    shape: tuple[int, ...]


class Recurrence:
    """The compiled steps of a cell, in float64 on the processor. Lanes come first, and do not depend on each other."""

    def __init__(self, library: ctypes.CDLL, activation: Activation) -> None:
        self.memories, self.stored = len(activation.after), len(activation.stored)
        self.blocks = len(activation.grad_gates)
        integer, pointer = ctypes.c_long, ctypes.c_void_p
        self._forward, self._backward = library.forward, library.backward
        self._forward.argtypes = [*[integer] * 7, pointer, integer, *[pointer] * 4]
        self._backward.argtypes = [*[integer] * 6, pointer, integer, *[pointer] * 5]
        self._forward.restype = self._backward.restype = integer

    def numbers_per_lane(self, length: int, batch: int, units: int, keep: bool) -> int:
        """How many numbers the tape of a lane has."""
        row = -(-units // PAD) * PAD
        slots = length + 1 if keep else 2
        return slots * (self.memories + self.stored) * batch * row

    def states(
        self, inputs: Tensor, input_factor: Tensor, state_factor: Tensor, wanted: int, keep: bool = True
    ) -> tuple[Tensor, Tape]:
        """The last ``wanted`` hidden states ``(L, wanted, B, H)``, from a zero memory.

        ``inputs`` are ``(L or 1, T, B, I)``, ``input_factor`` is ``(L, I + 1, R)`` with the bias in its last row, and
        ``state_factor`` ``(L, H, R)``. A tape without ``keep`` is of no use to ``gradients``.

        Raises:
            MemoryError: there is not enough memory.
        """
        inputs, input_factor, state_factor = (part.contiguous() for part in (inputs, input_factor, state_factor))
        (count, length, batch, width), (lanes, units, _) = inputs.shape, state_factor.shape
        numbers = inputs.new_empty(lanes * self.numbers_per_lane(length, batch, units, keep))
        states = inputs.new_empty(lanes, wanted, batch, units)
        shape = (lanes, length, batch, width, units, wanted)
        across = inputs.stride(0) if count > 1 else 0
        parts = (input_factor, state_factor, numbers, states)
        addresses = [part.data_ptr() for part in parts]
        check(self._forward(*shape, keep, inputs.data_ptr(), across, *addresses))
        return states, Tape(inputs, state_factor, numbers, shape)

    def gradients(self, tape: Tape, grad_states: Tensor) -> tuple[Tensor, Tensor]:
        """The gradients by both factors, from those by the wanted states ``(L, wanted, B, H)``.

        Raises:
            MemoryError: there is not enough memory.
        """
        inputs, state_factor, numbers, shape = tape
        grad_states = grad_states.contiguous()
        grad_input_factor = inputs.new_empty(shape[0], shape[3] + 1, state_factor.shape[-1])
        grad_state_factor = torch.empty_like(state_factor)
        across = inputs.stride(0) if len(inputs) > 1 else 0
        parts = (state_factor, numbers, grad_states, grad_input_factor, grad_state_factor)
        check(self._backward(*shape, inputs.data_ptr(), across, *(part.data_ptr() for part in parts)))
        return grad_input_factor, grad_state_factor


def check(status: int) -> None:
    """Raise if a compiled function has failed."""
    if status:
        raise MemoryError("there is not enough memory for the steps of a recurrent net")


def compile_recurrence(activation: Activation, load: Load) -> Recurrence | None:
    """The compiled steps, or None if they cannot be compiled; ``load`` compiles and loads a C text."""
    library = load(source(activation))
    return None if library is None else Recurrence(library, activation)
