"""Forward and backward step of each cell's nonlinearities, without a graph.

These are the formulas of ``cells.py`` once more, for surfaces and training, where nearly all the time goes: written
into buffers that are there, with derivatives by hand. Pre-activations are ``(L, B, R)``, blocks of H side by side.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

Weights = Mapping[str, Tensor]
Parts = tuple[Tensor, ...]


class StepBuffers(NamedTuple):
    """The buffers of one step: ``gates`` ``(L, B, R)``, hidden state and store ``(L, B, H)`` before and after it.

    ``parts`` are views of the gates, made once: making one costs as much as a small sum. The store is
    the memory in addition to the hidden state, ``(L, B, 0)`` if there is none. Before and after may be the same tensor
    if no backward step follows.
    """

    gates: Tensor
    parts: Parts
    before: Tensor
    store: Tensor
    after: Tensor
    store_after: Tensor


class Gates(NamedTuple):
    """A cell's nonlinearities, on R / H = ``blocks`` blocks of pre-activations.

    ``factors(weights)`` multiply from the right: by the input and a 1, ``(L, I + 1, R)``, and by the state, ``(L, H,
    R)``; ``weights`` takes their gradients apart. ``split`` makes the parts of gates. ``forward(moment)`` turns
    pre-activations into what ``back`` needs, and writes state and store. ``back(moment, by_state, by_store, by_parts)``
    writes the gradient by the pre-activations into parts of their own, brings the store's up to date, and returns the
    part of the gradient by the state before that does not go through them, if there is one.
    """

    blocks: int
    factors: Callable[[Weights], tuple[Tensor, Tensor]]
    weights: Callable[[Tensor, Tensor], dict[str, Tensor]]
    split: Callable[[Tensor], Parts]
    forward: Callable[[StepBuffers], object]
    back: Callable[[StepBuffers, Tensor, Tensor, Parts], Tensor | None]


def tanh(values: Tensor, out: Tensor) -> Tensor:
    """The hyperbolic tangent into ``out``; on the CPU by NumPy, which takes a third to a seventh of PyTorch's time."""
    if not values.is_cpu:
        return torch.tanh(values, out=out)
    np.tanh(values.numpy(), out=out.numpy())
    return out


def tanh_gradient(gradient: Tensor, activated: Tensor, out: Tensor) -> None:
    """The gradient by what a hyperbolic tangent was taken of."""
    torch.ops.aten.tanh_backward(gradient, activated, grad_input=out)


def sigmoid_gradient(gradient: Tensor, activated: Tensor, out: Tensor) -> None:
    """The gradient by what a sigmoid was taken of."""
    torch.ops.aten.sigmoid_backward(gradient, activated, grad_input=out)


def simple_factors(weights: Weights) -> tuple[Tensor, Tensor]:
    """Weights from the inputs with the bias as their last row, and recurrent weights."""
    return torch.cat([weights["weight_ih"], weights["bias"].unsqueeze(-1)], -1).mT, weights["weight_hh"].mT


def simple_weights(given: Tensor, handed: Tensor) -> dict[str, Tensor]:
    """The inverse of ``simple_factors``."""
    return {"weight_ih": given[..., :-1, :].mT, "weight_hh": handed.mT, "bias": given[..., -1, :]}


def simple_split(gates: Tensor) -> Parts:
    return (gates,)


def tanh_forward(moment: StepBuffers) -> object:
    return tanh(moment.gates, moment.after)


def tanh_back(moment: StepBuffers, by_state: Tensor, by_store: Tensor, by_parts: Parts) -> None:
    tanh_gradient(by_state, moment.after, by_parts[0])


def relu_forward(moment: StepBuffers) -> object:
    return torch.clamp_min(moment.gates, 0, out=moment.after)


def relu_back(moment: StepBuffers, by_state: Tensor, by_store: Tensor, by_parts: Parts) -> None:
    torch.ops.aten.threshold_backward(by_state, moment.after, 0, grad_input=by_parts[0])


TANH = Gates(1, simple_factors, simple_weights, simple_split, tanh_forward, tanh_back)
RELU = Gates(1, simple_factors, simple_weights, simple_split, relu_forward, relu_back)


