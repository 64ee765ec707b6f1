"""The warm-up of a log."""

import numpy as np

from cliffscape.landscapes.advice.warm_up import WarmUp, warm_up
from tests.landscapes.advice.logs import log_of, noisy


def test_it_ends_where_the_learning_rate_is_largest() -> None:
    rates = np.concatenate([np.linspace(0, 1, 21), np.linspace(1, 0.1, 179)])
    assert warm_up(log_of(noisy(200), rates=rates)) == WarmUp(20, "learning_rate")


def test_a_learning_rate_that_rises_until_the_end_shows_no_warm_up() -> None:
    assert warm_up(log_of(noisy(200), rates=np.linspace(0, 1, 200))).reason != "learning_rate"


def test_a_constant_or_a_falling_learning_rate_shows_none() -> None:
    for rates in (np.ones(200), np.linspace(1, 0, 200)):
        assert warm_up(log_of(np.ones(200), rates=rates)) == WarmUp(0, "none")


def test_first_norms_that_are_above_almost_all_later_ones() -> None:
    norms = noisy(200)
    norms[:7] = [50, 40, 30, 20, 10, 6, 4]
    assert warm_up(log_of(norms)) == WarmUp(7, "norm")


def test_at_most_a_tenth_of_the_records_by_the_norm() -> None:
    assert warm_up(log_of(np.linspace(10, 1, 200))) == WarmUp(20, "norm")


def test_short_logs_and_logs_without_finite_norms() -> None:
    for norms in ([], [1.0], [np.nan] * 50, [np.inf] * 50):
        assert warm_up(log_of(norms)).records == 0
