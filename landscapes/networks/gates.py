"""Forward and backward step of each cell's nonlinearities, without a graph.

These are the formulas of ``cells.py`` a second time, with derivatives by hand and results written into existing
buffers. Surfaces and training use them and spend nearly all their time here. Pre-activations are ``(L, B, R)``: blocks
of H, one after the other.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

Weights = Mapping[str, Tensor]
Parts = tuple[Tensor, ...]


class StepBuffers(NamedTuple):
    """The buffers of one step: ``gates`` ``(L, B, R)``, hidden state and cell state ``(L, B, H)`` before and after it.

    ``parts`` are views of the gates. They are made once, since a view costs as much time as a small sum. The cell state
    is the memory in addition to the hidden state, ``(L, B, 0)`` if there is none. Before and after may be the same
    tensor if no backward step follows.
    """

    gates: Tensor
    parts: Parts
    before: Tensor
    cell_state: Tensor
    after: Tensor
    cell_state_after: Tensor


class Gates(NamedTuple):
    """A cell's nonlinearities, on R / H = ``blocks`` blocks of pre-activations.

    ``factors(weights)`` are the matrices that the input with a 1 and the state are multiplied by, ``(L, I + 1, R)`` and
    ``(L, H, R)``. ``weights`` turns gradients by the factors into gradients by the weights. ``split`` makes the parts
    of gates. ``forward(buffers)`` replaces pre-activations by what ``backward`` needs, and writes hidden state and cell
    state. ``backward(buffers, grad_state, grad_cell_state, grad_parts)`` writes the gradient by the pre-activations
    into ``grad_parts``, updates ``grad_cell_state`` in place, and returns the part of the gradient by the previous
    state that does not pass through the pre-activations, if there is one.
    """

    blocks: int
    factors: Callable[[Weights], tuple[Tensor, Tensor]]
    weights: Callable[[Tensor, Tensor], dict[str, Tensor]]
    split: Callable[[Tensor], Parts]
    forward: Callable[[StepBuffers], object]
    backward: Callable[[StepBuffers, Tensor, Tensor, Parts], Tensor | None]


def tanh(values: Tensor, out: Tensor) -> Tensor:
    """Write tanh into ``out``; on the CPU by NumPy, which takes a third to a seventh of PyTorch's time."""
    if not values.is_cpu:
        return torch.tanh(values, out=out)
    np.tanh(values.numpy(), out=out.numpy())
    return out


def tanh_gradient(gradient: Tensor, activated: Tensor, out: Tensor) -> None:
    """The gradient by the argument of a tanh, from its result ``activated``."""
    torch.ops.aten.tanh_backward(gradient, activated, grad_input=out)


def sigmoid_gradient(gradient: Tensor, activated: Tensor, out: Tensor) -> None:
    """The gradient by the argument of a sigmoid, from its result ``activated``."""
    torch.ops.aten.sigmoid_backward(gradient, activated, grad_input=out)


def simple_factors(weights: Weights) -> tuple[Tensor, Tensor]:
    """Input weights with the bias as their last row, which a 1 multiplies, and recurrent weights."""
    return torch.cat([weights["weight_ih"], weights["bias"].unsqueeze(-1)], -1).mT, weights["weight_hh"].mT


def simple_weights(input_factor: Tensor, state_factor: Tensor) -> dict[str, Tensor]:
    """The inverse of ``simple_factors``."""
    return {"weight_ih": input_factor[..., :-1, :].mT, "weight_hh": state_factor.mT, "bias": input_factor[..., -1, :]}


def simple_split(gates: Tensor) -> Parts:
    return (gates,)


def tanh_forward(buffers: StepBuffers) -> object:
    return tanh(buffers.gates, buffers.after)


def tanh_backward(buffers: StepBuffers, grad_state: Tensor, grad_cell_state: Tensor, grad_parts: Parts) -> None:
    tanh_gradient(grad_state, buffers.after, grad_parts[0])


def relu_forward(buffers: StepBuffers) -> object:
    return torch.clamp_min(buffers.gates, 0, out=buffers.after)


def relu_backward(buffers: StepBuffers, grad_state: Tensor, grad_cell_state: Tensor, grad_parts: Parts) -> None:
    torch.ops.aten.threshold_backward(grad_state, buffers.after, 0, grad_input=grad_parts[0])


TANH = Gates(1, simple_factors, simple_weights, simple_split, tanh_forward, tanh_backward)
RELU = Gates(1, simple_factors, simple_weights, simple_split, relu_forward, relu_backward)


