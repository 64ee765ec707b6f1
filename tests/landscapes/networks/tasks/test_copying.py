"""Copy memory and noiseless memorisation: what is shown, when the cue comes, what is wanted."""

import math

import pytest
import torch

from cliffscape.landscapes.networks.catalogue import TASKS


@pytest.mark.parametrize("delay", [1, 2, 30])
def test_ten_symbols_are_the_targets_after_the_delay(delay: int) -> None:
    task = TASKS["copy_memory"].function(delay)
    assert (task.inputs, task.outputs, task.length) == (10, 9, delay + 20)
    assert task.baseline == pytest.approx(10 * math.log(8) / (delay + 20), rel=1e-15)
    inputs, targets = task.sample(torch.tensor(0), 50, torch.float64)
    symbols = inputs.argmax(-1)
    assert (inputs.sum(-1) == 1).all()
    assert torch.equal(symbols[:10], targets[-10:]) and (targets[:-10] == 8).all()
    assert len(symbols[:10].unique()) == 8
    # The cue stands right before the first answer.
    assert (
        (symbols[delay + 9] == 9).all() and (symbols[10 : delay + 9] == 8).all() and (symbols[delay + 10 :] == 8).all()
    )


def test_memorisation_has_five_bits_by_default() -> None:
    task = TASKS["noiseless_memorisation"].function(7)
    assert (task.inputs, task.outputs, task.length, task.scored) == (4, 3, 17, 5)
    assert task.baseline == pytest.approx(5 * math.log(2) / 17, rel=1e-15)
    larger = TASKS["noiseless_memorisation"].function(7, 5, 10)
    assert (larger.length, larger.baseline) == (27, pytest.approx(10 * math.log(5) / 27, rel=1e-15))


def test_only_answer_steps_count_in_the_error_rate() -> None:
    task = TASKS["copy_memory"].function(30)
    _, targets = task.sample(torch.arange(20), 100, torch.float64)
    outputs = task.trivial.unsqueeze(-2).expand(*targets.shape, -1)
    assert float(task.error_rate(outputs, targets).mean()) == pytest.approx(7 / 8, abs=0.01)
