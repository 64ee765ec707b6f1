"""The interval in which a share lies, from how many runs it was counted."""

import math

# How probable it is that the interval has the true share in it.
CONFIDENCE = 0.95
# The normal distribution has this much of its mass within so many standard deviations.
DEVIATIONS = 1.959963984540054


def wilson_interval(share: float, count: int) -> tuple[float, float]:
    """The interval of a probability at ``CONFIDENCE``, of which ``share`` was observed in ``count`` independent runs.

    The page computes the same interval in ``static/js/state/runs/share_interval.js``.
    Reference: Wilson 1927
    """
    square = DEVIATIONS * DEVIATIONS
    centre = share + square / (2 * count)
    half = DEVIATIONS * math.sqrt((share * (1 - share) + square / (4 * count)) / count)
    whole = 1 + square / count
    # Rounding must not lead out of the range of a probability.
    low = max(0.0, (centre - half) / whole) if share > 0 else 0.0
    return low, min(1.0, (centre + half) / whole) if share < 1 else 1.0
