"""Warm-up: the records at the start of a log that say little about the rest of it."""

from typing import Literal, NamedTuple

import numpy as np

from cliffscape.landscapes.advice.norm_log import NormLog

Reason = Literal["learning_rate", "norm", "none"]
# A learning rate within this share of its largest value has reached it.
REACHED = 0.999
# A warm-up takes at most this share of the records, by the learning rate or by the norm.
LONGEST_BY_RATE, LONGEST_BY_NORM = 0.5, 0.1
ABOVE = 0.99


class WarmUp(NamedTuple):
    """The number of records of the warm-up, and what shows it."""

    records: int
    reason: Reason


def warm_up(log: NormLog) -> WarmUp:
    """The warm-up of a run: until the learning rate has risen to its largest value.

    Without a rising learning rate it is the first records, if their norms are above almost all later ones.
    """
    rates = log.learning_rates
    count = len(rates)
    if np.isfinite(rates).any():
        largest = np.nanmax(rates)
        end = int(np.argmax(rates >= REACHED * largest))
        if 0 < end <= LONGEST_BY_RATE * count and rates[0] < REACHED * largest:
            return WarmUp(end, "learning_rate")
    longest = int(LONGEST_BY_NORM * count)
    rest = log.part(longest, count).finite_norms
    if longest == 0 or len(rest) == 0:
        return WarmUp(0, "none")
    usual = log.norms[:longest] <= np.quantile(rest, ABOVE)
    end = int(np.argmax(usual)) if usual.any() else longest
    return WarmUp(end, "norm" if end else "none")
