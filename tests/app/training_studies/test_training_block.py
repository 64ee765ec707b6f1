"""Training blocks: the numbers of the training in one go, and early ends."""

import numpy as np
import pytest
import torch

from cliffscape.app.training_studies import training_block
from cliffscape.app.training_studies.study import Training, net_of
from cliffscape.app.training_studies.training_block import RESULTS, TrainingBlock, compute_block, is_finished
from cliffscape.landscapes.catalogue import CLIPS, OPTIMIZERS
from cliffscape.landscapes.networks.catalogue import INITIALISATIONS
from cliffscape.landscapes.networks.training import train
from tests.app.training_studies.small_studies import quick

__all__ = ["quick"]


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("threshold", [None, 0.5])
def test_blocks_continue_the_training_to_the_last_bit(threshold: float | None) -> None:
    block = TrainingBlock(0, Training(5, 0.1, threshold, 3), 10, 30)
    whole = compute_block(block)
    state = compute_block(block._replace(last=10))
    assert state["updates"] == 10 and not is_finished(state, 30)
    for last in (20, 30):
        state = compute_block(block._replace(last=last, state=state))
    assert {name: one.tobytes() for name, one in state.items()} == {name: one.tobytes() for name, one in whole.items()}
    net, seeds = net_of(5), torch.tensor([3])
    clip = CLIPS["none"].function() if threshold is None else CLIPS["by_norm"].function(threshold)
    start = net.initial(INITIALISATIONS["normal"].function(), seeds)
    (part,) = train(net, start, seeds, OPTIMIZERS["gradient_descent"].function(0.1), clip, 30, 20, 30, 20)
    assert whole["theta"].tobytes() == part.carry.theta.numpy().tobytes()
    assert whole["largest_gradient_norm"] == part.gradient_norm.max()
    assert whole["error"] == part.error


@pytest.mark.usefixtures("quick")
def test_a_training_ends_when_it_diverges_or_is_solved(monkeypatch: pytest.MonkeyPatch) -> None:
    wild = TrainingBlock(0, Training(5, 0.1, None, 0), 10, 1000)
    start = dict(compute_block(wild._replace(last=10)))
    poisoned = {**start, "theta": np.where(np.arange(start["theta"].size) == 7, np.nan, start["theta"])}
    found = compute_block(wild._replace(state=poisoned))
    # The loss of the first update is NaN already.
    assert (found["diverged_at"], found["updates"], found["solved_after"]) == (11, 20, 0)
    assert found["error"] == 1 and found["largest_gradient_norm"] == np.inf and is_finished(found, 1000)
    monkeypatch.setattr(training_block, "SOLVED", 2.0)
    found = compute_block(wild)
    assert (found["solved_after"], found["updates"]) == (10, 10) and is_finished(found, 1000)
    assert [*found][: len(RESULTS)] == [*RESULTS]
