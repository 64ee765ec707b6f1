"""The progress of a run."""

import numpy as np

from cliffscape.landscapes.advice.progress import progress
from tests.landscapes.advice.logs import noisy


def test_a_run_that_learns() -> None:
    found = progress(noisy(1000) * np.linspace(2, 0.5, 1000))
    assert found is not None and not found.lost
    assert 1.8 < found.first < 2.1 and 0.4 < found.best <= found.last < 0.6 and found.best_end > 900


def test_a_run_that_loses_what_it_learnt() -> None:
    losses = noisy(1000) * np.concatenate([np.linspace(2, 1, 500), np.full(500, 1.9)])
    found = progress(losses)
    assert found is not None and found.lost and 440 <= found.best_end <= 520


def test_noise_is_no_loss_of_progress() -> None:
    for seed in range(20):
        found = progress(noisy(1000, seed=seed))
        assert found is not None and not found.lost


def test_a_run_whose_loss_becomes_infinite() -> None:
    found = progress(np.concatenate([noisy(100), np.full(50, np.inf)]))
    assert found is not None and found.lost and found.last == np.inf


def test_records_without_a_loss_are_left_out() -> None:
    losses = np.full(1000, np.nan)
    losses[::10] = np.linspace(2, 1, 100)
    found = progress(losses)
    assert found is not None and (found.first, found.last) == (np.median(losses[:50:10]), np.median(losses[950::10]))
    assert found.best_end == 991


def test_too_few_losses() -> None:
    assert progress(np.ones(14)) is None and progress(np.full(100, np.nan)) is None
    assert progress(np.full(100, np.inf)) is None
