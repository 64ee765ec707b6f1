"""What a threshold would do to the norms of a log, without replaying the run."""

import math
from dataclasses import dataclass

import numpy as np
import torch

from cliffscape.landscapes.advice.norm_log import Numbers
from cliffscape.landscapes.descent.clip_role import clip_role

# Rows of the table.
MOST_ROWS = 12
STEPS = (1.0, 2.0, 5.0)
# The range of Goodfellow, Bengio and Courville 2016, section 10.11.1, from Pascanu et al. 2013: times the average norm.
BOOK_RANGE = (0.5, 10.0)
# Norms of records are compared in this many phases, of at least so many records.
PHASES, SMALLEST_PHASE = 10, 10
# A median norm this many times those of all phases before it is one of divergence.
DIVERGED = 10.0


@dataclass(frozen=True)
class Effect:
    """What a threshold does: the share of steps that it clips, the mean share of their lengths that it keeps, its role.

    A norm of Inf is clipped to nothing; NaN is left out.
    """

    threshold: float
    clipped: float
    kept: float
    role: str


def effect(norms: Numbers, threshold: float) -> Effect:
    """The effect of clipping by norm at ``threshold`` on these norms."""
    known = norms[~np.isnan(norms)]
    if len(known) == 0:
        return Effect(threshold, math.nan, math.nan, "")
    clipped = known > threshold
    with np.errstate(all="ignore"):
        kept = np.where(clipped, threshold / known, 1.0)
    taken = torch.tensor(float(len(known)))
    roles = clip_role(torch.tensor(float(clipped.sum())), taken)
    role = next(name for name, holds in roles.items() if bool(holds))
    return Effect(threshold, float(clipped.mean()), float(kept.mean()), role)


def candidate_thresholds(norms: Numbers) -> list[float]:
    """Round thresholds, 1, 2 and 5 times powers of ten, from below most of the norms to above all of them."""
    positive = norms[np.isfinite(norms) & (norms > 0)]
    if len(positive) == 0:
        return []
    low, high = float(np.quantile(positive, 0.05)), float(positive.max())
    first, last = math.floor(math.log10(low)), math.floor(math.log10(high)) + 1
    listed = [float(f"{step}e{power}") for power in range(first, last + 1) for step in STEPS]
    below = [one for one in listed if one <= low]
    above = [one for one in listed if one >= high and one > low]
    used = [*below[-1:], *(one for one in listed if low < one < high), *above[:1]]
    while len(used) > MOST_ROWS:
        # Of a range of many decades every second value, with the last one.
        used = used[::-1][::2][::-1]
    return used


def typical_norm(norms: Numbers) -> float:
    """The median norm of the phase in which norms are largest; NaN without norms.

    The norms of a run that learns its task fall by orders of magnitude, and a threshold matters before they do. A phase
    whose norms are far above those of all phases before it is one of divergence, and ends the comparison.
    """
    finite = norms[np.isfinite(norms)]
    if len(finite) == 0:
        return math.nan
    count = max(1, min(PHASES, len(finite) // SMALLEST_PHASE))
    first, *later = (float(np.median(part)) for part in np.array_split(finite, count))
    largest = first
    for median in later:
        if median > DIVERGED * largest > 0:
            break
        largest = max(largest, median)
    return largest


def book_range(norms: Numbers) -> tuple[float, float, float]:
    """The mean of the finite norms, and half and ten times of it; NaN without norms."""
    finite = norms[np.isfinite(norms)]
    with np.errstate(over="ignore"):
        mean = float(finite.mean()) if len(finite) else math.nan
    return mean, BOOK_RANGE[0] * mean, BOOK_RANGE[1] * mean
