"""The recommendation for logs whose right answer is clear."""

import math

import numpy as np
import pytest

from cliffscape.landscapes.advice.advice import advise
from cliffscape.landscapes.advice.norm_log import NormLog, Place
from cliffscape.landscapes.advice.recommendation import Recommendation, round_threshold, round_up
from tests.landscapes.advice.logs import log_of, noisy


def recommendation(log: NormLog, place: Place = "before") -> Recommendation:
    """The recommendation for a log."""
    return advise(log, place).recommendation


def names(found: Recommendation) -> tuple[list[str], list[str]]:
    """The names of its reasons and of what is not known."""
    return [one.name for one in found.reasons], [one.name for one in found.unknown]


def test_a_run_that_lost_what_it_had_learnt_is_limited_to_its_typical_norm() -> None:
    """Norms after that do not count."""
    norms = np.concatenate([noisy(500, 2.0), noisy(500, 1e-3)])
    norms[500] = 300
    losses = noisy(1000) * np.concatenate([np.linspace(2, 1, 500), np.full(500, 1.9)])
    found = recommendation(log_of(norms, losses))
    assert found.kind == "limit" and found.threshold == pytest.approx(2.0, rel=0.1)
    assert found.low == pytest.approx(1.0, rel=0.1) and found.high == pytest.approx(4.0, rel=0.1)
    assert names(found) == (["lost", "not_recovered", "typical"], ["no_replay", "setting"])


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_run_with_norms_that_are_not_finite_is_limited(bad: float) -> None:
    norms = noisy(300, 0.5)
    norms[200] = bad
    found = recommendation(log_of(norms))
    assert found.kind == "limit" and found.threshold == pytest.approx(0.5, rel=0.1)
    assert names(found) == (["nonfinite", "typical"], ["no_replay", "no_losses", "setting"])
    assert found.reasons[0].values == {"count": 1, "records": 300, "step": 201.0}


def test_spikes_from_which_the_run_recovers_are_cut_and_usual_steps_are_not() -> None:
    norms = noisy(1000)
    norms[[300, 600]] = 50
    losses = noisy(1000) * np.linspace(2, 1, 1000)
    found = recommendation(log_of(norms, losses))
    assert found.kind == "spikes" and found.threshold == pytest.approx(2.0, rel=0.1)
    assert names(found) == (["recovered", "above_typical"], ["no_replay", "setting"])
    assert found.reasons[0].values["largest"] == 50
    assert names(recommendation(log_of(norms)))[0] == ["spikes_alone", "above_typical"]


def test_without_spikes_the_threshold_changes_no_logged_step() -> None:
    log = log_of(noisy(1000), noisy(1000) * np.linspace(2, 1, 1000))
    advice = advise(log, "before")
    assert advice.recommendation.kind == "safety_net" and advice.recommended is not None
    assert advice.recommended.clipped == 0 and advice.recommended.kept == 1
    assert log.norms.max() <= advice.recommendation.threshold < 1.1 * log.norms.max()


def test_norms_after_the_clip_give_no_new_threshold() -> None:
    norms = np.minimum(np.exp(np.random.default_rng(0).standard_normal(500)), 1.0)
    found = recommendation(log_of(norms), "unknown")
    assert (found.kind, found.threshold) == ("keep", 1.0)
    assert names(found) == (["ceiling"], ["no_replay", "after_clip", "no_losses", "setting"])


def test_what_is_not_known() -> None:
    log = log_of(noisy(100))
    log.steps[:] = 10 * np.arange(100)
    assert names(recommendation(log, "unknown"))[1] == ["no_replay", "one_in", "place_unknown", "no_losses", "setting"]
    assert names(recommendation(log, "after"))[1] == ["no_replay", "one_in", "after_clip", "no_losses", "setting"]


def test_too_few_norms() -> None:
    for norms in ([], [1.0] * 4, [0.0] * 100, [np.nan] * 100, [np.inf] * 100):
        found = recommendation(log_of(norms))
        assert found.kind == "none" and math.isnan(found.threshold)


def test_thresholds_have_two_digits() -> None:
    assert (round_threshold(0.012345), round_threshold(87.6)) == (0.012, 88.0)
    for value in (1.0, 1.001, 1.05, 9.99, 0.0123, 123.0):
        assert value <= round_up(value) <= 1.11 * value
