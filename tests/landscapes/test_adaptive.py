"""Adaptive optimizers, beside their equality with torch.optim (test_optimizers.py): what each is known for."""

import pytest
import torch
from torch import Tensor

from landscapes.catalogue import CLIPS, OPTIMIZERS
from landscapes.descent import trajectory
from tests.reference import tensor


def test_adam_steps_its_learning_rate_while_gradients_agree() -> None:
    """In every coordinate, whatever its slope: on a plane with gradient (1000, 0.01), up to epsilon over the slope."""

    def plane(theta: Tensor) -> Tensor:
        x, y = theta.unbind(-1)
        return 1000 * x + 0.01 * y

    run = trajectory(plane, tensor([0.0, 0.0]), OPTIMIZERS["adam"].function(0.1), CLIPS["none"].function(), 10)
    steps = run.position.diff(dim=0)
    torch.testing.assert_close(steps, torch.full_like(steps, -0.1), rtol=2e-6, atol=0)


def test_a_flat_coordinate_does_not_move_adam() -> None:
    def valley(theta: Tensor) -> Tensor:
        return theta[..., 0] ** 2

    run = trajectory(valley, tensor([1.0, 0.5]), OPTIMIZERS["adam"].function(0.1), CLIPS["none"].function(), 5)
    assert run.position[:, 1].tolist() == [0.5] * 6
    assert run.position[-1, 0] < 1


def test_amsgrad_never_forgets_a_spike_and_rmsprop_does() -> None:
    """Gradient 1 everywhere, once 1000: the steps long after it."""

    def steps(kind: str, **chosen: float) -> Tensor:
        rule = OPTIMIZERS[kind].function(learning_rate=0.1, **chosen)
        theta = torch.zeros(1, dtype=torch.float64)
        state, found = rule.init(theta), []
        for k in range(300):
            step, state = rule.update(torch.full_like(theta, 1000.0 if k == 20 else 1.0), state, theta)
            found.append(step.abs())
        return torch.cat(found)

    forgetful, faithful = steps("rmsprop", decay=0.9), steps("amsgrad", second_decay=0.9)
    assert forgetful[-1] == pytest.approx(0.1, rel=1e-3)
    assert faithful[-1] < 0.1 / 250
