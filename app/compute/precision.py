"""Precision: the type in which a picture's numbers are sent to the page."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

# The smallest range, relative to the largest value in it, that float32 shows without visible steps: its rounding,
# 6e-8, is then less than a tenth of one of the 256 colours.
NARROWEST = 1e-3
# The page leaves the highest half percent out of the range of its colours (COLOURED in
# static/js/views/canvas/value_scale.js; a test compares the two).
SHOWN = 0.995


def for_picture(values: Tensor) -> NDArray[Any]:
    """``values`` in main memory: in float32 where that makes the same picture, else in float64.

    Half as many bytes matter to a class that opens the page at once. A loss of 1e200, a loss near 1e-60 and a window in
    which the loss varies in its tenth digit need float64.
    """
    if not values.is_floating_point():
        return values.float().cpu().numpy()
    exact: NDArray[np.float64] = values.double().cpu().contiguous().numpy()
    with np.errstate(over="ignore"):
        short = exact.astype(np.float32)
    return short if suffices(exact, short) else exact


def suffices(exact: NDArray[np.float64], short: NDArray[np.float32]) -> bool:
    """Whether ``short``, the copy in float32, shows the same picture as ``exact``."""
    if not np.array_equal(np.isfinite(exact), np.isfinite(short)):
        return False
    low, high = shown_range(exact)
    if is_narrow_range(low, high):
        # A picture of one value stays one when it is rounded.
        return bool(np.ptp(exact[np.isfinite(exact)]) == 0)
    # Below float32's smallest normal number it has few digits left.
    largest = max(abs(low), abs(high))
    return bool(largest == 0 or largest > np.finfo(np.float32).tiny / NARROWEST)


def is_narrow(exact: NDArray[np.float64] | Tensor) -> bool:
    """Whether values vary so little that float32 would show the steps of its own rounding."""
    return is_narrow_range(*shown_range(np.asarray(exact)))


def is_narrow_range(low: float, high: float) -> bool:
    """The same of values whose ``shown_range`` is known, which takes a sort."""
    return bool(high - low < NARROWEST * max(abs(low), abs(high)))


def shown_range(exact: NDArray[np.float64]) -> tuple[float, float]:
    """Half the range of the finite values that the page's colours span; (0, 0) where none is finite."""
    finite = exact[np.isfinite(exact)]
    if not finite.size:
        return 0.0, 0.0
    low, high = np.quantile(finite, (0, SHOWN), method="nearest") / 2
    # Halves, since the difference of two finite numbers may overflow.
    return float(low), float(high)
