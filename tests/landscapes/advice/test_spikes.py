"""Spikes of the norm, and the loss after them."""

import math

import numpy as np
import pytest

from cliffscape.landscapes.advice.spikes import BEFORE, CHUNK, FEWEST, find_spikes, median_before
from tests.landscapes.advice.logs import log_of, noisy


def test_the_median_of_the_norms_before() -> None:
    """Compared with NumPy, across the boundary of two chunks."""
    norms = noisy(CHUNK + 100)
    norms[[30, 40, CHUNK]] = [np.nan, np.inf, np.nan]
    found = median_before(norms)
    for k in (0, 5, 9, 10, 31, 60, 77, CHUNK - 1, CHUNK, CHUNK + 1, CHUNK + 99):
        window = norms[max(0, k - BEFORE) : k]
        finite = window[np.isfinite(window)]
        assert found[k] == np.median(finite) if len(finite) >= FEWEST else math.isnan(found[k])


def test_a_spike_has_its_peak_and_its_losses() -> None:
    norms, losses = noisy(300), noisy(300, 2.0)
    norms[[100, 101, 103]] = [8, 20, 7]
    losses[101:140] = 3.0
    (spike,) = find_spikes(log_of(norms, losses))
    assert (spike.first, spike.last, spike.step, spike.norm) == (100, 103, 102.0, 20.0)
    assert spike.times == pytest.approx(20, rel=0.15)
    assert spike.loss_before == pytest.approx(2, rel=0.1) and spike.loss_after == 3.0
    assert spike.raised and spike.recovered == 60


def test_a_loss_that_never_comes_back() -> None:
    norms, losses = noisy(300), noisy(300, 2.0)
    norms[100] = 20
    losses[101:] = 3.0
    (spike,) = find_spikes(log_of(norms, losses))
    assert spike.raised and spike.recovered is None


def test_a_loss_that_does_not_rise_by_more_than_its_noise() -> None:
    norms, losses = noisy(300), noisy(300, 2.0)
    norms[100] = 20
    losses[101:] += 0.2
    (spike,) = find_spikes(log_of(norms, losses), error=0.1)
    assert not spike.raised and spike.recovered is None


def test_spikes_far_apart_are_different_and_those_of_the_warm_up_do_not_count() -> None:
    norms = noisy(300)
    norms[[50, 100, 108, 200]] = 20
    assert [(one.first, one.last) for one in find_spikes(log_of(norms))] == [(50, 50), (100, 108), (200, 200)]
    assert [one.first for one in find_spikes(log_of(norms), start=60)] == [100, 200]


def test_without_losses_nothing_is_said_about_them() -> None:
    norms = noisy(100)
    norms[50] = 20
    (spike,) = find_spikes(log_of(norms))
    assert math.isnan(spike.loss_before) and math.isnan(spike.loss_after) and not spike.raised


def test_logs_without_spikes() -> None:
    for norms in ([], [1.0], noisy(100), np.zeros(100), np.full(100, np.nan), np.full(100, np.inf)):
        assert find_spikes(log_of(norms)) == []
