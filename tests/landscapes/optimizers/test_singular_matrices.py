"""Second-order methods where the matrix is singular or not finite, and in any dimension."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.catalogue import OPTIMIZERS
from cliffscape.landscapes.loss import SumOfSquares
from tests.landscapes.optimizers.test_second_order import HESSIANS, METHODS, N1, run
from tests.reference import tensor


def test_a_singular_hessian_gives_an_infinite_step() -> None:
    """A slope without curvature along x has no solution. Without a slope the solution is the shortest step."""

    def cubic(theta: Tensor) -> Tensor:
        x, y = theta.unbind(-1)
        return x + x**3 + y**2 / 2

    found = run(cubic, "newton", [[0.0, 1.0], [0.0, 0.0], [1.0, 1.0]], 2)
    assert found.step_length[0, :2].tolist() == [math.inf, math.inf]
    assert found.loss[0].isfinite().all() and found.gradient_norm[0].isfinite().all()
    assert not found.loss[1, :2].isfinite().any() and found.loss[1, 2].isfinite()

    def trough(theta: Tensor) -> Tensor:
        return theta[..., 1] ** 2 / 2

    for kind in ("newton", "newton_saddle_free"):
        places = run(trough, kind, [[3.0, 1.0], [3.0, 0.0]], 2).position[-1]
        assert places.tolist() == [[3.0, 0.0], [3.0, 0.0]]
    # Damped by the size of a negative eigenvalue.
    assert run(N1, "newton_damped", [0.5, 1.0], 1, damping=0.25).step_length[0] == math.inf


def test_a_matrix_that_overflows_gives_a_nan_step() -> None:
    def steep(theta: Tensor) -> Tensor:
        return (1e160 * theta).square().sum(-1) / 2

    found = run(steep, "newton", [1e-100, 1e-110], 1)
    assert found.loss[0].isfinite() and found.gradient_norm[0].isfinite() and found.step_length[0].isnan()


@pytest.mark.parametrize("kind", METHODS)
def test_nonfinite_gradients_give_nonfinite_steps(kind: str) -> None:
    found = run(N1, kind, [[math.nan, 0.0], [math.inf, 0.0], [0.9, 0.1]], 2)
    assert not found.position[1:, :2].isfinite().all(-1).any()
    assert found.position[:, 2].isfinite().all()


@pytest.mark.parametrize("kind", METHODS)
@pytest.mark.parametrize("size", [1, 3, 6])
def test_matrices_of_any_dimension_are_solved(kind: str, size: int) -> None:
    """A bowl of any dimension: one Newton step to its minimum; the damped ones as by a dense solve."""
    generator = np.random.default_rng(size)
    root = torch.from_numpy(generator.normal(size=(size, size)))
    curvature = root.mT @ root + torch.eye(size, dtype=torch.float64)
    factor = torch.linalg.cholesky(curvature)
    bowl = SumOfSquares(lambda theta: (theta @ factor).unbind(-1), 0.5)
    start = torch.from_numpy(generator.normal(size=(2, size)))
    settings = {"iterations": size} if kind == "hessian_free" else {}
    damping = OPTIMIZERS[kind].defaults.get("damping", 0.0)
    found = run(bowl, kind, start.tolist(), 1, **settings).position[1]
    whole = curvature + float(damping) * torch.eye(size, dtype=torch.float64)
    expected = start - torch.linalg.solve(whole, (start @ curvature).mT).mT
    torch.testing.assert_close(found, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("kind", HESSIANS)
def test_a_singular_matrix_of_any_dimension(kind: str) -> None:
    """The step along a flat direction is 0 if the gradient is 0 there; else there is no solution."""

    def trough(theta: Tensor) -> Tensor:
        return (tensor([1.0, 2.0, 0.0]) * theta**2).sum(-1) / 2

    flat = run(trough, kind, [1.0, 1.0, 5.0], 1).position[1]
    assert flat[2] == 5.0 and flat.isfinite().all()
    slope = run(lambda theta: trough(theta) + theta[..., 2], kind, [1.0, 1.0, 5.0], 1).step_length[0]
    # Damping of 2: (1/3, 2/4, 1/2).
    assert float(slope) == (pytest.approx(math.sqrt(1 / 9 + 1 / 2)) if kind == "newton_damped" else math.inf)
