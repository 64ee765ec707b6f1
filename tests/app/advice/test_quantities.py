"""The quantities of a report."""

import numpy as np
import pytest

from cliffscape.app.advice.quantities import QUANTITIES
from cliffscape.landscapes.advice.norm_log import NormLog
from cliffscape.landscapes.advice.spikes import find_spikes
from cliffscape.landscapes.advice.thresholds import effect


def test_the_sentence_of_the_length_that_is_kept_is_the_definition() -> None:
    norms = np.array([1.0, 4.0, 10.0])
    kept = [2.0 / norm if norm > 2 else 1.0 for norm in norms]
    assert "threshold ÷ norm for a step that is clipped, 1 for every other one" in QUANTITIES["length kept"]
    assert effect(norms, 2.0).kept == pytest.approx(np.mean(kept))


def test_the_numbers_of_a_spike_are_those_of_the_sentences() -> None:
    """The last 50 norms before it count, and the 20 losses on each side of it."""
    generator = np.random.default_rng(0)
    norms, losses = generator.uniform(1, 2, 200), generator.uniform(1, 2, 200)
    norms[120] = 50.0
    (spike,) = find_spikes(NormLog(np.arange(200.0), norms, losses, np.full(200, np.nan)))
    assert "up to 50 norms before it" in QUANTITIES["times the median"]
    assert spike.times == pytest.approx(50.0 / np.median(norms[70:120]))
    assert QUANTITIES["loss before"] == "The median loss of the 20 records before the spike."
    assert spike.loss_before == pytest.approx(np.median(losses[100:120]))
    assert spike.loss_after == pytest.approx(np.median(losses[121:141]))
