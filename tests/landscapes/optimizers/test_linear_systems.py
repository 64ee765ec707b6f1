"""The linear systems of second-order methods: sums of squares, singular and non-finite matrices, any dimension."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.backends.kernels import descent_kernel
from cliffscape.landscapes.catalogue import LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.descent.descend import trajectory
from cliffscape.landscapes.loss import SumOfSquares
from cliffscape.landscapes.optimizers.second_order import conjugate_gradients
from tests.landscapes.optimizers.test_second_order import BY_VALUE, CLIFF, HESSIANS, METHODS, N1, N2, gauss_newton, run
from tests.landscapes.test_loss import sample
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


def test_gauss_newton_is_levenberg_marquardt_without_damping() -> None:
    """Where the matrix is singular, as with one residual, it is the shortest step: the limit of vanishing damping."""
    points = sample(LANDSCAPES["himmelblau"].window, 20)
    loss = LANDSCAPES["himmelblau"].loss()
    undamped = run(loss, "levenberg_marquardt", points.tolist(), 1, damping=0.0).position[1]
    torch.testing.assert_close(run(loss, "gauss_newton", points.tolist(), 1).position[1], undamped, rtol=1e-9, atol=0)
    start = [0.3, 0.2]
    shortest = run(N2, "gauss_newton", start, 1).position[1] - tensor(start)
    slope = tensor([0.2, 0.3])
    torch.testing.assert_close(shortest, -(0.06 - 1) * slope / (slope @ slope), rtol=1e-13, atol=0)
    limit = run(N2, "levenberg_marquardt", start, 1, damping=1e-9).position[1] - tensor(start)
    torch.testing.assert_close(limit, shortest, rtol=1e-7, atol=0)


def test_levenberg_marquardt_is_exact_across_a_huge_slope() -> None:
    """On the cliff's face the matrix is 1e9 along the gradient and the damping alone across it."""
    start = tensor([5.2, 0.5 - 0.6224593312018546 * 5.2])
    gradient = value_and_gradient(CLIFF, start)[1]
    damping = 1e-4
    step = run(CLIFF, "levenberg_marquardt", start.tolist(), 1, damping=damping).position[1] - start
    assert gradient.norm() > 1e3
    curvature = float(gauss_newton(CLIFF, start).trace())
    torch.testing.assert_close(step, -gradient / (curvature + damping), rtol=1e-6, atol=0)
    # Clipped by value the gradient has a part across the slope, which is divided by the damping alone.
    turned = trajectory(CLIFF, start, OPTIMIZERS["levenberg_marquardt"].function(damping=damping), BY_VALUE, 1)
    normal = gradient / gradient.norm()
    clipped = gradient.clamp(-0.2, 0.2)
    expected = -(clipped - (clipped @ normal) * normal) / damping
    torch.testing.assert_close(turned.position[1] - start, expected, rtol=1e-6, atol=0)


def test_conjugate_gradients_converge_in_one_round_per_distinct_eigenvalue() -> None:
    matrix = torch.diag(tensor([1.0, 1.0, 4.0, 4.0, 4.0]))
    right = tensor([1.0, -2.0, 3.0, 0.5, 0.0])
    product = lambda vector: vector @ matrix  # noqa: E731
    assert (conjugate_gradients(product, right, 1) @ matrix - right).norm() > 0.1
    for rounds in (2, 5):
        torch.testing.assert_close(conjugate_gradients(product, right, rounds) @ matrix, right, rtol=1e-13, atol=1e-14)


def test_the_number_of_iterations_changes_the_step() -> None:
    """One round of Hessian-free is a step along the gradient, two at D = 2 are Levenberg-Marquardt's."""
    himmelblau, start = LANDSCAPES["himmelblau"].loss(), [1.0, -2.0]
    gradient = value_and_gradient(himmelblau, tensor(start))[1]
    one = run(himmelblau, "hessian_free", start, 1, iterations=1).position[1] - tensor(start)
    assert float(one @ gradient / one.norm() / gradient.norm()) == pytest.approx(-1, abs=1e-14)
    two, whole = (run(himmelblau, kind, start, 20).position for kind in ("hessian_free", "levenberg_marquardt"))
    torch.testing.assert_close(two, whole, rtol=1e-10, atol=1e-12)
    assert (two[1] - tensor(start) - one).norm() > 0.01


def test_iterations_shape_the_kernel() -> None:
    one, two, ten = (
        descent_kernel("himmelblau", {}, "hessian_free", "none", settings={"iterations": n}) for n in (1, 2, 10)
    )
    assert one.hash != two.hash
    assert "iterations = 1)" in one.source and '"products": 1' in one.source
    assert '"products": 2' in ten.source and len(one.source) < len(two.source)
    assert "cost" not in descent_kernel("himmelblau", {}, "adam", "none").source
