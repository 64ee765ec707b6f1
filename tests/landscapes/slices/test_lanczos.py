"""Leading eigenpairs: against full decompositions, with repeated eigenvalues, and of matrices of low rank."""

from collections.abc import Generator

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.generators import run_to_end
from cliffscape.landscapes.slices.lanczos import Pairs, Product, leading_eigenpairs


class CountingMatrix:
    """A matrix that counts the rows of its products."""

    def __init__(self, matrix: Tensor) -> None:
        self.matrix, self.rows = matrix, 0

    def product(self, rows: Tensor) -> Generator[None, None, Tensor]:
        self.rows += len(rows)
        yield
        return rows @ self.matrix


def pairs(matrix: Tensor, count: int = 2, **options: float) -> Pairs:
    return run_to_end(leading_eigenpairs(CountingMatrix(matrix).product, len(matrix), count, **options))


def symmetric(values: Tensor) -> tuple[Tensor, Tensor]:
    """A matrix with these eigenvalues, and its eigenvectors as rows."""
    size = len(values)
    drawn = torch.randn(size, size, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    turn = torch.linalg.qr(drawn).Q.mT
    return turn.mT @ torch.diag(values) @ turn, turn


@pytest.mark.parametrize("count", [1, 2, 3, 7])
@pytest.mark.parametrize("size", [7, 60, 400])
def test_the_largest_pairs_are_those_of_the_full_matrix(size: int, count: int) -> None:
    values = torch.linspace(-8, 5, size, dtype=torch.float64) ** 3
    matrix, turn = symmetric(values)
    found, vectors = pairs(matrix, count)
    torch.testing.assert_close(found, values[-count:].flip(0), rtol=1e-8, atol=1e-8)
    alike = (vectors * turn[-count:].flip(0)).sum(-1).abs()
    assert bool((1 - alike < 1e-9).all())
    torch.testing.assert_close(vectors @ vectors.mT, torch.eye(count, dtype=torch.float64), rtol=0, atol=1e-12)


def test_there_are_no_spurious_copies_of_an_eigenvalue() -> None:
    """One eigenvalue a million times the rest: without reorthogonalisation it returns as its own second."""
    values = torch.cat([torch.linspace(-1, 1, 499).double(), torch.tensor([1e6]).double()])
    matrix, _ = symmetric(values)
    found, _ = pairs(matrix, 3)
    torch.testing.assert_close(found, torch.tensor([1e6, 1, 1 - 2 / 498]).double(), rtol=1e-6, atol=0)


def test_a_repeated_eigenvalue_is_found_with_its_multiplicity() -> None:
    matrix, _ = symmetric(torch.tensor([5.0, 5, 3] + [1.0] * 50 + [-9]).double())
    for count, expected in ((2, [5, 5]), (3, [5, 5, 3]), (5, [5, 5, 3, 1, 1])):
        found, vectors = pairs(matrix, count)
        torch.testing.assert_close(found, torch.tensor(expected).double(), rtol=1e-10, atol=0)
        torch.testing.assert_close(vectors @ matrix, found.unsqueeze(-1) * vectors, rtol=0, atol=1e-6)


@pytest.mark.parametrize("matrix", [torch.zeros(9, 9), torch.eye(9), -torch.eye(9), torch.ones(9, 9), torch.ones(1, 1)])
def test_eigenvectors_of_a_matrix_of_low_rank_are_orthonormal(matrix: Tensor) -> None:
    exact = matrix.double()
    found, vectors = pairs(exact)
    count = min(2, len(matrix))
    torch.testing.assert_close(found, torch.linalg.eigvalsh(exact).flip(0)[:count], rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(vectors @ vectors.mT, torch.eye(count).double(), rtol=0, atol=1e-12)


@pytest.mark.parametrize("scale", [1e-120, 1e-8, 1e8, 1e140])
def test_the_scale_of_the_matrix_does_not_matter(scale: float) -> None:
    matrix, turn = symmetric(torch.linspace(-1, 2, 50).double())
    found, vectors = pairs(scale * matrix)
    assert found[0] == pytest.approx(2 * scale, rel=1e-8)
    assert abs(float(vectors[0] @ turn[-1])) == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("scale", [1e-120, 1e12, 1e140, 1e250])
def test_random_rows_are_long_enough_whatever_the_scale_of_the_matrix(scale: float) -> None:
    """The first row of a matrix of rank one has no image outside its span, so the next one is random."""
    found, vectors = pairs(scale * torch.ones(9, 9).double())
    assert found[0] == pytest.approx(9 * scale, rel=1e-12)
    assert abs(float(found[1])) < 1e-12 * scale
    torch.testing.assert_close(vectors @ vectors.mT, torch.eye(2).double(), rtol=0, atol=1e-12)


@pytest.mark.parametrize("wrong", [torch.nan, torch.inf])
def test_a_matrix_that_is_not_finite_gives_nan(wrong: float) -> None:
    matrix = torch.eye(6).double()
    matrix[2, 2] = wrong
    found, vectors = pairs(matrix)
    assert found.shape == (2,) and vectors.shape == (2, 6)
    assert found.isnan().all() and vectors.isnan().all()


def test_it_stops_when_the_pairs_have_converged() -> None:
    values = torch.cat([torch.linspace(0, 1, 498), torch.tensor([8.0, 10.0])]).double()
    counted = CountingMatrix(symmetric(values)[0])
    run_to_end(leading_eigenpairs(counted.product, 500))
    assert counted.rows <= 24
    rough = CountingMatrix(counted.matrix)
    run_to_end(leading_eigenpairs(rough.product, 500, tolerance=1e-2))
    assert rough.rows < counted.rows
    short = CountingMatrix(counted.matrix)
    run_to_end(leading_eigenpairs(short.product, 500, max_rows=6))
    assert short.rows == 6


def test_every_product_is_a_place_to_stop() -> None:
    def product(rows: Tensor) -> Generator[None, None, Tensor]:
        yield
        yield
        return rows

    block_product: Product = product
    work = leading_eigenpairs(block_product, 4, 2)
    assert [next(work) for _ in range(4)] == [None] * 4
