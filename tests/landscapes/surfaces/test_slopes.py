"""The slope with a drop: one spike on the way, and what Adam's memory makes of it."""

import functools
import math

import pytest
import torch

from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.descent.descend import Record, trajectory
from tests.reference import tensor

SLOPE = LANDSCAPES["slope_with_drop"]
NEVER = 1e300  # a threshold that clips nothing
WITHOUT, WITH = 0, 1


@functools.cache
def pair(optimizer: str, steps: int) -> Record:
    """The preset's two lanes, without clipping and clipped to 2."""
    guard = CLIPS["by_norm"].function(tensor([[NEVER], [2.0]]))
    rule = OPTIMIZERS[optimizer].function(learning_rate=0.01)
    return trajectory(SLOPE.loss(), tensor([SLOPE.start, SLOPE.start]), rule, guard, steps)


def arrival(run: Record, lane: int, x: float) -> int:
    """The first step at or beyond x."""
    return int((run.position[:, lane, 0] >= x).nonzero()[0])


def test_the_slope_is_gentle_but_for_one_drop() -> None:
    """Steepness 1 at most on both sides of the drop, 1000 times that of the slope within; it is 15 high."""
    x = torch.cat([torch.linspace(-0.5, 0.998, 200), torch.linspace(1.018, 7.5, 200)]).double()
    _, gradient = value_and_gradient(SLOPE.loss(), torch.stack([x, torch.zeros_like(x)], -1))
    assert (gradient.norm(dim=-1) <= 1).all()
    inside = tensor([[1.002, 0.0], [1.0075, 0.0], [1.013, 0.0]])
    _, steep = value_and_gradient(SLOPE.loss(), inside)
    torch.testing.assert_close(steep[:, 0], tensor([-1000.0] * 3), rtol=1e-4, atol=0)
    above, below = SLOPE.loss()(tensor([[0.99, 0.0], [1.025, 0.0]])).tolist()
    assert above - below == pytest.approx(999 * 0.015 + 0.035, rel=1e-3)


@pytest.mark.parametrize("phase", range(20))
def test_a_step_lands_in_the_drop_from_every_start(phase: int) -> None:
    """Steps of 0.01 along x: at least one of them meets nine tenths of the spike."""
    x = 0.9 + 0.01 * torch.arange(20, dtype=torch.float64) + 0.0005 * phase
    _, gradient = value_and_gradient(SLOPE.loss(), torch.stack([x, torch.zeros_like(x)], -1))
    assert 1 <= (gradient.norm(dim=-1) > 900).sum() <= 2


def test_one_spike_freezes_adam_and_a_clipped_one_does_not() -> None:
    """The preset: at step 101 the gradient is 1000; 100 steps later the step is 0.00014 instead of 0.0098."""
    run = pair("adam", 1000)
    assert (run.gradient_norm > 2).nonzero().tolist() == [[101, WITHOUT], [101, WITH]]
    assert run.gradient_norm[101].tolist() == pytest.approx([999.97] * 2, abs=0.01)
    assert run.step_length[100].tolist() == pytest.approx([0.00995] * 2, abs=1e-5)
    assert run.step_length[200, WITHOUT].item() == pytest.approx(1.38e-4, rel=0.01)
    assert run.step_length[200, WITH].item() == pytest.approx(9.75e-3, rel=0.01)
    assert run.position[-1, :, 0].tolist() == pytest.approx([1.3325, 5.0], abs=1e-3)
    assert run.loss[-1, WITH] < SLOPE.solved < run.loss[-1, WITHOUT]


def test_the_frozen_run_is_twenty_times_slower() -> None:
    """From x = 1.2 to 2: 82 steps with clipping, 1580 without; the memory halves every 693 steps."""
    run = pair("adam", 2200)
    assert [arrival(run, WITH, x) for x in (1.2, 2.0)] == [120, 202]
    assert [arrival(run, WITHOUT, x) for x in (1.2, 2.0)] == [586, 2166]
    # Nothing but the spike is in the mean square yet: the step grows as its root falls, apart from the initial bias.
    steps = run.step_length[:, WITHOUT]
    kept = [step * math.sqrt(1 / (1 - 0.999 ** (k + 1))) for k, step in ((200, steps[200]), (893, steps[893]))]
    assert (kept[1] / kept[0]).item() == pytest.approx(math.sqrt(2), rel=0.02)
    assert math.log(2) / (1 - 0.999) == pytest.approx(693, abs=0.2)


def test_the_spike_throws_gradient_descent_without_later_effect() -> None:
    run = pair("gradient_descent", 1000)
    assert run.step_length[103, WITHOUT].item() == pytest.approx(10.0, abs=0.01)
    assert run.step_length[103, WITH].item() == pytest.approx(0.02, abs=1e-3)
    assert run.loss[-1].max() < SLOPE.solved
