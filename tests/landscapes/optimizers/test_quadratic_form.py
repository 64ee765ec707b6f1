"""Quadratic forms of two variables: solved even if their scales differ widely, and singular without a solution."""

import math

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.optimizers.quadratic_form import solve_in_plane
from cliffscape.landscapes.transform import Product
from tests.reference import tensor

ANGLES = (0.0, 1e-20, 1e-9, 0.3, math.pi / 4, 1.2, math.pi / 2)


def product(matrix: Tensor) -> Product:
    return lambda vector: (matrix @ vector.unsqueeze(-1)).squeeze(-1)


def gradient_at(angle: float) -> Tensor:
    return tensor([math.cos(angle), math.sin(angle)])


@pytest.mark.parametrize("angle", ANGLES)
@pytest.mark.parametrize(
    ("small", "off"),
    [(1e-17, 0.0), (1e-60, 0.0), (1e-100, 0.0), (-1e-30, 0.0), (1e-17, 1e-17), (1e-8, 3e-5), (-1e-12, 5e-7)],
)
def test_a_badly_scaled_matrix_is_solved(small: float, off: float, angle: float) -> None:
    """Regular once rows and columns are scaled; the gradient at any angle. By Cramer's rule, without cancellation."""
    matrix, gradient = tensor([[1.0, off], [off, small]]), gradient_at(angle)
    found = solve_in_plane(gradient, product(matrix), 0.0, False)
    x, y = gradient.tolist()
    determinant = small - off * off
    expected = tensor([(small * x - off * y) / determinant, (y - off * x) / determinant])
    # Products along and across the gradient have the rounding error of a row's longer entry.
    loss = 1e-15 * max(1.0, off / abs(small))
    terms = tensor([abs(small * x) + abs(off * y), abs(y) + abs(off * x)]) / abs(determinant)
    assert ((found - expected).abs() <= 4 * loss * terms).all()


@pytest.mark.parametrize("small", [1e-17, -1e-60])
def test_the_absolute_value_of_a_matrix_is_solved(small: float) -> None:
    found = solve_in_plane(tensor([0.6, 0.8]), product(torch.diag(tensor([-1.0, small]))), 0.0, True)
    torch.testing.assert_close(found, tensor([0.6, 0.8 / abs(small)]), rtol=1e-14, atol=0)


@pytest.mark.parametrize("angle", ANGLES)
@pytest.mark.parametrize("slope", [(1.0, 2.0), (1.0, 1e-10), (1e-12, 3.0), (0.3, 0.7)])
def test_a_matrix_of_rank_one_is_singular(slope: tuple[float, float], angle: float) -> None:
    """The shortest step along its slope; none solves for a gradient across it."""
    row = tensor(slope)
    # Computed as for a sum of squares, from the slope itself.
    square: Product = lambda vector: (row * vector).sum(-1, keepdim=True) * row  # noqa: E731
    shortest = solve_in_plane(3.0 * row, square, 0.0, False)
    torch.testing.assert_close(shortest, 3.0 * row / (row @ row), rtol=1e-13, atol=0)
    direction = gradient_at(angle)
    across = abs(float(direction[0] * row[1] - direction[1] * row[0])) / float(row.norm())
    if across > 1e-6:
        assert solve_in_plane(direction, square, 0.0, False).tolist() == [math.inf, math.inf]


def test_an_empty_row_and_an_empty_matrix_are_singular() -> None:
    for matrix in (torch.diag(tensor([1.0, 0.0])), torch.zeros(2, 2, dtype=torch.float64)):
        assert solve_in_plane(tensor([0.6, 0.8]), product(matrix), 0.0, False).tolist() == [math.inf, math.inf]
    along = solve_in_plane(tensor([2.0, 0.0]), product(torch.diag(tensor([4.0, 0.0]))), 0.0, False)
    assert along.tolist() == [0.5, 0.0]
