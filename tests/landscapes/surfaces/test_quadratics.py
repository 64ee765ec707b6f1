"""Quadratic bowls: their curvatures, and the stable learning rate."""

import pytest
import torch

from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.descent.descend import trajectory
from tests.reference import tensor


def test_booths_curvatures_are_18_and_2() -> None:
    """Its long axis runs at 45 degrees, and its steepest direction is (1, 1)."""
    hessian = torch.autograd.functional.hessian(LANDSCAPES["booth"].loss(), tensor([2.3, -4.0]))
    torch.testing.assert_close(hessian, tensor([[10.0, 8.0], [8.0, 10.0]]), rtol=1e-15, atol=0)
    torch.testing.assert_close(torch.linalg.eigvalsh(hessian), tensor([2.0, 18.0]), rtol=1e-15, atol=1e-14)


@pytest.mark.parametrize("condition_number", [1.0, 20.0, 1000.0])
def test_the_condition_number_is_the_ratio_of_curvatures(condition_number: float) -> None:
    loss = LANDSCAPES["ravine"].loss(condition_number=condition_number)
    hessian = torch.autograd.functional.hessian(loss, tensor([0.3, -0.4]))
    low, high = torch.linalg.eigvalsh(hessian).tolist()
    assert high / low == pytest.approx(condition_number, rel=1e-15)


@pytest.mark.parametrize(("learning_rate", "settles"), [(2 / 20 * 0.99, True), (2 / 20 * 1.01, False)])
def test_the_stable_limit_of_the_learning_rate(learning_rate: float, settles: bool) -> None:
    """Gradient descent on a quadratic shrinks every coordinate by |1 - rate · curvature| per step, in closed form."""
    start = tensor([-1.7, 0.9])
    rate, untouched = OPTIMIZERS["gradient_descent"].function(learning_rate), CLIPS["none"].function()
    run = trajectory(LANDSCAPES["ravine"].loss(), start, rate, untouched, 200)
    powers = torch.arange(201, dtype=torch.float64)
    expected = torch.stack([-1.7 * (1 - learning_rate) ** powers, 0.9 * (1 - 20 * learning_rate) ** powers], -1)
    torch.testing.assert_close(run.position, expected, rtol=1e-12, atol=1e-15)
    assert bool(run.position[-1, 1].abs() < 0.9) == settles
