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


def medians_before(values: Numbers, size: int, fewest: int) -> Numbers:
    """The median of the values before every place, as far as ``size`` places behind the end; Inf counts, NaN does not.

    It is that of the last ``size`` values, and NaN if fewer than ``fewest`` of them count.
    """
    padded = np.pad(values, size, constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, size)[:-1]
    found = np.full(len(windows), np.nan)
    for first in range(0, len(windows), CHUNK):
        part = np.sort(windows[first : first + CHUNK], axis=1)
        count = (~np.isnan(part)).sum(1)
        rows, last = np.arange(len(part)), np.maximum(count - 1, 0)
        # NaN is sorted to the end.
        with np.errstate(over="ignore", invalid="ignore"):
            middle = (part[rows, last // 2] + part[rows, (last + 1) // 2]) / 2
        found[first : first + CHUNK] = np.where(count >= fewest, middle, np.nan)
    return found


def find_spikes(log: NormLog, start: int = 0, error: float = 0.0) -> list[Spike]:
    """The spikes from record ``start`` on. ``error`` is the standard error of a median of ``AROUND`` losses."""
    finite = np.where(np.isfinite(log.norms), log.norms, np.nan)
    reference = medians_before(finite, BEFORE, FEWEST)[: len(finite)]
    with np.errstate(divide="ignore", invalid="ignore"):
        times = log.norms / reference
    high = np.flatnonzero((times > TIMES) & np.isfinite(times))
    high = high[high >= start]
    if len(high) == 0:
        return []
    groups = np.split(high, np.flatnonzero(np.diff(high) >= APART) + 1)
    around = LossesAround(log.losses)
    return [spike_of(log, times, group, around, error) for group in groups]


class LossesAround:
    """The median losses of ``AROUND`` records before a record and after it, and when they are back."""

    def __init__(self, losses: Numbers) -> None:
        self.medians = medians_before(losses, AROUND, 1)
        # The least median from a place on: where it is too high, nobody needs to look for a lower one.
        self.least = np.fmin.accumulate(self.medians[::-1])[::-1]

    def before(self, record: int) -> float:
        """The median loss before a record; Inf if all of the losses are, NaN if there are none."""
        return float(self.medians[record])

    def after(self, record: int) -> float:
        """The median loss after a record."""
        place = record + 1 + AROUND
        return float(self.medians[place]) if place < len(self.medians) else math.nan

    def recovery(self, record: int, allowed: float) -> int | None:
        """After how many records the loss is at most ``allowed``; None if it never is."""
        first = record + 1 + AROUND
        if first >= len(self.medians) or not self.least[first] <= allowed:
            return None
        low = np.flatnonzero(self.medians[first::AROUND] <= allowed)
        return AROUND * (int(low[0]) + 1) if len(low) else None


def spike_of(
    log: NormLog, times: Numbers, group: np.ndarray[tuple[int], np.dtype[np.int64]], around: LossesAround, error: float
) -> Spike:
    """The spike of these records."""
    first, last = int(group[0]), int(group[-1])
    peak = int(group[np.argmax(log.norms[group])])
    before, after = around.before(first), around.after(last)
    allowed = before + max(SHARE * abs(before), ERRORS * error)
    raised = after > allowed
    recovered = around.recovery(last, allowed) if raised else None
    values = (float(log.steps[peak]), float(log.norms[peak]), float(times[peak]), before, after)
    return Spike(first, last, *values, raised, recovered)
