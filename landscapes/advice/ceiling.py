"""A flat ceiling: many norms with the largest value, which shows that they were logged after the clip."""

import numpy as np

from cliffscape.landscapes.advice.norm_log import Numbers

# Norms this close to the largest one are equal to it: they were rounded, or multiplied in bfloat16.
CLOSE = 0.005
# A ceiling has at least this share of the norms and so many of them, and several times as many as the values below it.
SHARE, FEWEST, TIMES = 0.02, 5, 3
# Fewer distinct values are norms that were rounded too much to tell.
DISTINCT = 8


def flat_ceiling(norms: Numbers) -> float | None:
    """The largest norm if many others are equal to it, else None."""
    finite = norms[np.isfinite(norms)]
    if len(finite) < FEWEST:
        return None
    largest = float(finite.max())
    at = int((finite >= largest * (1 - CLOSE)).sum())
    below = int((finite >= largest * (1 - 2 * CLOSE)).sum()) - at
    if largest <= 0 or at < max(FEWEST, SHARE * len(finite)) or at < TIMES * below:
        return None
    # If all norms are at the ceiling, every step was clipped. A few coarse values are no ceiling.
    others = np.unique(finite[finite < largest * (1 - CLOSE)])
    return largest if len(others) == 0 or len(others) >= DISTINCT else None
