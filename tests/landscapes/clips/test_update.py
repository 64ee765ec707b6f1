"""Clips of the step: the optimizer uses the whole gradient, and no step is longer than the threshold."""

import pytest
import torch

from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.descent.descend import apply_gradient, initial_carry, trajectory
from tests.reference import reference, tensor

PRESETS = reference("one_unit_descents")["presets"]
RNN = LANDSCAPES["one_unit_rnn"].loss()


@pytest.mark.parametrize("optimizer", [entry.kind for entry in OPTIMIZERS])
def test_no_step_is_longer_than_the_threshold(optimizer: str) -> None:
    """With any optimizer. A clipped step is as long as the threshold, up to rounding."""
    rule, clip = OPTIMIZERS[optimizer].function(), CLIPS["step_by_norm"].function(0.01)
    run = trajectory(RNN, tensor([4.6, -1.7]), rule, clip, 60)
    assert run.step_length[:-1].max() <= 0.01 * (1 + 4e-16)
    held = run.clip_factor[:-1] < 1
    torch.testing.assert_close(
        run.step_length[:-1][held], torch.full_like(run.loss[:-1][held], 0.01), rtol=4e-16, atol=0
    )


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset["id"])
def test_clipping_steps_of_gradient_descent_equals_clipping_gradients(preset: dict[str, float]) -> None:
    """Threshold ε v for the step is threshold v for the gradient, to 1e-6 over the presets' 60 steps."""
    rule, start = OPTIMIZERS["gradient_descent"].function(preset["lr"]), tensor([preset["w0"], preset["b0"]])
    step = trajectory(RNN, start, rule, CLIPS["step_by_norm"].function(preset["lr"] * preset["v"]), 60)
    gradient = trajectory(RNN, start, rule, CLIPS["by_norm"].function(preset["v"]), 60)
    torch.testing.assert_close(step.position, gradient.position, rtol=1e-6, atol=1e-6)
    torch.testing.assert_close(step.clip_factor, gradient.clip_factor, rtol=1e-5, atol=1e-5)


def lengths(kind: str, threshold: float, gradients: list[float]) -> list[float]:
    """Lengths of the steps of momentum descent along one axis."""
    rule, clip = OPTIMIZERS["momentum"].function(1.0, 0.5), CLIPS[kind].function(threshold)
    carry, found = initial_carry(tensor([0.0, 0.0]), clip, rule), []
    for size in gradients:
        carry, record = apply_gradient(tensor(0.0), tensor([size, 0.0]), clip, rule, carry)
        found.append(float(record.step_length))
    return found


def test_momentum_remembers_the_whole_gradient() -> None:
    """A spike of 64, then zeros: with gradient clipping it is gone at once; with step clipping it decays slowly."""
    spike = [64.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    assert lengths("by_norm", 1.0, spike) == [1.0, 0.5, 0.25, 0.125, 0.0625, 2**-5, 2**-6, 2**-7]
    assert lengths("step_by_norm", 1.0, spike) == [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.5]
