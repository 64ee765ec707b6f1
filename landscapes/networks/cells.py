"""Recurrent cells written by hand, lanes first: weights ``(L, ...)``, states ``(L, B, H)``.

All gates are one matrix product per step, the inputs of all steps one product before the first. Gates lie in
PyTorch's order, so weights can be handed over; ``bias`` is the sum of PyTorch's two.
"""

from collections.abc import Callable
from typing import Annotated, NamedTuple

import torch
from torch import Tensor

from cliffscape.landscapes.declare import Entry, Family, Range
from cliffscape.landscapes.networks.gates import GRU, LSTM, RELU, TANH, Gates, Weights
from cliffscape.landscapes.networks.layout import Shape

Memory = tuple[Tensor, ...]
HiddenUnits = Annotated[int, Range(1, 512, log=True, structural=True, symbol="H")]


class Cell(NamedTuple):
    """One step of a recurrent net.

    ``step(projected, memory, factors)`` takes what the inputs contribute ``(L, B, gates H)``, bias included, and
    returns the next memory: the hidden state ``(L, B, H)`` first. ``memories`` is how many tensors it holds.
    ``factors`` are the weights as they multiply from the right: matrices transposed, biases ``(L, 1, ...)``.
    ``bias_start`` is added to the initial bias, gate by gate; ``separate_bias`` says that the last gate has a second
    bias inside (``bias_hn``). ``by_hand`` is the same step without a graph.
    """

    hidden_units: int
    gates: int
    step: Callable[[Tensor, Memory, Weights], Memory]
    by_hand: Gates
    memories: int = 1
    separate_bias: bool = False
    bias_start: tuple[float, ...] = (0.0,)

    @property
    def rows(self) -> int:
        """R: how many rows the product of one step has, by hand."""
        return self.by_hand.blocks * self.hidden_units

    @property
    def stored(self) -> int:
        """How many numbers the memory of a sequence has besides its hidden state."""
        return (self.memories - 1) * self.hidden_units

    def shapes(self, inputs: int) -> dict[str, Shape]:
        """Names and shapes of the parameters, for ``inputs`` numbers per step."""
        rows = self.gates * self.hidden_units
        shapes: dict[str, Shape] = {
            "weight_ih": (rows, inputs),
            "weight_hh": (rows, self.hidden_units),
            "bias": (rows,),
        }
        return {**shapes, "bias_hn": (self.hidden_units,)} if self.separate_bias else shapes

    def states(self, inputs: Tensor, weights: Weights) -> list[Tensor]:
        """Hidden states ``(L, B, H)`` after each of T steps, from ``inputs`` ``(L, T, B, I)`` and a zero memory."""
        lanes, length, batch, _ = inputs.shape
        # Once, not at every step: for a small net half the time goes into calling operations.
        factors = {name: weight.mT if weight.dim() == 3 else weight.unsqueeze(-2) for name, weight in weights.items()}
        projected = torch.baddbmm(factors["bias"], inputs.flatten(1, 2), factors["weight_ih"])
        memory = (projected.new_zeros(lanes, batch, self.hidden_units),) * self.memories
        states = []
        # One unbind: T selections would each hand back a gradient as long as the whole sequence.
        for part in torch.unflatten(projected, 1, (length, batch)).unbind(1):
            memory = self.step(part, memory, factors)
            states.append(memory[0])
        return states


CELLS: Family[Entry] = Family("cell")


cell = CELLS.register


def simple_cell(hidden_units: int, activation: Callable[[Tensor], Tensor], by_hand: Gates) -> Cell:
    """Elman's cell with the given activation."""

    def step(projected: Tensor, memory: Memory, factors: Weights) -> Memory:
        return (activation(torch.baddbmm(projected, memory[0], factors["weight_hh"])),)

    return Cell(hidden_units, 1, step, by_hand)


@cell("Tanh RNN")
def tanh_rnn(hidden_units: HiddenUnits = 50) -> Cell:
    """The plain recurrent net: every step multiplies by the same matrix and squashes.

    Args:
        hidden_units: The size of the hidden state.

    Formula: h ← tanh(W x + U h + b)
    Reference: Elman 1990; torch.nn.RNN
    """
    return simple_cell(hidden_units, torch.tanh, TANH)


@cell("ReLU RNN")
def relu_rnn(hidden_units: HiddenUnits = 50) -> Cell:
    """The plain recurrent net with rectified units; started from the identity it is the IRNN.

    Args:
        hidden_units: The size of the hidden state.

    Formula: h ← max(0, W x + U h + b)
    Reference: Le, Jaitly & Hinton 2015; torch.nn.RNN(nonlinearity="relu")
    """
    return simple_cell(hidden_units, torch.relu, RELU)


@cell("GRU")
def gru(hidden_units: HiddenUnits = 50) -> Cell:
    """A gated net without a separate memory: gates decide how much of the state is rewritten.

    Args:
        hidden_units: The size of the hidden state.

    Formula: r, z = σ(W x + U h + b), n = tanh(W x + b + r (U h + c)), h ← (1 − z) n + z h
    Reference: Cho et al. 2014; torch.nn.GRU
    """

    def step(projected: Tensor, memory: Memory, factors: Weights) -> Memory:
        (state,) = memory
        recurrent = torch.bmm(state, factors["weight_hh"])
        sizes = [2 * hidden_units, hidden_units]
        (gates, new), (inner_gates, inner_new) = torch.split(projected, sizes, -1), torch.split(recurrent, sizes, -1)
        reset, update = torch.sigmoid(gates + inner_gates).chunk(2, -1)
        candidate = torch.tanh(new + reset * (inner_new + factors["bias_hn"]))
        return (candidate + update * (state - candidate),)

    return Cell(hidden_units, 3, step, GRU, separate_bias=True)


@cell("LSTM")
def lstm(hidden_units: HiddenUnits = 50, forget_bias: Annotated[float, Range(-2, 10)] = 1.0) -> Cell:
    """A gated net with a memory that is added to rather than multiplied, so that gradients last longer.

    Args:
        hidden_units: The size of the hidden state.
        forget_bias: Added to the initial bias of the forget gate; larger remembers longer at the start.

    Formula: i, f, o = σ(W x + U h + b), g = tanh(W x + U h + b), c ← f c + i g, h ← o tanh(c)
    Reference: Hochreiter & Schmidhuber 1997; Gers et al. 2000; torch.nn.LSTM
    """

    def step(projected: Tensor, memory: Memory, factors: Weights) -> Memory:
        state, store = memory
        gates = torch.baddbmm(projected, state, factors["weight_hh"])
        keys, new, out = torch.split(gates, [2 * hidden_units, hidden_units, hidden_units], -1)
        write, forget = torch.sigmoid(keys).chunk(2, -1)
        store = forget * store + write * torch.tanh(new)
        return torch.sigmoid(out) * torch.tanh(store), store

    return Cell(hidden_units, 4, step, LSTM, memories=2, bias_start=(0.0, forget_bias, 0.0, 0.0))