def gru_factors(weights: Weights) -> tuple[Tensor, Tensor]:
    """Blocks r, z, and two for n: the contribution of the input, and that of the state, which r multiplies."""
    (input_factor, state_factor), hidden = simple_factors(weights), weights["weight_hh"].shape[-1]
    inner = torch.zeros_like(input_factor[..., :hidden])
    inner[..., -1, :] = weights["bias_hn"]
    gates, new = torch.split(state_factor, [2 * hidden, hidden], -1)
    return torch.cat([input_factor, inner], -1), torch.cat([gates, torch.zeros_like(new), new], -1)


def gru_weights(input_factor: Tensor, state_factor: Tensor) -> dict[str, Tensor]:
    hidden = state_factor.shape[-2]
    gates, _, new = torch.split(state_factor, [2 * hidden, hidden, hidden], -1)
    plain = simple_weights(input_factor[..., : 3 * hidden], torch.cat([gates, new], -1))
    return {**plain, "bias_hn": input_factor[..., -1, 3 * hidden :]}


def gru_split(gates: Tensor) -> Parts:
    """r and z together, r, z, and both parts of n."""
    reset, update, new, inner = gates.chunk(4, -1)
    return gates[..., : 2 * reset.shape[-1]], reset, update, new, inner


def gru_forward(buffers: StepBuffers) -> object:
    both, reset, update, new, inner = buffers.parts
    torch.sigmoid(both, out=both)
    tanh(new.addcmul_(reset, inner), new)
    return torch.sub(buffers.before, new, out=buffers.after).mul_(update).add_(new)


def gru_backward(buffers: StepBuffers, grad_state: Tensor, grad_cell_state: Tensor, grad_parts: Parts) -> Tensor:
    both, reset, update, new, inner = buffers.parts
    grad_both, grad_reset, grad_update, grad_new, grad_inner = grad_parts
    torch.addcmul(grad_state, grad_state, update, value=-1, out=grad_new)
    tanh_gradient(grad_new, new, grad_new)
    torch.mul(grad_new, reset, out=grad_inner)
    torch.mul(grad_new, inner, out=grad_reset)
    torch.sub(buffers.before, new, out=grad_update).mul_(grad_state)
    sigmoid_gradient(grad_both, both, grad_both)
    return grad_state * update


GRU = Gates(4, gru_factors, gru_weights, gru_split, gru_forward, gru_backward)


def lstm_factors(weights: Weights) -> tuple[Tensor, Tensor]:
    """Blocks i, f, o, g, so that one call applies the sigmoid to the first three."""
    input_factor, state_factor = simple_factors(weights)
    return swap_last_blocks(input_factor), swap_last_blocks(state_factor)


def lstm_weights(input_factor: Tensor, state_factor: Tensor) -> dict[str, Tensor]:
    return simple_weights(swap_last_blocks(input_factor), swap_last_blocks(state_factor))


def swap_last_blocks(factor: Tensor) -> Tensor:
    """The factor with the last two of its four blocks swapped."""
    hidden = factor.shape[-1] // 4
    first, third, fourth = torch.split(factor, [2 * hidden, hidden, hidden], -1)
    return torch.cat([first, fourth, third], -1)


def lstm_split(gates: Tensor) -> Parts:
    """i, f and o together, i, f, o, g."""
    input_gate, forget_gate, out, new = gates.chunk(4, -1)
    return gates[..., : 3 * input_gate.shape[-1]], input_gate, forget_gate, out, new


def lstm_forward(buffers: StepBuffers) -> object:
    sigmoids, input_gate, forget_gate, out, new = buffers.parts
    torch.sigmoid(sigmoids, out=sigmoids)
    torch.mul(buffers.cell_state, forget_gate, out=buffers.cell_state_after).addcmul_(input_gate, tanh(new, new))
    return tanh(buffers.cell_state_after, buffers.after).mul_(out)


def lstm_backward(buffers: StepBuffers, grad_state: Tensor, grad_cell_state: Tensor, grad_parts: Parts) -> None:
    sigmoids, input_gate, forget_gate, out, new = buffers.parts
    grad_sigmoids, grad_input, grad_forget, grad_out, grad_new = grad_parts
    activated = tanh(buffers.cell_state_after, torch.empty_like(buffers.cell_state_after))
    torch.mul(grad_state, activated, out=grad_out)
    tanh_gradient(grad_state * out, activated, activated)
    grad_cell_state += activated
    torch.mul(grad_cell_state, new, out=grad_input)
    torch.mul(grad_cell_state, buffers.cell_state, out=grad_forget)
    sigmoid_gradient(grad_sigmoids, sigmoids, grad_sigmoids)
    torch.mul(grad_cell_state, input_gate, out=grad_new)
    tanh_gradient(grad_new, new, grad_new)
    grad_cell_state *= forget_gate


LSTM = Gates(4, lstm_factors, lstm_weights, lstm_split, lstm_forward, lstm_backward)
