"""Loss curve: whether the loss of a run still swings at its end, and whether a long step went downhill."""

import torch
from torch import Tensor

from cliffscape.landscapes.descent.details import RunDetails

# The loss of a run swings if it was above the lowest one in so many of the last steps, or in this share of all steps.
RECENT, RECENT_SHARE = 10, 0.1


def leaps(end: RunDetails, diagonal: Tensor) -> Tensor:
    """Whether the longest step was as long as that of a throw, but ended at a lower loss."""
    long = ~end.summary.thrown & (end.key_length > diagonal)
    return (end.nonfinite_step < 0) & long & (end.key_to < end.key_from)


def swings(end: RunDetails, steps: Tensor) -> Tensor:
    """Whether the loss has risen in the last steps. A run that falls to its end has not."""
    recent = torch.clamp(RECENT_SHARE * steps, min=float(RECENT))
    return (end.risen_step >= 0) & (end.risen_step > steps - recent)
