"""Spikes of the norm, and the loss after them."""

import math

import numpy as np
import pytest

from cliffscape.landscapes.advice.norm_log import Numbers
from cliffscape.landscapes.advice.spikes import CHUNK, LossesAround, find_spikes, medians_before
from tests.landscapes.advice.logs import log_of, noisy


@pytest.mark.parametrize(("size", "fewest"), [(50, 10), (20, 1)])
def test_medians_of_the_values_before_every_place(size: int, fewest: int) -> None:
    """Compared with NumPy, across the boundary of two chunks and behind the end."""
    values = noisy(CHUNK + 100)
    values[[30, 40, CHUNK]] = [np.nan, np.inf, np.nan]
    values[CHUNK + 60 :] = np.inf
    found = medians_before(values, size, fewest)
    assert len(found) == len(values) + size
    ends = (0, 1, 5, 9, 10, 31, 60, 77, *range(CHUNK - 1, len(found)))
    for k in ends:
        window = values[max(0, k - size) : k]
        known = window[~np.isnan(window)]
        assert found[k] == np.median(known) if len(known) >= fewest else math.isnan(found[k])


def test_losses_around_a_record() -> None:
    """Compared with medians of the losses one by one, for all records of logs that come back, or do not."""
    for seed in range(3):
        losses = noisy(150, 1.0, seed) + np.linspace(0, seed - 1, 150)
        losses[[3, 60, 149]] = [np.nan, np.inf, np.nan]
        losses[100:125] = np.nan
        around = LossesAround(losses)
        for record in range(150):
            before = known_median(losses[max(0, record - 20) : record])
            assert around.before(record) == pytest.approx(before, nan_ok=True)
            after = [known_median(losses[first : first + 20]) for first in range(record + 1, 150, 20)]
            assert around.after(record) == pytest.approx(after[0] if after else math.nan, nan_ok=True)
            for allowed in (0.8, 1.0, 1.2, math.nan):
                back = next((20 * k for k, median in enumerate(after, 1) if median <= allowed), None)
                assert around.recovery(record, allowed) == back


def known_median(losses: Numbers) -> float:
    """The median of the losses without NaN."""
    known = losses[~np.isnan(losses)]
    return float(np.median(known)) if len(known) else math.nan


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
