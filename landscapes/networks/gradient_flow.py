"""Gradient flow: how gradients grow or vanish as they are backpropagated through time."""

from collections.abc import Callable, Generator

import torch
from torch import Tensor

from cliffscape.landscapes.networks.cost import multiply_adds
from cliffscape.landscapes.networks.network import Net
from cliffscape.landscapes.networks.tasks.task import Batch
from cliffscape.landscapes.transform import norm

# Multiply-adds of rows of the Jacobian that are computed together, and the fewest rows; H³ of matrices decomposed
# together. Each takes some tenths of a second.
PIECE, FEWEST_ROWS, DECOMPOSED = 10**9, 16, 2**28


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
    norms = torch.cat([norm(gradient.flatten(-2)) for gradient in gradients], -1)
    return norms.reshape(*theta.shape[:-1], -1)


def jacobian_singular_values(net: Net, theta: Tensor, inputs: Tensor) -> Generator[None, None, Tensor]:
    """Singular values ``(T, H)``, largest first, of the Jacobians of the last hidden state by that of each step.

    For one net, theta ``(D,)``, on one sequence ``(T, 1, I)``. The last row belongs to the identity and is all ones.
    Yields between pieces of work: 512 units take several seconds.
    """
    point = theta.detach().requires_grad_()
    with torch.enable_grad():
        states = net.states(point, inputs)
        last = states[-1][0, 0]
    basis, blocks = torch.eye(len(last), dtype=theta.dtype, device=theta.device), []
    for rows in torch.split(basis, max(FEWEST_ROWS, PIECE // multiply_adds(net, 1))):
        products = torch.autograd.grad(last, states, rows, is_grads_batched=True, retain_graph=True)
        blocks.append(torch.stack([product[:, 0, 0] for product in products]))
        yield
    found = []
    for jacobians in torch.split(torch.cat(blocks, 1), max(1, DECOMPOSED // len(last) ** 3)):
        found.append(decompose_finite(torch.linalg.svdvals, jacobians))
        yield
    return torch.cat(found)


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
