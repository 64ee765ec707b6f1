"""A net unrolled by hand: its outputs without a graph, and its gradient by backpropagation through time.

Outputs and gradients equal those of ``Cell.states`` and autograd, in a fraction of the time. A step is two matrix
products and the cell's nonlinearities, written into buffers that are allocated once. ``compiled/net.py`` does the same
with compiled steps.
Reference: Werbos 1990 (backpropagation through time)
"""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from cliffscape.landscapes.networks.cells import Cell
from cliffscape.landscapes.networks.gates import StepBuffers, Weights

# The matrices that the input with a 1 and the state are multiplied by, as in ``Gates``.
Factors = tuple[Tensor, Tensor]


def paired(part: Tensor) -> Tensor:
    """A single lane twice, other numbers of lanes as they are.

    PyTorch has different kernels for one matrix and for a batch of matrices, and they round differently. No lane may
    depend on how many there are.
    """
    return part.expand(2, *part.shape[1:]) if len(part) == 1 else part


def step_inputs(inputs: Tensor, lanes: int) -> Sequence[Tensor]:
    """The inputs of each step and a 1 ``(L, B, I + 1)``, from ``(L or 1, T, B, I)``."""
    joined = torch.cat([inputs, torch.ones_like(inputs[..., :1])], -1).transpose(0, 1)
    return joined.expand(-1, lanes, -1, -1).unbind(0)


def single_buffers(cell: Cell, given: Tensor) -> StepBuffers:
    """Buffers in which every step overwrites the previous one."""
    lanes, batch, _ = given.shape
    state, cell_state = (given.new_zeros(lanes, batch, size) for size in (cell.hidden_units, cell.extra_memory))
    gates = given.new_empty(lanes, batch, cell.rows)
    return StepBuffers(gates, cell.by_hand.split(gates), state, cell_state, state, cell_state)


def step_buffers(cell: Cell, given: Tensor, length: int) -> list[StepBuffers]:
    """Buffers for ``length`` steps that keep what backpropagation needs."""
    lanes, batch, _ = given.shape
    states, cell_states = (
        given.new_empty(length + 1, lanes, batch, size) for size in (cell.hidden_units, cell.extra_memory)
    )
    states[0] = cell_states[0] = 0
    # With one block, the derivative of the activation follows from the new state, so the gates need not be kept.
    kept, repeats = (1, length) if cell.by_hand.blocks == 1 else (length, 1)
    gates = given.new_empty(kept, lanes, batch, cell.rows).unbind(0) * repeats
    parts, before, cell_state = map(cell.by_hand.split, gates), states.unbind(0), cell_states.unbind(0)
    return list(map(StepBuffers, gates, parts, before[:-1], cell_state[:-1], before[1:], cell_state[1:]))


def step(cell: Cell, factors: Factors, given: Tensor, buffers: StepBuffers) -> Tensor:
    """The hidden state ``(L, B, H)`` after one step."""
    torch.bmm(given, factors[0], out=buffers.gates)
    buffers.gates.baddbmm_(buffers.before, factors[1])
    cell.by_hand.forward(buffers)
    return buffers.after


@torch.no_grad()
def outputs(cell: Cell, weights: Weights, inputs: Tensor, steps: int) -> Tensor:
    """Outputs ``(L, S, B, O)`` of the last ``steps`` steps, from ``inputs`` ``(L or 1, T, B, I)``."""
    first, second = cell.by_hand.factors(weights)
    return read(weights, last_states(cell, (paired(first), paired(second)), inputs, steps))[: len(first)]


@torch.no_grad()
def value_and_gradient(
    cell: Cell, weights: Weights, inputs: Tensor, steps: int, measure: Callable[[Tensor], tuple[Tensor, Tensor]]
) -> tuple[Tensor, Weights]:
    """The loss ``(L)`` and its gradients by weights; ``inputs`` as in ``outputs``.

    ``measure`` gives the loss of outputs ``(L, S, B, O)``, and its derivative by them.
    """
    first, second = cell.by_hand.factors(weights)
    lanes = len(first)
    states, gradients = states_and_gradients(cell, (paired(first), paired(second)), inputs, steps)
    value, slope = measure(read(weights, states))
    grad_states, grad_readout = back_through_readout(weights["weight_out"], states, slope)
    slopes = {**cell.by_hand.weights(*gradients(grad_states)), **grad_readout}
    return value[:lanes], {name: part[:lanes] for name, part in slopes.items()}


