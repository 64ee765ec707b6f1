"""Advice on a log: everything that is computed from it, in one place."""

from dataclasses import dataclass

import numpy as np

from cliffscape.landscapes.advice.ceiling import flat_ceiling
from cliffscape.landscapes.advice.clip_replay import REPLAYED, Replay, replay
from cliffscape.landscapes.advice.norm_log import NormLog, Numbers, Place
from cliffscape.landscapes.advice.progress import BLOCKS, SMALLEST, Progress, progress
from cliffscape.landscapes.advice.recommendation import Recommendation, recommend
from cliffscape.landscapes.advice.spikes import AROUND, Spike, find_spikes
from cliffscape.landscapes.advice.thresholds import Effect, book_range, candidate_thresholds, effect
from cliffscape.landscapes.advice.warm_up import WarmUp, warm_up

QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0)


@dataclass(frozen=True)
class Advice:
    """What a log shows. All but ``warm_up`` and ``replays`` is about the records after the warm-up.

    ``quantiles`` are those of the finite norms. ``trend`` are the median norms of the first and the last tenth.
    ``nonfinite`` are the steps with a norm of Inf or NaN. ``ceiling`` is the flat ceiling of norms after the clip, or
    None. ``book`` is the mean norm, and half and ten times of it. ``effects`` are those of round thresholds, and
    ``recommended`` that of the recommendation, if there is one.
    """

    log: NormLog
    place: Place
    warm_up: WarmUp
    quantiles: tuple[float, ...]
    trend: tuple[float, float] | None
    nonfinite: tuple[float, ...]
    spikes: tuple[Spike, ...]
    progress: Progress | None
    ceiling: float | None
    book: tuple[float, float, float]
    effects: tuple[Effect, ...]
    replays: tuple[Replay, ...]
    recommendation: Recommendation
    recommended: Effect | None


# A log may hold any numbers. What overflows is Inf, without a warning.
@np.errstate(all="ignore")
def advise(log: NormLog, place: Place) -> Advice:
    """The advice for a log whose norms were taken before or after the clip."""
    warm = warm_up(log)
    rest = log.part(warm.records, len(log.steps))
    found = progress(log.losses)
    spikes = find_spikes(log, warm.records, loss_error(log, found))
    advised = recommend(log, place, warm.records, found, spikes)
    # To keep a threshold says nothing about its effect on the norms before the clip.
    has_effect = advised.threshold > 0 and advised.kind != "keep"
    finite = rest.finite_norms
    return Advice(
        log=log,
        place=place,
        warm_up=warm,
        quantiles=tuple(np.quantile(finite, QUANTILES).tolist()) if len(finite) else (),
        trend=trend(finite),
        nonfinite=tuple(rest.steps[~np.isfinite(rest.norms)].tolist()),
        spikes=tuple(spikes),
        progress=found,
        ceiling=flat_ceiling(rest.norms),
        book=book_range(rest.norms),
        effects=tuple(effect(rest.norms, one) for one in candidate_thresholds(rest.norms)),
        replays=tuple(replay(log.norms, kind) for kind in REPLAYED),
        recommendation=advised,
        recommended=effect(rest.norms, advised.threshold) if has_effect else None,
    )


def trend(norms: Numbers) -> tuple[float, float] | None:
    """The median norms of the first and the last tenth; None for fewer than ten norms."""
    size = len(norms) // 10
    return (float(np.median(norms[:size])), float(np.median(norms[-size:]))) if size else None


def loss_error(log: NormLog, found: Progress | None) -> float:
    """The standard error of a median of the losses around a spike, from that of a block; 0 if it is not known."""
    if found is None:
        return 0.0
    size = max(SMALLEST, int((~np.isnan(log.losses)).sum()) // BLOCKS)
    return found.error * float(np.sqrt(size / AROUND))
