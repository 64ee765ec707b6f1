"""Gradients and curvatures, of a quadratic and of every landscape."""

import math
import subprocess
import sys

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.derivatives import curvatures, value_and_gradient
from cliffscape.landscapes.loss import Landscape, Window
from tests.landscapes.test_loss import ALL, sample
from tests.reference import tensor


def quadratic(theta: Tensor) -> Tensor:
    """A bowl with Hessian ((3, 1), (1, 2))."""
    x, y = theta.unbind(-1)
    return 1.5 * x**2 + x * y + y**2


def test_value_and_gradient_of_a_quadratic() -> None:
    theta = sample(Window(-3, 3, -3, 3), 12).reshape(3, 4, 2)
    value, gradient = value_and_gradient(quadratic, theta)
    x, y = theta.unbind(-1)
    torch.testing.assert_close(value, quadratic(theta), rtol=0, atol=0)
    torch.testing.assert_close(gradient, torch.stack([3 * x + y, x + 2 * y], -1), rtol=1e-14, atol=1e-14)


def test_rows_of_a_batch_do_not_couple() -> None:
    theta = tensor([[1.0, 1.0], [math.nan, 0.0], [math.inf, 0.0]])
    value, gradient = value_and_gradient(quadratic, theta)
    assert value[0] == 3.5 and gradient[0].tolist() == [4.0, 3.0]
    assert value[1].isnan() and not value[2].isfinite()


def test_sharpness_is_the_largest_eigenvalue() -> None:
    """Of ((3, 1), (1, 2)): (5 + √5)/2; and at every point of a curved surface, that of autograd applied twice."""
    torch.testing.assert_close(
        curvatures(quadratic, tensor([0.3, -0.7]))[1], tensor((5 + math.sqrt(5)) / 2), rtol=1e-15, atol=0
    )
    himmelblau = LANDSCAPES["himmelblau"]
    points = sample(himmelblau.window, 20)
    hessians = torch.stack([torch.autograd.functional.hessian(himmelblau.loss(), point) for point in points])
    expected = torch.linalg.eigvalsh(hessians)
    torch.testing.assert_close(curvatures(himmelblau.loss(), points)[1], expected[:, -1], rtol=1e-12, atol=1e-12)
    both = torch.stack(curvatures(himmelblau.loss(), points), -1)
    torch.testing.assert_close(both, expected, rtol=1e-12, atol=1e-12)


def test_curvatures_inside_a_transform_of_torch_func_are_the_same() -> None:
    """Plain autograd cannot be used there."""
    loss, points = LANDSCAPES["himmelblau"].loss(), sample(LANDSCAPES["himmelblau"].window, 5)

    def total(points: Tensor) -> tuple[Tensor, Tensor]:
        found = torch.stack(curvatures(loss, points), -1)
        return found.sum(), found

    _, found = torch.func.grad(total, has_aux=True)(points)
    torch.testing.assert_close(found, torch.stack(curvatures(loss, points), -1), rtol=1e-12, atol=1e-12)


def test_a_loss_without_curvature_has_none() -> None:
    theta = tensor([[1.0, 2.0], [3.0, 4.0]])
    for flat in (lambda theta: 2 * theta[..., 0], lambda theta: torch.full_like(theta[..., 0], 7.0)):
        assert torch.stack(curvatures(flat, theta)).count_nonzero() == 0
    _, gradient = value_and_gradient(lambda theta: theta.new_zeros(2), theta)
    assert gradient.count_nonzero() == 0 and gradient.shape == theta.shape


def test_kernels_of_the_opening_page_need_no_compiler_of_pytorch() -> None:
    """Its import takes a second."""
    code = (
        "import sys;"
        "from cliffscape.landscapes.backends.curvature_kernel import curvature_kernel;"
        "from cliffscape.landscapes.backends.kernels import descent_kernel;"
        "descent_kernel('one_unit_rnn', {}, 'gradient_descent', 'by_norm');"
        "curvature_kernel('one_unit_rnn', {});"
        "print('torch._dynamo' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize("entry", ALL)
def test_plain_autograd_equals_that_of_torch_func(entry: Landscape) -> None:
    """To the last bit, with Inf and NaN too, and inside ``torch.no_grad``."""
    edge = tensor([[math.inf, 0.0], [math.nan, 1.0], [1e300, 1e300]])
    points = torch.cat([sample(entry.window, 20), edge])
    loss = entry.loss()
    with torch.no_grad():
        found = value_and_gradient(loss, points)

    def total(points: Tensor) -> tuple[Tensor, Tensor]:
        value, gradient = value_and_gradient(loss, points)
        return gradient.sum(), torch.cat([value.unsqueeze(-1), gradient], -1)

    # Inside a transform of torch.func the transforms of torch.func are used.
    _, both = torch.func.grad(total, has_aux=True)(points)
    for ours, theirs in zip(found, (both[:, 0], both[:, 1:]), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=0, atol=0, equal_nan=True)
        assert not ours.requires_grad
    assert not points.requires_grad


@pytest.mark.parametrize("entry", ALL)
def test_gradients_equal_finite_differences(entry: Landscape) -> None:
    """Richardson's central differences at 40 points of every window, to 1e-8 of gradient plus loss per window length.

    With a step of 1e-5 windows rounding costs 1e-16/1e-5 = 1e-11, times the surface's condition (a few tens on
    the recurrent ones); the truncation error, h⁴ times the fifth derivative, is smaller off the faces of cliffs.
    The faces are too narrow for these points; closed forms in test_cliffs.py cover them.
    """
    for window in entry.windows.values():
        theta = sample(window, 40)
        value, gradient = value_and_gradient(entry.loss(), theta)
        for axis, span in ((0, window.right - window.left), (1, window.top - window.bottom)):
            step = torch.zeros(2, dtype=torch.float64)
            step[axis] = 1e-5 * span
            wide = (entry.loss()(theta + 2 * step) - entry.loss()(theta - 2 * step)) / (4 * step[axis])
            near = (entry.loss()(theta + step) - entry.loss()(theta - step)) / (2 * step[axis])
            error = ((4 * near - wide) / 3 - gradient[:, axis]).abs()
            assert (error <= 1e-8 * (gradient[:, axis].abs() + value.abs() / span)).all()