def read(weights: Weights, states: Tensor) -> Tensor:
    """Outputs ``(L, S, B, O)`` from hidden states ``(L, S, B, H)``; two equal lanes if there is only one."""
    flat, weight, bias = map(paired, (states.flatten(1, 2), weights["weight_out"], weights["bias_out"]))
    return torch.unflatten(torch.baddbmm(bias.unsqueeze(-2), flat, weight.mT), 1, states.shape[1:3])


def back_through_readout(weight: Tensor, states: Tensor, slope: Tensor) -> tuple[Tensor, Weights]:
    """The gradients by the states ``(L, S, B, H)``, and by the readout; the latter twice if there is only one lane.

    ``slope`` ``(L, S, B, O)`` is that by the outputs of ``read``.
    """
    wanted, grad_outputs = paired(states).flatten(1, 2), slope.flatten(1, 2)
    grad_states = torch.bmm(grad_outputs, paired(weight)).reshape(-1, *states.shape[1:])
    grad_readout = {"weight_out": torch.bmm(grad_outputs.mT, wanted), "bias_out": grad_outputs.sum(1)}
    return grad_states[: len(states)], grad_readout


def last_states(cell: Cell, factors: Factors, inputs: Tensor, steps: int) -> Tensor:
    """Hidden states ``(L, S, B, H)`` after the last ``steps`` steps."""
    given = step_inputs(inputs, len(factors[1]))
    buffers, found = single_buffers(cell, given[0]), []
    for left, part in zip(range(len(given), 0, -1), given, strict=True):
        state = step(cell, factors, part, buffers)
        if left <= steps:
            found.append(state.clone())
    return torch.stack(found, 1)


def states_and_gradients(
    cell: Cell, factors: Factors, inputs: Tensor, steps: int
) -> tuple[Tensor, Callable[[Tensor], Factors]]:
    """The same states, and a function from the gradients by them to those by the two factors."""
    given = step_inputs(inputs, len(factors[1]))
    history = step_buffers(cell, given[0], len(given))
    states = [step(cell, factors, part, buffers) for part, buffers in zip(given, history, strict=True)]

    def gradients(grad_states: Tensor) -> Factors:
        return back_through_time(cell, factors, given, history, grad_states.unbind(1))

    return torch.stack(states[-steps:], 1), gradients


def back_through_time(
    cell: Cell,
    factors: Factors,
    given: Sequence[Tensor],
    history: Sequence[StepBuffers],
    grad_states: Sequence[Tensor],
) -> Factors:
    """The gradients by the two factors; ``grad_states`` ``(L, B, H)`` are those by the last states via the readout."""
    grad_input_factor, grad_state_factor = (
        torch.zeros_like(factor, memory_format=torch.contiguous_format) for factor in factors
    )
    grad_gates, grad_cell_state = torch.empty_like(history[-1].gates), torch.zeros_like(history[-1].cell_state)
    grad_parts, recurrent, grad_state = cell.by_hand.split(grad_gates), factors[1].mT, grad_states[-1]
    for left in range(len(history) - 1, -1, -1):
        buffers = history[left]
        direct = cell.by_hand.backward(buffers, grad_state, grad_cell_state, grad_parts)
        grad_input_factor.baddbmm_(given[left].mT, grad_gates)
        # The state before the first step is zero and has no gradient of interest.
        if left == 0:
            break
        grad_state_factor.baddbmm_(buffers.before.mT, grad_gates)
        grad_state = torch.bmm(grad_gates, recurrent)
        if direct is not None:
            grad_state += direct
        if len(history) - left < len(grad_states):
            grad_state += grad_states[left - len(history) - 1]
    return grad_input_factor, grad_state_factor
