"""Replays: what the clips that learn their thresholds would have done to the norms of a log.

A gradient with one component of the norm's size stands for each gradient, since these rules read only its norm.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch

from cliffscape.landscapes.advice.norm_log import Numbers
from cliffscape.landscapes.catalogue import CLIPS

# AutoClip sorts all earlier norms at every step, so a long log would take minutes.
MOST_RECORDS = 3000
REPLAYED = ("autoclip", "zclip")
# PyTorch divides by the norm plus 1e-6, which is no clipping.
SMALLEST_CUT = 2e-6


@dataclass(frozen=True)
class Replay:
    """What a clip would have done to ``records`` norms, with its default parameters.

    ``clipped`` is the share of the norms that it clips, ``kept`` the mean share of their lengths that it keeps.
    ``largest`` is the largest finite norm and ``largest_after`` what the clip makes of it. ``undefined`` is the place
    of the first finite norm that becomes NaN, or None.
    """

    kind: str
    records: int
    clipped: float
    kept: float
    largest: float
    largest_after: float
    undefined: int | None


def replay(norms: Numbers, kind: str) -> Replay:
    """The replay of the last records with a clip of the catalogue."""
    used = norms[-MOST_RECORDS:]
    after = clip_norms(used, kind)
    finite = np.isfinite(used)
    known = finite & np.isfinite(after)
    undefined = np.flatnonzero(finite & ~np.isfinite(after))
    before, kept = used[known], after[known]
    clipped = kept < before - SMALLEST_CUT
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(clipped, kept / before, 1.0)
    place = int(np.argmax(np.where(finite, used, -1.0))) if finite.any() else 0
    means = (float(clipped.mean()), float(share.mean())) if len(before) else (math.nan, math.nan)
    largest = (float(used[place]), float(after[place])) if finite.any() else (math.nan, math.nan)
    return Replay(kind, len(used), *means, *largest, int(undefined[0]) if len(undefined) else None)


def clip_norms(norms: Numbers, kind: str) -> Numbers:
    """The norms after the clip ``kind`` with its default parameters, one after the other."""
    entry = CLIPS[kind]
    clip = entry.build(entry.defaults)
    theta = torch.zeros(1, dtype=torch.float64)
    state, found = clip.init(theta), np.empty(len(norms))
    for k, gradient in enumerate(torch.from_numpy(np.ascontiguousarray(norms)).unsqueeze(-1)):
        clipped, state = clip.update(gradient, state, theta)
        found[k] = clipped.item()
    return found
