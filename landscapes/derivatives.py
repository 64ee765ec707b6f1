"""Derivatives of a loss by PyTorch's autograd: gradients, and curvatures at a point."""

import torch
from torch import Tensor

from cliffscape.landscapes.loss import Loss


def value_and_gradient(loss: Loss, theta: Tensor) -> tuple[Tensor, Tensor]:
    """Loss ``(...)`` and gradient ``(..., D)`` at ``theta`` ``(..., D)``; rows do not couple. It can be nested.

    Outside the transforms of ``torch.func`` plain autograd computes it: ``torch.func.grad`` wraps every tensor and
    imports PyTorch's compiler, which takes a second.
    """
    if torch._C._functorch.maybe_current_level() is None:
        nested = theta.requires_grad
        value, gradient = differentiate(loss, theta if nested else theta.detach().requires_grad_(), nested)
        return (value, gradient) if nested else (value.detach(), gradient)

    def total(point: Tensor) -> tuple[Tensor, Tensor]:
        value = loss(point)
        # Rows are independent, so the gradient of the sum holds the gradient of every row.
        return value.sum(), value

    gradient, (_, value) = torch.func.grad_and_value(total, has_aux=True)(theta)
    return value, gradient


def differentiate(loss: Loss, point: Tensor, again: bool) -> tuple[Tensor, Tensor]:
    """Loss and gradient at a point that requires one; ``again``: the gradient can be differentiated too."""
    with torch.enable_grad():
        value = loss(point)
        if not value.requires_grad:  # the loss does not depend on the point
            return value, torch.zeros_like(point)
        (gradient,) = torch.autograd.grad(value.sum(), point, create_graph=again, materialize_grads=True)
    return value, gradient


def curvatures(loss: Loss, theta: Tensor) -> tuple[Tensor, Tensor]:
    """Smallest and largest eigenvalue ``(...)`` of the Hessian at ``theta`` ``(..., 2)``; for a loss of one
    parameter, with ``theta`` ``(..., 1)``, both are its second derivative.

    The largest one is the sharpness. Gradient descent with a learning rate above 2/sharpness does not converge there.
    """

    def slope(point: Tensor, axis: int) -> Tensor:
        return value_and_gradient(loss, point)[1][..., axis]

    _, row_x = value_and_gradient(lambda point: slope(point, 0), theta)
    if theta.shape[-1] == 1:
        return row_x[..., 0], row_x[..., 0]
    _, row_y = value_and_gradient(lambda point: slope(point, 1), theta)
    xx, xy, yy = row_x[..., 0], row_x[..., 1], row_y[..., 1]
    # The roots of the characteristic polynomial.
    middle, distance = (xx + yy) / 2, torch.sqrt(((xx - yy) / 2) ** 2 + xy**2)
    return middle - distance, middle + distance
