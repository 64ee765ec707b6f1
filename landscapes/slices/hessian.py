"""Gradient and Hessian of a model's loss at one theta, computed in pieces so that a caller can stop in between."""

from collections.abc import Generator, Sequence

import torch
from torch import Tensor

from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.loss import Loss
from cliffscape.landscapes.networks.model import Model
from cliffscape.landscapes.slices.lanczos import Pairs, Product, leading_eigenpairs

# With these sizes, a product with two rows takes about 10 ms for 32 tanh units over 50 steps, and 200 ms for 128 units
# over 200 steps. Fewer sequences per piece hardly shorten it: the remaining cost is per step, not per sequence.
PIECE_MULTIPLICATIONS = 100_000_000  # of one forward pass
MIN_SEQUENCES = 32


def piece_size(multiplications: int) -> int:
    """How many examples are differentiated together, if the loss of one takes so many multiplications."""
    return max(MIN_SEQUENCES, PIECE_MULTIPLICATIONS // multiplications)


def split_loss(model: Model) -> list[Loss]:
    """The loss as a sum of losses on a few examples each."""
    parts = model.split(piece_size(model.multiplications))
    return [scale_loss(loss, share) for loss, share in parts]


def scale_loss(loss: Loss, weight: float) -> Loss:
    """``weight`` times a loss."""
    return lambda theta: weight * loss(theta)


def gradient(parts: Sequence[Loss], theta: Tensor) -> Generator[None, None, Tensor]:
    """Gradient ``(D,)`` at theta ``(D,)`` of the sum of ``parts``."""
    total = torch.zeros_like(theta)
    for loss in parts:
        total = total + value_and_gradient(loss, theta)[1]
        yield
    return total


def hessian_products(parts: Sequence[Loss], theta: Tensor, rows: int) -> Product:
    """Products of the Hessian at theta with blocks of at most ``rows`` rows, one lane per row.

    Theta is ``(D,)``, or ``(rows, D)`` with a place of its own for every row.

    With a single piece, the graph of the gradient is graphs for all products. With several, it is rebuilt for every
    product, so that memory never holds more than one graph.
    """
    graphs = [gradient_graph(parts[0], theta, rows)] if len(parts) == 1 else []

    def product(block: Tensor) -> Generator[None, None, Tensor]:
        # The lanes of the graph are fixed, so a block with fewer rows is padded with zeros.
        padded = torch.cat([block, block.new_zeros(rows - len(block), theta.shape[-1])])
        total = torch.zeros_like(padded)
        for loss in parts:
            lanes, slope = graphs[0] if graphs else gradient_graph(loss, theta, rows)
            total = total + torch.autograd.grad(slope, lanes, padded, retain_graph=bool(graphs))[0]
            yield
        return total[: len(block)]

    return product


def gradient_graph(loss: Loss, theta: Tensor, rows: int) -> Pairs:
    """Lanes ``(rows, D)`` at theta ``(D,)`` or ``(rows, D)``, and the gradient of each with its graph for products."""
    with torch.enable_grad():
        lanes = theta.detach().expand(rows, -1).clone().requires_grad_()
        (slope,) = torch.autograd.grad(loss(lanes).sum(), lanes, create_graph=True)
    return lanes, slope


def largest_eigenpairs(parts: Sequence[Loss], theta: Tensor, count: int = 2) -> Generator[None, None, Pairs]:
    """The Hessian's ``count`` largest eigenvalues, largest first, and their eigenvectors ``(count, D)``."""
    product = hessian_products(parts, theta, count)
    return (yield from leading_eigenpairs(product, len(theta), count, device=theta.device))
