"""Characteristic behaviour of adaptive optimizers. Their equality with torch.optim is in test_first_order.py."""

import math

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.backends.kernels import descent_kernel
from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS, SCHEDULES
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.descent.descend import trajectory
from cliffscape.landscapes.optimizers.schedules import with_schedule
from tests import node
from tests.reference import tensor

# Norms of the divisor after one step with gradient (3, 4): the root of the mean square, bias-corrected if the method
# does so.
FIRST_MEMORIES = {
    "adagrad": 5.0,
    "rmsprop": 5.0 * math.sqrt(0.01),
    "adadelta": 5.0 * math.sqrt(0.1),
    **dict.fromkeys(["adam", "adamw", "amsgrad", "nadam"], 5.0),
    "rmsprop_pytorch": 5.0 * math.sqrt(0.01),
    "rmsprop_keras": 5.0 * math.sqrt(0.1),
    **dict.fromkeys(["adam_pytorch", "nadam_pytorch", "adam_keras", "amsgrad_optax"], 5.0),
}


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


def test_amsgrad_keeps_a_spike_and_rmsprop_does_not() -> None:
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


def test_adaptive_optimizers_report_their_divisor() -> None:
    found = {}
    for entry in OPTIMIZERS:
        rule = entry.function()
        if rule.memory is None:
            continue
        theta = tensor([0.5, -0.5])
        _, state = rule.update(tensor([3.0, 4.0]), rule.init(theta), theta)
        found[entry.kind] = rule.memory(state).item()
    assert found == pytest.approx(FIRST_MEMORIES, rel=1e-12)


@pytest.mark.parametrize("kind", FIRST_MEMORIES)
def test_a_kernel_writes_a_column_for_the_divisor(kind: str) -> None:
    """Under a schedule too: what PyTorch's own state holds after every step."""
    rule = with_schedule(OPTIMIZERS[kind].function(), SCHEDULES["cosine"].function())
    loss, theta = LANDSCAPES["himmelblau"].loss(), tensor([-0.5, -4.5])
    kernel = descent_kernel("himmelblau", {}, kind, "none", "cosine")
    defaults = {f"optimizer.{k}": v for k, v in OPTIMIZERS[kind].defaults.items()}
    defaults |= {f"schedule.{k}": v for k, v in SCHEDULES["cosine"].defaults.items()}
    (result,) = node.run([node.Descent(kernel.source, [defaults[n] for n in kernel.parameters], theta.tolist(), 20)])
    state = rule.init(theta)
    for row in result[node.COLUMNS.index("memory")].tolist():
        step, state = rule.update(value_and_gradient(loss, theta)[1], state, theta)
        assert rule.memory is not None and row == pytest.approx(rule.memory(state).item(), rel=1e-10)
        theta = theta + step


def test_a_kernel_of_an_optimizer_without_a_divisor_has_no_such_column() -> None:
    assert "trajectory.memory" not in descent_kernel("himmelblau", {}, "momentum", "by_norm").source
