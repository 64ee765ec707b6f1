"""RMSprop's divisor: the place of epsilon, and the centred mean square."""

import math

import pytest
import torch

from cliffscape.landscapes.catalogue import OPTIMIZERS
from cliffscape.landscapes.optimizers.root_mean_square import root_mean_square_steps
from tests.reference import tensor


def test_epsilon_under_the_root_bounds_the_divisor_by_its_root() -> None:
    """A gradient of 1e-6 with mean square 1e-13: divided by √(1e-13 + 1e-7), or by √1e-13 + 1e-7."""
    theta, gradient = tensor([0.0]), tensor([1e-6])
    steps = {}
    for kind in ("rmsprop_keras", "rmsprop_pytorch"):
        rule = OPTIMIZERS[kind].function(1.0, decay=0.9, epsilon=1e-7)
        steps[kind] = -rule.update(gradient, rule.init(theta), theta)[0].item()
    expected = {"rmsprop_keras": 1e-6 / math.sqrt(1e-13 + 1e-7), "rmsprop_pytorch": 1e-6 / (math.sqrt(1e-13) + 1e-7)}
    assert steps == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("centred", [0, 1])
def test_the_memory_is_the_root_of_the_mean_square_or_of_the_variance(centred: int) -> None:
    """After gradients 3 and 5, with decay 0.5: mean square 14.75 and mean 3.25."""
    rule, theta = root_mean_square_steps(0.1, 0.5, 0.0, centred, torch.sqrt), tensor([0.0])
    state = rule.init(theta)
    for gradient in (3.0, 5.0):
        step, state = rule.update(tensor([gradient]), state, theta)
    divisor = math.sqrt(14.75 - 3.25**2 * centred)
    assert rule.memory is not None
    assert rule.memory(state).item() == pytest.approx(divisor, rel=1e-14)
    assert step.item() == pytest.approx(-0.1 * 5 / divisor, rel=1e-14)


def test_momentum_sums_divided_gradients() -> None:
    """Gradient 1 with decay 0: every divided gradient is 1, so the steps are 1, 1.5, 1.75, ..."""
    rule, theta = root_mean_square_steps(1.0, 0.0, 0.5, 0, torch.sqrt), tensor([0.0])
    state, steps = rule.init(theta), []
    for _ in range(4):
        step, state = rule.update(tensor([1.0]), state, theta)
        steps.append(-step.item())
    assert steps == [1.0, 1.5, 1.75, 1.875]
