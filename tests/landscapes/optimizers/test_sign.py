"""Optimizers that ignore the length of a gradient: fixed steps, and Lion as its paper writes it."""

import pytest
import torch

from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.descent.descend import trajectory
from tests.landscapes.optimizers.test_first_order import STARTS
from tests.reference import tensor


def test_sign_descent_and_normalised_gradient_step_a_fixed_length() -> None:
    surface, start, free = LANDSCAPES["rosenbrock"], tensor(STARTS["rosenbrock"]), CLIPS["none"].function()
    by_sign = trajectory(surface.loss(), start, OPTIMIZERS["sign_descent"].function(0.01), free, 20)
    torch.testing.assert_close(by_sign.position.diff(dim=0).abs(), torch.full((20, 2), 0.01, dtype=torch.float64))
    run = trajectory(surface.loss(), start, OPTIMIZERS["normalised_gradient"].function(0.01), free, 20)
    torch.testing.assert_close(run.step_length[:-1], torch.full((20,), 0.01, dtype=torch.float64))
    for k in range(20):
        gradient = value_and_gradient(surface.loss(), run.position[k])[1]
        step = run.position[k + 1] - run.position[k]
        assert torch.dot(step, gradient) == pytest.approx(float(-0.01 * gradient.norm()), rel=1e-9)


@pytest.mark.parametrize("kind", ["normalised_gradient", "sign_descent", "lion"])
def test_a_zero_gradient_moves_nothing(kind: str) -> None:
    rule = OPTIMIZERS[kind].function(0.1)
    theta = torch.zeros(2, dtype=torch.float64)
    step, _ = rule.update(torch.zeros_like(theta), rule.init(theta), theta)
    assert step.tolist() == [0.0, 0.0]


def test_lion_is_its_papers_algorithm() -> None:
    surface, start = LANDSCAPES["himmelblau"], tensor(STARTS["himmelblau"])
    run = trajectory(
        surface.loss(), start, OPTIMIZERS["lion"].function(0.01, 0.9, 0.99, 0.1), CLIPS["none"].function(), 40
    )
    theta, mean = start.clone(), torch.zeros(2, dtype=torch.float64)
    for k in range(40):
        gradient = value_and_gradient(surface.loss(), theta)[1]
        theta = theta - 0.01 * (torch.sign(0.9 * mean + 0.1 * gradient) + 0.1 * theta)
        mean = 0.99 * mean + 0.01 * gradient
        torch.testing.assert_close(run.position[k + 1], theta, rtol=1e-12, atol=1e-14)
