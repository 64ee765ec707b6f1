"""A log of gradient norms."""

import numpy as np

from tests.landscapes.advice.logs import log_of


def test_parts_and_finite_norms() -> None:
    log = log_of([1, np.inf, 2, np.nan, 3])
    np.testing.assert_array_equal(log.finite_norms, [1, 2, 3])
    part = log.part(1, 3)
    np.testing.assert_array_equal(part.steps, [2, 3])
    np.testing.assert_array_equal(part.norms, [np.inf, 2])


def test_the_distance_of_steps_is_the_usual_one() -> None:
    log = log_of([1, 1, 1, 1])
    assert log.every == 1 and log.part(0, 1).every == 1
    log.steps[:] = [10, 20, 30, 1000]
    assert log.every == 10
