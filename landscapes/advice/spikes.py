"""Spikes: norms far above those before them, and the loss after each."""

import math
from dataclasses import dataclass

import numpy as np

from cliffscape.landscapes.advice.norm_log import NormLog, Numbers

# A spike is a norm this many times the median of the norms before it. Spikes with fewer records between them are one.
TIMES, BEFORE, FEWEST, APART = 5.0, 50, 10, 10
# The records whose losses are compared, and how much the loss must have risen: a share of it, and standard errors.
AROUND, SHARE, ERRORS = 20, 0.02, 4.0
# Medians are computed for so many records at a time, to bound the memory.
CHUNK = 1 << 14


@dataclass(frozen=True)
class Spike:
    """One spike: its first and last record, the step and the norm at its peak, and the norm over the median before it.

    ``loss_before`` and ``loss_after`` are median losses of the records around it, NaN without losses. ``raised`` says
    that the loss rose by more than its noise. Then ``recovered`` is the number of records until it was back, or None.
    """

    first: int
    last: int
    step: float
    norm: float
    times: float
    loss_before: float
    loss_after: float
    raised: bool
    recovered: int | None


def median_before(norms: Numbers) -> Numbers:
    """The median of the finite norms among the records before each one; NaN for the first ones."""
    padded = np.concatenate([np.full(BEFORE, np.nan), np.where(np.isfinite(norms), norms, np.nan)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, BEFORE)[: len(norms)]
    found = np.full(len(norms), np.nan)
    for first in range(0, len(norms), CHUNK):
        part = np.sort(windows[first : first + CHUNK], axis=1)
        count = (~np.isnan(part)).sum(1)
        rows, last = np.arange(len(part)), np.maximum(count - 1, 0)
        # NaN is sorted to the end.
        middle = (part[rows, last // 2] + part[rows, (last + 1) // 2]) / 2
        found[first : first + CHUNK] = np.where(count >= FEWEST, middle, np.nan)
    return found


def find_spikes(log: NormLog, start: int = 0, error: float = 0.0) -> list[Spike]:
    """The spikes from record ``start`` on. ``error`` is the standard error of a median of ``AROUND`` losses."""
    reference = median_before(log.norms)
    with np.errstate(divide="ignore", invalid="ignore"):
        times = log.norms / reference
    high = np.flatnonzero((times > TIMES) & np.isfinite(times))
    high = high[high >= start]
    if len(high) == 0:
        return []
    groups = np.split(high, np.flatnonzero(np.diff(high) >= APART) + 1)
    return [spike_of(log, times, group, error) for group in groups]


def spike_of(log: NormLog, times: Numbers, group: np.ndarray[tuple[int], np.dtype[np.int64]], error: float) -> Spike:
    """The spike of these records."""
    first, last = int(group[0]), int(group[-1])
    peak = int(group[np.argmax(log.norms[group])])
    before = median_loss(log.losses[max(0, first - AROUND) : first])
    after = median_loss(log.losses[last + 1 : last + 1 + AROUND])
    allowed = before + max(SHARE * abs(before), ERRORS * error)
    raised = after > allowed
    recovered = recovery(log.losses[last + 1 :], allowed) if raised else None
    values = (float(log.steps[peak]), float(log.norms[peak]), float(times[peak]), before, after)
    return Spike(first, last, *values, raised, recovered)


def median_loss(losses: Numbers) -> float:
    """The median of the losses; Inf if all of them are, NaN if there are none."""
    known = losses[~np.isnan(losses)]
    return float(np.median(known)) if len(known) else math.nan


def recovery(losses: Numbers, allowed: float) -> int | None:
    """After how many records the median of ``AROUND`` losses is at most ``allowed``; None if it never is."""
    for first in range(0, len(losses), AROUND):
        if median_loss(losses[first : first + AROUND]) <= allowed:
            return first + AROUND
    return None
