"""The effects of thresholds."""

import math

import numpy as np
import pytest
import torch

from cliffscape.landscapes.advice.thresholds import (
    MOST_ROWS,
    Effect,
    book_range,
    candidate_thresholds,
    effect,
    typical_norm,
)
from cliffscape.landscapes.catalogue import CLIPS
from tests.landscapes.advice.logs import noisy


def test_the_effect_is_that_of_the_clip() -> None:
    norms = noisy(200, 2.0)
    clipped = CLIPS["by_norm"].function(2.1).update(torch.tensor(norms).unsqueeze(-1), (), None)[0][:, 0].numpy()
    found = effect(norms, 2.1)
    assert found.clipped == (clipped < norms).mean()
    assert found.kept == pytest.approx((clipped / norms).mean(), rel=1e-12)


def test_an_infinite_norm_keeps_nothing_and_nan_is_left_out() -> None:
    assert effect(np.array([1, 4, np.inf, np.nan, 0]), 2.0) == Effect(2.0, 0.5, 0.625, "frequent")
    assert effect(np.array([1.0] * 30), 2.0).role == "safety_net"
    assert effect(np.array([3.0] * 30), 2.0).role == "limit"
    assert math.isnan(effect(np.array([np.nan]), 1.0).clipped)


def test_candidates_are_round_and_reach_over_the_norms() -> None:
    assert candidate_thresholds(np.array([0.3] * 10 + [7.0])) == [0.2, 0.5, 1, 2, 5, 10]
    assert candidate_thresholds(np.array([1.0])) == [1.0, 2.0]
    assert candidate_thresholds(np.array([0, np.nan, np.inf])) == []
    many = candidate_thresholds(np.geomspace(1e-9, 1e9, 1000))
    assert len(many) <= MOST_ROWS and many[-1] >= 1e9


def test_the_typical_norm_is_that_of_the_phase_with_the_largest_norms() -> None:
    """Norms of a run that learns fall by orders of magnitude."""
    norms = np.concatenate([noisy(100, 0.5), noisy(200, 2.0), noisy(700, 0.01)])
    assert typical_norm(norms) == pytest.approx(2.0, rel=0.05)


def test_a_phase_of_divergence_is_not_typical() -> None:
    norms = np.concatenate([noisy(800, 1.0), noisy(200, 1e6)])
    assert typical_norm(norms) == pytest.approx(1.0, rel=0.05)


def test_few_norms_are_one_phase() -> None:
    assert typical_norm(np.array([1.0, 2.0, 9.0])) == 2.0
    assert math.isnan(typical_norm(np.array([np.nan])))
    assert typical_norm(np.zeros(100)) == 0


def test_the_range_of_the_book() -> None:
    assert book_range(np.array([1.0, 3.0, np.inf])) == (2.0, 1.0, 20.0)
    assert all(map(math.isnan, book_range(np.array([]))))
