"""Gradient flow: how gradients grow or vanish as they are backpropagated through time."""

from collections.abc import Callable

import torch
from torch import Tensor

from cliffscape.landscapes.networks.network import Net
from cliffscape.landscapes.networks.tasks.task import Batch


def state_gradients(net: Net, theta: Tensor, batch: Batch) -> Tensor:
    """Norms ``(..., T)`` of the gradient of the loss by the hidden state after each step, over all sequences jointly.

    The gradient that an LSTM carries through its cell state is not included.
    """
    point = theta.detach().requires_grad_()
    with torch.enable_grad():
        states = net.states(point, batch.inputs)
        outputs = net.read(point, states)
        loss = net.task.loss(outputs, batch.targets.expand(outputs.shape[:-1]))
    gradients = torch.autograd.grad(loss.sum(), states)
    norms = torch.stack([torch.linalg.vector_norm(gradient, dim=(-2, -1)) for gradient in gradients], -1)
    return norms.reshape(*theta.shape[:-1], -1)


def jacobian_singular_values(net: Net, theta: Tensor, inputs: Tensor) -> Tensor:
    """Singular values ``(T, H)``, largest first, of the Jacobians of the last hidden state by that of each step.

    For one net, theta ``(D,)``, on one sequence ``(T, 1, I)``. The last row belongs to the identity and is all ones.
    """
    point = theta.detach().requires_grad_()
    with torch.enable_grad():
        states = net.states(point, inputs)
        last = states[-1][0, 0]
    basis = torch.eye(len(last), dtype=theta.dtype, device=theta.device)
    products = torch.autograd.grad(last, states, basis, is_grads_batched=True)
    jacobians = torch.stack([product[:, 0, 0] for product in products])
    return decompose_finite(torch.linalg.svdvals, jacobians)


def spectral_radii(net: Net, theta: Tensor) -> Tensor:
    """Spectral radii ``(..., G)`` of the recurrent matrix, one for each gate."""
    units = net.cell.hidden_units
    blocks = torch.unflatten(net.layout.unpack(theta)["weight_hh"].detach(), -2, (-1, units))
    return decompose_finite(lambda finite: torch.linalg.eigvals(finite).abs().amax(-1, keepdim=True), blocks)[..., 0]


def decompose_finite(decompose: Callable[[Tensor], Tensor], matrices: Tensor) -> Tensor:
    """``decompose(matrices)`` ``(..., n)`` of ``(..., H, H)``; NaN for those with Inf or NaN, which LAPACK rejects."""
    finite = matrices.isfinite().all(-1).all(-1)
    values = decompose(torch.where(finite[..., None, None], matrices, torch.zeros_like(matrices)))
    return torch.where(finite.unsqueeze(-1), values, torch.nan)
