"""Derivatives of a loss by PyTorch's autograd: gradients, and curvatures at a point."""

from functools import partial
from typing import NamedTuple

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


class SecondOrder(NamedTuple):
    """Loss ``(...)``, gradient ``(..., D)`` and Hessian ``(..., D, D)`` at a point."""

    value: Tensor
    gradient: Tensor
    hessian: Tensor


def second_order(loss: Loss, theta: Tensor) -> SecondOrder:
    """The derivatives up to the second at ``theta`` ``(..., D)``; rows do not couple.

    The Hessian's rows share one graph of the gradient, since building a graph takes longer than a row.
    """
    if torch._C._functorch.maybe_current_level() is None:
        point = theta.detach().requires_grad_()
        value, gradient = differentiate(loss, point, again=True)
        rows = [
            torch.autograd.grad(part.sum(), point, retain_graph=True, materialize_grads=True)[0]
            if part.requires_grad
            else torch.zeros_like(theta)
            for part in gradient.unbind(-1)
        ]
        return SecondOrder(value.detach(), gradient.detach(), torch.stack(rows, -2))

    def slope(point: Tensor, axis: int) -> Tensor:
        return value_and_gradient(loss, point)[1][..., axis]

    rows = [value_and_gradient(partial(slope, axis=axis), theta)[1] for axis in range(theta.shape[-1])]
    return SecondOrder(*value_and_gradient(loss, theta), torch.stack(rows, -2))


def eigenvalues(hessian: Tensor) -> tuple[Tensor, Tensor]:
    """Smallest and largest eigenvalue ``(...)`` of a Hessian ``(..., 2, 2)``, or the only one of ``(..., 1, 1)``."""
    if hessian.shape[-1] == 1:
        return hessian[..., 0, 0], hessian[..., 0, 0]
    xx, xy, yy = hessian[..., 0, 0], hessian[..., 0, 1], hessian[..., 1, 1]
    # The roots of the characteristic polynomial.
    middle, distance = (xx + yy) / 2, torch.sqrt(((xx - yy) / 2) ** 2 + xy**2)
    return middle - distance, middle + distance


def curvatures(loss: Loss, theta: Tensor) -> tuple[Tensor, Tensor]:
    """Smallest and largest eigenvalue ``(...)`` of the Hessian at ``theta`` ``(..., 2)``; for a loss of one
    parameter, with ``theta`` ``(..., 1)``, both are its second derivative.

    The largest one is the sharpness. Gradient descent with a learning rate above 2/sharpness does not converge there.
    """
    return eigenvalues(second_order(loss, theta).hessian)
