"""Curvature products: the Hessian, or the Gauss-Newton matrix, times a vector, without forming the matrix.

A product costs about two gradients, whatever the number of parameters.
Reference: Pearlmutter 1994; Schraudolph 2002
"""

from collections.abc import Callable
from typing import Any, NamedTuple, cast

import torch
from torch import Tensor

from cliffscape.landscapes.bound_error import must_be
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.loss import Loss, SumOfSquares
from cliffscape.landscapes.transform import Matrix, Product, State, Transform

# The products of a matrix at theta ``(..., D)``.
Curvature = Callable[[Tensor], Product]
# The cost of a product, in gradients.
GRADIENTS = 2
NAMES: dict[Matrix, str] = {"hessian": "Hessian", "gauss_newton": "Gauss-Newton matrix"}


class Cost(NamedTuple):
    """The cost of a step in addition to one gradient: the matrix's name, or empty, and the number of products.

    ``gradients`` is what one product costs.
    """

    matrix: str = ""
    products: int = 0
    gradients: int = GRADIENTS


def hessian_product(loss: Loss, theta: Tensor) -> Product:
    """Products of the Hessian at ``theta`` ``(..., D)`` with vectors ``(..., D)``; rows do not couple."""
    back: Any = torch.func.vjp(lambda point: value_and_gradient(loss, point)[1], theta)[1]

    def product(vector: Tensor) -> Tensor:
        # Backpropagation through the gradient multiplies by the transposed Hessian, which is symmetric.
        (image,) = back(vector)
        return cast(Tensor, image)

    return product


def gauss_newton_product(loss: Loss, theta: Tensor) -> Product:
    """The same for the Gauss-Newton matrix 2 f JᵀJ, the Hessian without the residuals' own curvature.

    Raises:
        TypeError: the loss is no ``SumOfSquares``.
    """
    if not isinstance(loss, SumOfSquares):
        raise TypeError(must_be("loss", "a loss without residuals", "a sum of squares for the Gauss-Newton matrix"))
    residuals, factor = loss.residuals, 2 * loss.factor

    def slope(k: int) -> Tensor:
        return value_and_gradient(lambda point: residuals(point)[k], theta)[1]

    slopes = [slope(k) for k in range(len(residuals(theta)))]

    def product(vector: Tensor) -> Tensor:
        parts = [(slope * vector).sum(-1, keepdim=True) * slope for slope in slopes]
        # Started with a part, since a sum that starts with 0 would be one more operation in a kernel.
        return factor * sum(parts[1:], parts[0])

    return product


def curvature_product(loss: Loss, matrix: Matrix, theta: Tensor) -> Product:
    """Products of ``matrix`` at ``theta``."""
    return hessian_product(loss, theta) if matrix == "hessian" else gauss_newton_product(loss, theta)


def with_curvature(loss: Loss, optimizer: Transform) -> Transform:
    """The optimizer with the products of ``loss`` that it asks for, so that its ``update`` has three arguments.

    Raises:
        TypeError: when it is used, if it asks for the Gauss-Newton matrix and the loss is no ``SumOfSquares``.
    """
    asks = optimizer.asks
    return optimizer if asks is None else with_products(optimizer, lambda theta: curvature_product(loss, asks, theta))


def with_products(optimizer: Transform, curvature: Curvature) -> Transform:
    """The optimizer with the products of ``curvature``."""

    def update(gradient: Tensor, state: State, theta: Tensor) -> tuple[Tensor, State]:
        return optimizer.update(gradient, state, theta, curvature(theta))

    return optimizer._replace(update=update, asks=None)


def cost(method: Transform, size: int) -> Cost:
    """The cost of one step with ``size`` parameters: the products counted in one call, or one product per column."""
    if method.asks is None:
        return Cost()
    if method.whole:
        return Cost(NAMES[method.asks], size)
    theta, asked = torch.ones(size, dtype=torch.float64), 0

    def product(vector: Tensor) -> Tensor:
        nonlocal asked
        asked += 1
        # Distinct eigenvalues, so that conjugate gradients need all their rounds.
        return vector * torch.arange(1, size + 1, dtype=torch.float64)

    method.update(theta, method.init(theta), theta, product)
    return Cost(NAMES[method.asks], asked)
