"""The smooth surfaces: values worked out by hand, eigenvalues, and descent past the saddle."""

import math

import pytest
import torch

from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.derivatives import curvatures, value_and_gradient
from cliffscape.landscapes.descent.descend import trajectory
from tests.reference import reference, tensor

VALUES = [
    ("rosenbrock", (-1.2, 1.0), 24.2),
    ("rosenbrock", (0.0, 0.0), 1.0),
    ("rosenbrock", (1.0, 1.0), 0.0),
    ("himmelblau", (0.0, 0.0), 170.0),
    ("himmelblau", (1.0, 2.0), 68.0),
    ("himmelblau", (3.0, 2.0), 0.0),
    ("beale", (0.0, 0.0), 14.203125),
    ("beale", (1.0, 1.0), 14.203125),
    ("beale", (3.0, 0.5), 0.0),
    ("booth", (0.0, 0.0), 74.0),
    ("booth", (-5.0, -5.0), 884.0),
    ("booth", (1.0, 3.0), 0.0),
    ("saddle", (0.0, 0.0), 0.25),
    ("saddle", (2.0, 3.0), 6.75),
    ("saddle", (-1.0, 0.0), 0.0),
    ("ravine", (1.0, 1.0), 10.5),
    ("ravine", (2.0, 0.0), 2.0),
]


@pytest.mark.parametrize(("kind", "point", "value"), VALUES)
def test_values_worked_out_by_hand(kind: str, point: tuple[float, float], value: float) -> None:
    assert LANDSCAPES[kind].loss()(tensor(point)).item() == pytest.approx(value, rel=1e-15, abs=1e-15)


@pytest.mark.parametrize(
    ("kind", "eigenvalue"), [("rosenbrock", (1002 + math.sqrt(1002**2 - 1600)) / 2), ("saddle", 2.0)]
)
def test_sharpness_at_a_minimum(kind: str, eigenvalue: float) -> None:
    """Rosenbrock's Hessian at (1, 1) has trace 1002 and determinant 400."""
    place = tensor(LANDSCAPES[kind].minima()[0])
    assert curvatures(LANDSCAPES[kind].loss(), place)[1].item() == pytest.approx(eigenvalue, rel=1e-14)


@pytest.mark.parametrize(("a", "b"), [(1.0, 100.0), (-2.0, 1.0), (0.0, 7.0), (1.7, 1000.0)])
def test_rosenbrocks_function_follows_its_parameters(a: float, b: float) -> None:
    """Value and gradient in closed form, and the minimum (a, a²) with value and gradient 0."""
    rosenbrock = LANDSCAPES["rosenbrock"]
    loss, (x, y) = rosenbrock.loss(minimum=a, steepness=b), (-1.2, 0.9)
    value, gradient = value_and_gradient(loss, tensor([x, y]))
    off = y - x**2
    assert value.item() == pytest.approx((a - x) ** 2 + b * off**2, rel=1e-14)
    assert gradient.tolist() == pytest.approx([-2 * (a - x) - 4 * b * x * off, 2 * b * off], rel=1e-13)
    (place,) = rosenbrock.minima(minimum=a, steepness=b)
    assert place == (a, a**2)
    lowest, flat = value_and_gradient(loss, tensor(place))
    assert lowest.item() == 0 and flat.tolist() == [0.0, 0.0]


def test_himmelblau_has_four_different_minima() -> None:
    minima = tensor(LANDSCAPES["himmelblau"].minima())
    assert minima.shape == (4, 2)
    assert torch.pdist(minima).min() > 3


def test_the_saddle_has_one_negative_eigenvalue() -> None:
    """Zero gradient and eigenvalues -1 and 1."""
    loss = LANDSCAPES["saddle"].loss()
    _, gradient = value_and_gradient(loss, tensor([0.0, 0.0]))
    assert gradient.tolist() == [0.0, 0.0]
    hessian = torch.autograd.functional.hessian(loss, tensor([0.0, 0.0]))
    torch.testing.assert_close(torch.linalg.eigvalsh(hessian), tensor([-1.0, 1.0]), rtol=1e-15, atol=0)


def test_gradient_descent_passes_the_saddle_from_every_start_of_n1() -> None:
    """Learning rate 0.2: always to x = +1, from starts from which Newton's method goes to the saddle."""
    rows = reference("saddle")["N1"]["rows"]
    starts = tensor([row["start"] for row in rows])
    descent, untouched = OPTIMIZERS["gradient_descent"].function(0.2), CLIPS["none"].function()
    run = trajectory(LANDSCAPES["saddle"].loss(), starts, descent, untouched, 300)
    ends = tensor([row["gd_lr_0_2_end"] for row in rows])
    torch.testing.assert_close(run.position[100, :, 1], ends[:, 1], rtol=1e-12, atol=0)
    torch.testing.assert_close(run.position[-1, :, 0], ends[:, 0], rtol=1e-15, atol=0)
