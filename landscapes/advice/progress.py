"""Progress: how far the loss of a run fell, and whether it rose again."""

from dataclasses import dataclass

import numpy as np

from cliffscape.landscapes.advice.norm_log import Numbers

# The losses are compared as medians of blocks: a log has about this many, of at least so many records.
BLOCKS, SMALLEST = 50, 5
# The share of the gain that is lost, and how many standard errors of a block's median that must be. The best of fifty
# blocks is about 2.3 of them below their mean by chance alone.
LOST, ERRORS = 0.2, 6.0
# The standard error of a median, from the median deviation of n normal numbers, times the root of n.
MEDIAN_ERROR = 1.4826 * 1.2533


@dataclass(frozen=True)
class Progress:
    """The median loss of the first block of records, of the best one and of the last one.

    ``best_end`` is the number of records until the end of the best block. ``error`` is the standard error of a median.
    """

    first: float
    best: float
    last: float
    best_end: int
    error: float

    @property
    def lost(self) -> bool:
        """Whether the run gave up a good part of what it had gained. A loss of Inf or NaN counts as Inf."""
        rise, gain = self.last - self.best, self.first - self.best
        return rise > ERRORS * self.error and rise > LOST * gain


def progress(losses: Numbers) -> Progress | None:
    """The progress of a run; None if it has fewer than three blocks of losses.

    Records without a loss are left out. They have the loss NaN, as those of a diverged run may have: so a run counts as
    diverged only if its losses are NaN from some record on until the end, or Inf.
    """
    known = np.flatnonzero(~np.isnan(losses))
    size = max(SMALLEST, len(known) // BLOCKS)
    count = len(known) // size
    if count < 3:
        return None
    # What does not fill a block is left out at the start, where least is lost.
    used = known[len(known) - count * size :]
    blocks = losses[used].reshape(count, size)
    medians = np.median(blocks, axis=1)
    finite = np.isfinite(medians)
    if not finite.any():
        return None
    with np.errstate(over="ignore"):
        deviations = np.median(np.abs(blocks[finite] - medians[finite, None]), axis=1)
        error = float(np.median(deviations)) * MEDIAN_ERROR / np.sqrt(size)
    best = int(np.argmin(np.where(finite, medians, np.inf)))
    best_end = int(used[(best + 1) * size - 1]) + 1
    return Progress(float(medians[0]), float(medians[best]), float(medians[-1]), best_end, float(error))