def gru_factors(weights: Weights) -> tuple[Tensor, Tensor]:
    """Blocks r, z, and the last gate's twice: what the input gives, and what the state gives, which r weighs."""
    (given, handed), hidden = simple_factors(weights), weights["weight_hh"].shape[-1]
    inner = torch.zeros_like(given[..., :hidden])
    inner[..., -1, :] = weights["bias_hn"]
    gates, new = torch.split(handed, [2 * hidden, hidden], -1)
    return torch.cat([given, inner], -1), torch.cat([gates, torch.zeros_like(new), new], -1)


def gru_weights(given: Tensor, handed: Tensor) -> dict[str, Tensor]:
    hidden = handed.shape[-2]
    gates, _, new = torch.split(handed, [2 * hidden, hidden, hidden], -1)
    plain = simple_weights(given[..., : 3 * hidden], torch.cat([gates, new], -1))
    return {**plain, "bias_hn": given[..., -1, 3 * hidden :]}


def gru_split(gates: Tensor) -> Parts:
    """r and z together, r, z, and both parts of n."""
    reset, update, new, inner = gates.chunk(4, -1)
    return gates[..., : 2 * reset.shape[-1]], reset, update, new, inner


def gru_forward(moment: StepBuffers) -> object:
    both, reset, update, new, inner = moment.parts
    torch.sigmoid(both, out=both)
    tanh(new.addcmul_(reset, inner), new)
    return torch.sub(moment.before, new, out=moment.after).mul_(update).add_(new)


def gru_back(moment: StepBuffers, by_state: Tensor, by_store: Tensor, by_parts: Parts) -> Tensor:
    both, reset, update, new, inner = moment.parts
    by_both, by_reset, by_update, by_new, by_inner = by_parts
    torch.addcmul(by_state, by_state, update, value=-1, out=by_new)
    tanh_gradient(by_new, new, by_new)
    torch.mul(by_new, reset, out=by_inner)
    torch.mul(by_new, inner, out=by_reset)
    torch.sub(moment.before, new, out=by_update).mul_(by_state)
    sigmoid_gradient(by_both, both, by_both)
    return by_state * update


GRU = Gates(4, gru_factors, gru_weights, gru_split, gru_forward, gru_back)


def lstm_factors(weights: Weights) -> tuple[Tensor, Tensor]:
    """Blocks i, f, o, g: what a sigmoid is taken of lies together."""
    given, handed = simple_factors(weights)
    return swap_last_blocks(given), swap_last_blocks(handed)


def lstm_weights(given: Tensor, handed: Tensor) -> dict[str, Tensor]:
    return simple_weights(swap_last_blocks(given), swap_last_blocks(handed))


def swap_last_blocks(factor: Tensor) -> Tensor:
    """The last two of four blocks in each other's place."""
    hidden = factor.shape[-1] // 4
    first, third, fourth = torch.split(factor, [2 * hidden, hidden, hidden], -1)
    return torch.cat([first, fourth, third], -1)


def lstm_split(gates: Tensor) -> Parts:
    """i, f and o together, i, f, o, g."""
    write, forget, out, new = gates.chunk(4, -1)
    return gates[..., : 3 * write.shape[-1]], write, forget, out, new


def lstm_forward(moment: StepBuffers) -> object:
    keys, write, forget, out, new = moment.parts
    torch.sigmoid(keys, out=keys)
    torch.mul(moment.store, forget, out=moment.store_after).addcmul_(write, tanh(new, new))
    return tanh(moment.store_after, moment.after).mul_(out)


def lstm_back(moment: StepBuffers, by_state: Tensor, by_store: Tensor, by_parts: Parts) -> None:
    keys, write, forget, out, new = moment.parts
    by_keys, by_write, by_forget, by_out, by_new = by_parts
    squashed = tanh(moment.store_after, torch.empty_like(moment.store_after))
    torch.mul(by_state, squashed, out=by_out)
    tanh_gradient(by_state * out, squashed, squashed)
    by_store += squashed
    torch.mul(by_store, new, out=by_write)
    torch.mul(by_store, moment.store, out=by_forget)
    sigmoid_gradient(by_keys, keys, by_keys)
    torch.mul(by_store, write, out=by_new)
    tanh_gradient(by_new, new, by_new)
    by_store *= forget


LSTM = Gates(4, lstm_factors, lstm_weights, lstm_split, lstm_forward, lstm_back)
