"""Recurrent cells written by hand. Lanes come first: weights are ``(L, ...)``, states ``(L, B, H)``.

A step computes all gates with one matrix product. The contributions of the inputs are computed for all steps at once,
before the first step. Gates are in PyTorch's order, so weights can be copied to and from PyTorch's modules. ``bias`` is
the sum of PyTorch's two biases.
"""

from collections.abc import Callable, Sequence
from typing import Annotated, NamedTuple

import torch
from torch import Tensor

from cliffscape.landscapes.declare import Entry, Family, Range
from cliffscape.landscapes.networks.gates import GRU, LSTM, RELU, TANH, Gates, Weights
from cliffscape.landscapes.networks.layout import Shape

Memory = tuple[Tensor, ...]
# The next memory from the pre-activations, one tensor for each block, and the memory.
Activate = Callable[[Sequence[Tensor], Memory], Memory]
HiddenUnits = Annotated[int, Range(1, 512, log=True, structural=True, symbol="H")]


class Cell(NamedTuple):
    """One step of a recurrent net.

    ``step(projected, memory, factors)`` takes the contribution of the inputs ``(L, B, gates H)``, bias included, and
    returns the next memory, a tuple of ``memories`` tensors. The hidden state ``(L, B, H)`` is the first of them.
    ``factors`` are the weights in the form in which they multiply from the right: matrices transposed, biases
    ``(L, 1, ...)``. ``bias_start`` is added to the initial bias of each gate. With ``separate_bias``, the last gate has
    a second bias (``bias_hn``), which is multiplied by the reset gate. ``by_hand`` is the same step without a graph,
    and ``activate`` its nonlinear part, for the same blocks of pre-activations.
    """

    hidden_units: int
    gates: int
    step: Callable[[Tensor, Memory, Weights], Memory]
    activate: Activate
    by_hand: Gates
    memories: int = 1
    separate_bias: bool = False
    bias_start: tuple[float, ...] = (0.0,)

    @property
    def rows(self) -> int:
        """R: the number of pre-activations per sequence in the step without a graph."""
        return self.by_hand.blocks * self.hidden_units

    @property
    def extra_memory(self) -> int:
        """How many numbers the memory of a sequence has in addition to its hidden state."""
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
        # Transpose once, not at every step: a small net spends half its time on the overhead of calling operations.
        factors = {name: weight.mT if weight.dim() == 3 else weight.unsqueeze(-2) for name, weight in weights.items()}
        projected = torch.baddbmm(factors["bias"], inputs.flatten(1, 2), factors["weight_ih"])
        memory = (projected.new_zeros(lanes, batch, self.hidden_units),) * self.memories
        states = []
        # One unbind, not T selections: the gradient of each selection would be as large as the whole sequence.
        for part in torch.unflatten(projected, 1, (length, batch)).unbind(1):
            memory = self.step(part, memory, factors)
            states.append(memory[0])
        return states


CELLS: Family[Entry] = Family("cell")


cell = CELLS.register


def simple_cell(hidden_units: int, activate: Activate, by_hand: Gates) -> Cell:
    """Elman's cell with the given activation."""

    def step(projected: Tensor, memory: Memory, factors: Weights) -> Memory:
        return activate([torch.baddbmm(projected, memory[0], factors["weight_hh"])], memory)

    return Cell(hidden_units, 1, step, activate, by_hand=by_hand)


def activate_tanh(gates: Sequence[Tensor], memory: Memory) -> Memory:
    return (torch.tanh(gates[0]),)


def activate_relu(gates: Sequence[Tensor], memory: Memory) -> Memory:
    return (torch.relu(gates[0]),)


def activate_gru(gates: Sequence[Tensor], memory: Memory) -> Memory:
    """Blocks r, z, and two for n: the contribution of the input, and that of the state."""
    reset, update, new, inner = gates
    candidate = torch.tanh(new + torch.sigmoid(reset) * inner)
    # (1 − z) n + z h with one multiplication less.
    return (candidate + torch.sigmoid(update) * (memory[0] - candidate),)


def activate_lstm(gates: Sequence[Tensor], memory: Memory) -> Memory:
    """Blocks i, f, o, g."""
    write, forget, out, new = gates
    cell_state = torch.sigmoid(forget) * memory[1] + torch.sigmoid(write) * torch.tanh(new)
    return torch.sigmoid(out) * torch.tanh(cell_state), cell_state


@cell("Tanh RNN")
def tanh_rnn(hidden_units: HiddenUnits = 50) -> Cell:
    """The plain recurrent network: every step multiplies the state by the same matrix and applies tanh.

    Args:
        hidden_units: The size of the hidden state.

    Formula: h ← tanh(W x + U h + b)
    Reference: Elman 1990; torch.nn.RNN
    """
    return simple_cell(hidden_units, activate_tanh, by_hand=TANH)


@cell("ReLU RNN")
def relu_rnn(hidden_units: HiddenUnits = 50) -> Cell:
    """The plain recurrent network with rectified units. With the identity as initial matrix it is the IRNN.

    Args:
        hidden_units: The size of the hidden state.

    Formula: h ← max(0, W x + U h + b)
    Reference: Le, Jaitly & Hinton 2015; torch.nn.RNN(nonlinearity="relu")
    """
    return simple_cell(hidden_units, activate_relu, by_hand=RELU)


@cell("GRU")
def gru(hidden_units: HiddenUnits = 50) -> Cell:
    """A gated network without a separate memory: gates set how much of the state is overwritten.

    Args:
        hidden_units: The size of the hidden state.

    Formula: r, z = σ(W x + U h + b), n = tanh(W x + b + r (U h + c)), h ← (1 − z) n + z h
    Reference: Cho et al. 2014; torch.nn.GRU
    """

    def step(projected: Tensor, memory: Memory, factors: Weights) -> Memory:
        recurrent = torch.bmm(memory[0], factors["weight_hh"])
        inputs, states = projected.chunk(3, -1), recurrent.chunk(3, -1)
        gates = [inputs[0] + states[0], inputs[1] + states[1], inputs[2], states[2] + factors["bias_hn"]]
        return activate_gru(gates, memory)

    return Cell(hidden_units, 3, step, activate_gru, by_hand=GRU, separate_bias=True)


@cell("LSTM")
def lstm(hidden_units: HiddenUnits = 50, forget_bias: Annotated[float, Range(-2, 10)] = 1.0) -> Cell:
    """A gated network with a separate memory. Each step adds to the memory, so gradients vanish more slowly.

    Args:
        hidden_units: The size of the hidden state.
        forget_bias: Added to the initial bias of the forget gate. With a larger one the cell remembers longer.

    Formula: i, f, o = σ(W x + U h + b), g = tanh(W x + U h + b), c ← f c + i g, h ← o tanh(c)
    Reference: Hochreiter & Schmidhuber 1997; Gers et al. 2000; torch.nn.LSTM
    """

    def step(projected: Tensor, memory: Memory, factors: Weights) -> Memory:
        write, forget, new, out = torch.baddbmm(projected, memory[0], factors["weight_hh"]).chunk(4, -1)
        return activate_lstm([write, forget, out, new], memory)

    return Cell(hidden_units, 4, step, activate_lstm, by_hand=LSTM, memories=2, bias_start=(0.0, forget_bias, 0.0, 0.0))
