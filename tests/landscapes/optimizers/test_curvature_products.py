"""Curvature products: equal to dense matrices, lane by lane, and counted."""

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.catalogue import LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.loss import Landscape, SumOfSquares
from cliffscape.landscapes.optimizers.curvature_products import (
    Cost,
    cost,
    curvature_product,
    gauss_newton_product,
    hessian_product,
)
from tests.landscapes.test_loss import sample
from tests.reference import tensor

ALL = [pytest.param(entry, id=entry.kind) for entry in LANDSCAPES]
SQUARES = [pytest.param(entry, id=entry.kind) for entry in LANDSCAPES if entry.squares is not None]
VECTOR = tensor([[0.6, -1.3]])


def close(measured: Tensor, expected: Tensor, scale: Tensor) -> None:
    """To 1e-12 of the largest entry, because two large products may nearly cancel."""
    assert (measured - expected).abs().max(-1).values.le(1e-12 * (1e-300 + scale)).all()


@pytest.mark.parametrize("entry", ALL)
def test_hessian_products_are_those_of_autograds_hessian(entry: Landscape) -> None:
    points = sample(entry.window, 12)
    hessians = torch.stack([torch.autograd.functional.hessian(entry.loss(), point) for point in points])
    found = hessian_product(entry.loss(), points)(VECTOR.expand_as(points))
    close(found, (hessians @ VECTOR.mT).squeeze(-1), hessians.flatten(1).abs().amax(-1))


@pytest.mark.parametrize("entry", SQUARES)
def test_gauss_newton_products_are_those_of_the_residuals_jacobian(entry: Landscape) -> None:
    """2 f JᵀJ, with J by autograd of the residuals."""
    loss = entry.loss()
    assert isinstance(loss, SumOfSquares)
    points = sample(entry.window, 12)
    found = gauss_newton_product(loss, points)(VECTOR.expand_as(points))
    for point, product in zip(points, found, strict=True):
        rows = torch.stack(torch.autograd.functional.jacobian(loss.residuals, point))
        dense = 2 * loss.factor * rows.mT @ rows
        close(product[None], (dense @ VECTOR[0])[None], dense.abs().max()[None])


@pytest.mark.parametrize("entry", SQUARES)
def test_residuals_make_the_loss_and_its_gradient(entry: Landscape) -> None:
    """The gradient of a sum of squares is 2 f Jᵀr."""
    loss = entry.loss()
    assert isinstance(loss, SumOfSquares)
    points = sample(entry.window, 12)
    value, gradient = value_and_gradient(loss, points)
    for k, point in enumerate(points):
        residuals = torch.stack(loss.residuals(point))
        torch.testing.assert_close(value[k], loss.factor * (residuals**2).sum(), rtol=1e-14, atol=0)
        rows = torch.stack(torch.autograd.functional.jacobian(loss.residuals, point))
        torch.testing.assert_close(gradient[k], 2 * loss.factor * rows.mT @ residuals, rtol=1e-12, atol=1e-12)


def test_which_landscapes_are_sums_of_squares() -> None:
    assert {entry.kind for entry in LANDSCAPES if entry.squares is not None} >= {
        "one_unit_rnn",
        "product_of_weights",
        "linear_recurrence",
        "rosenbrock",
        "himmelblau",
        "beale",
        "saddle",
        "ravine",
    }
    assert LANDSCAPES["wall_and_floor"].squares is None and LANDSCAPES["repeated_composition"].squares is None


def test_a_loss_without_residuals_has_no_gauss_newton_matrix() -> None:
    with pytest.raises(TypeError, match="loss must be a sum of squares"):
        curvature_product(LANDSCAPES["wall_and_floor"].loss(), "gauss_newton", tensor([1.0, 1.0]))


def test_products_are_counted() -> None:
    """One per parameter if the whole matrix is formed, else one per iteration, at most as many as parameters; none for
    a first-order method."""
    assert cost(OPTIMIZERS["adam"].function(), 7) == Cost("", 0)
    assert cost(OPTIMIZERS["newton"].function(), 2) == Cost("Hessian", 2)
    assert cost(OPTIMIZERS["newton_saddle_free"].function(), 7) == Cost("Hessian", 7)
    assert cost(OPTIMIZERS["levenberg_marquardt"].function(), 2) == Cost("Gauss-Newton matrix", 2)
    assert cost(OPTIMIZERS["hessian_free"].function(iterations=5), 7) == Cost("Gauss-Newton matrix", 5)
    assert cost(OPTIMIZERS["hessian_free"].function(iterations=5), 2) == Cost("Gauss-Newton matrix", 2)
