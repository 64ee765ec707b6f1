"""A net unrolled by hand: its outputs without a graph, and its gradient by backpropagation through time.

Outputs and gradients are those of ``Cell.states`` and autograd, in a fraction of the time: a step is two products and
the cell's nonlinearities, written into buffers that are allocated once.
Reference: Werbos 1990 (backpropagation through time)
"""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from cliffscape.landscapes.networks.cells import Cell
from cliffscape.landscapes.networks.gates import StepBuffers, Weights


def step_inputs(inputs: Tensor, lanes: int) -> Sequence[Tensor]:
    """The inputs of each step and a 1 ``(L, B, I + 1)``, from ``(L or 1, T, B, I)``."""
    joined = torch.cat([inputs, torch.ones_like(inputs[..., :1])], -1).transpose(0, 1)
    return joined.expand(-1, lanes, -1, -1).unbind(0)


def single_buffers(cell: Cell, given: Tensor) -> StepBuffers:
    """Buffers in which every step overwrites the one before."""
    lanes, batch, _ = given.shape
    state, store = (given.new_zeros(lanes, batch, size) for size in (cell.hidden_units, cell.stored))
    gates = given.new_empty(lanes, batch, cell.rows)
    return StepBuffers(gates, cell.by_hand.split(gates), state, store, state, store)


def step_buffers(cell: Cell, given: Tensor, length: int) -> list[StepBuffers]:
    """Buffers that keep ``length`` steps, as far as going back needs them."""
    lanes, batch, _ = given.shape
    states, stores = (given.new_empty(length + 1, lanes, batch, size) for size in (cell.hidden_units, cell.stored))
    states[0] = stores[0] = 0
    # With one block the state is enough.
    kept, repeats = (1, length) if cell.by_hand.blocks == 1 else (length, 1)
    gates = given.new_empty(kept, lanes, batch, cell.rows).unbind(0) * repeats
    parts, before, store = map(cell.by_hand.split, gates), states.unbind(0), stores.unbind(0)
    return list(map(StepBuffers, gates, parts, before[:-1], store[:-1], before[1:], store[1:]))


def step(cell: Cell, factors: tuple[Tensor, Tensor], given: Tensor, moment: StepBuffers) -> Tensor:
    """The hidden state ``(L, B, H)`` after one step."""
    torch.bmm(given, factors[0], out=moment.gates)
    moment.gates.baddbmm_(moment.before, factors[1])
    cell.by_hand.forward(moment)
    return moment.after


@torch.no_grad()
def outputs(cell: Cell, weights: Weights, inputs: Tensor, steps: int) -> Tensor:
    """Outputs ``(L, S, B, O)`` of the last ``steps`` steps, from ``inputs`` ``(L or 1, T, B, I)``."""
    readout, bias = weights["weight_out"].mT, weights["bias_out"].unsqueeze(-2)
    given, factors = step_inputs(inputs, len(bias)), cell.by_hand.factors(weights)
    moment, found = single_buffers(cell, given[0]), []
    for left, part in zip(range(len(given), 0, -1), given, strict=True):
        state = step(cell, factors, part, moment)
        if left <= steps:
            found.append(torch.baddbmm(bias, state, readout))
    return torch.stack(found, 1)


@torch.no_grad()
def value_and_gradient(
    cell: Cell, weights: Weights, inputs: Tensor, steps: int, loss: Callable[[Tensor], Tensor]
) -> tuple[Tensor, Weights]:
    """``loss`` ``(L)`` of the outputs ``(L, S, B, O)`` and its gradient by every weight; ``inputs`` as above."""
    readout, bias = weights["weight_out"], weights["bias_out"].unsqueeze(-2)
    given, factors = step_inputs(inputs, len(bias)), cell.by_hand.factors(weights)
    moments = step_buffers(cell, given[0], len(given))
    states = [step(cell, factors, part, moment) for part, moment in zip(given, moments, strict=True)]
    wanted = torch.stack(states[-steps:], 1).flatten(1, 2)
    answers = torch.unflatten(torch.baddbmm(bias, wanted, readout.mT), 1, (steps, -1))
    value, slope = loss_and_gradient(loss, answers)
    by_answers = slope.flatten(1, 2)
    by_states = torch.unflatten(torch.bmm(by_answers, readout), 1, (steps, -1)).unbind(1)
    gradient = cell.by_hand.weights(*back_through_time(cell, factors, given, moments, by_states))
    by_readout = {"weight_out": torch.bmm(by_answers.mT, wanted), "bias_out": by_answers.sum(1)}
    return value, {**gradient, **by_readout}


def loss_and_gradient(loss: Callable[[Tensor], Tensor], answers: Tensor) -> tuple[Tensor, Tensor]:
    """The loss of the answers, and its gradient by them."""
    leaf = answers.detach().requires_grad_()
    with torch.enable_grad():
        value = loss(leaf)
        (slope,) = torch.autograd.grad(value.sum(), leaf)
    return value.detach(), slope


def back_through_time(
    cell: Cell,
    factors: tuple[Tensor, Tensor],
    given: Sequence[Tensor],
    moments: Sequence[StepBuffers],
    by_states: Sequence[Tensor],
) -> tuple[Tensor, Tensor]:
    """The gradients by the two factors; ``by_states`` ``(L, B, H)`` is what reaches the last states from outside."""
    by_given, by_handed = (torch.zeros_like(factor, memory_format=torch.contiguous_format) for factor in factors)
    by_gates, by_store = torch.empty_like(moments[-1].gates), torch.zeros_like(moments[-1].store)
    by_parts, recurrent, by_state = cell.by_hand.split(by_gates), factors[1].mT, by_states[-1]
    for left in range(len(moments) - 1, -1, -1):
        moment = moments[left]
        direct = cell.by_hand.back(moment, by_state, by_store, by_parts)
        by_given.baddbmm_(given[left].mT, by_gates)
        if left == 0:
            break
        by_handed.baddbmm_(moment.before.mT, by_gates)
        by_state = torch.bmm(by_gates, recurrent)
        if direct is not None:
            by_state += direct
        if len(moments) - left < len(by_states):
            by_state += by_states[left - len(moments) - 1]
    return by_given, by_handed
