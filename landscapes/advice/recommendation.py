"""The recommendation: one threshold with its range, the reasons for it, and what is not known.

Reasons and what is not known are statements: a name, and the numbers of its sentence.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from cliffscape.landscapes.advice.ceiling import flat_ceiling
from cliffscape.landscapes.advice.norm_log import NormLog, Place
from cliffscape.landscapes.advice.progress import Progress
from cliffscape.landscapes.advice.spikes import Spike
from cliffscape.landscapes.advice.thresholds import typical_norm

# limit: the run was unstable. spikes: it recovered from its spikes. safety_net: it had none. keep: the norms are those
# after the clip. none: there are too few norms.
Kind = Literal["limit", "spikes", "safety_net", "keep", "none"]
FEWEST = 20
# How many times the typical norm the threshold is, and the ends of its range.
FACTORS: Mapping[Kind, tuple[float, float, float]] = {"limit": (1.0, 0.5, 2.0), "spikes": (2.0, 1.0, 4.0)}


class Statement(NamedTuple):
    """The name of a sentence, and the numbers in it."""

    name: str
    values: Mapping[str, float]


@dataclass(frozen=True)
class Recommendation:
    """A threshold and its range, NaN without one; why, and what is not known."""

    kind: Kind
    threshold: float
    low: float
    high: float
    typical: float
    reasons: tuple[Statement, ...]
    unknown: tuple[Statement, ...]


def round_threshold(value: float) -> float:
    """The value with two significant digits, as one would write it into a program."""
    return float(f"{value:.2g}")


def recommend(log: NormLog, place: Place, start: int, progress: Progress | None, spikes: list[Spike]) -> Recommendation:
    """The recommendation for a log whose warm-up ends at record ``start``."""
    rest = log.part(start, len(log.steps))
    ceiling = flat_ceiling(rest.norms)
    unknown = unknown_statements(log, place, ceiling)
    if ceiling is not None:
        reason = Statement("ceiling", {"ceiling": ceiling})
        kept = round_threshold(ceiling)
        return Recommendation("keep", kept, kept, kept, math.nan, (reason,), unknown)
    positive = int((rest.finite_norms > 0).sum())
    if positive < FEWEST:
        reason = Statement("few_norms", {"count": positive, "fewest": FEWEST})
        return Recommendation("none", math.nan, math.nan, math.nan, math.nan, (reason,), unknown)
    typical = typical_norm(healthy_part(log, start, progress).norms)
    trouble = instabilities(rest, progress, spikes)
    if typical == 0:
        typical = float(rest.finite_norms.max())
    if trouble:
        reasons = (*trouble, Statement("typical", {"typical": typical}))
        return by_typical_norm("limit", typical, reasons, unknown)
    if spikes:
        reasons = (spike_statement(spikes, rest), Statement("above_typical", {"typical": typical}))
        return by_typical_norm("spikes", typical, reasons, unknown)
    largest, high = float(rest.finite_norms.max()), float(np.quantile(rest.finite_norms, 0.95))
    reasons = (Statement("no_spikes", {"largest": largest}),)
    values = (round_up(largest), round_threshold(high), round_threshold(2 * largest))
    return Recommendation("safety_net", *values, typical, reasons, unknown)


def by_typical_norm(
    kind: Kind, typical: float, reasons: tuple[Statement, ...], unknown: tuple[Statement, ...]
) -> Recommendation:
    """A threshold that is a multiple of the typical norm."""
    threshold, low, high = (round_threshold(factor * typical) for factor in FACTORS[kind])
    return Recommendation(kind, threshold, low, high, typical, reasons, unknown)


def round_up(value: float) -> float:
    """The value with two significant digits, and not below it."""
    rounded = round_threshold(value)
    return rounded if rounded >= value else round_threshold(rounded * 1.05)


def healthy_part(log: NormLog, start: int, progress: Progress | None) -> NormLog:
    """The records after the warm-up and until the loss was best, or all after the warm-up if these are too few.

    Norms after a run has lost its way say little about those that it should have.
    """
    if progress is not None and progress.lost:
        part = log.part(start, progress.best_end)
        if len(part.finite_norms) >= FEWEST:
            return part
    return log.part(start, len(log.steps))


def instabilities(rest: NormLog, progress: Progress | None, spikes: list[Spike]) -> tuple[Statement, ...]:
    """Statements on what went wrong in a run: a loss that rose for good, Inf or NaN."""
    found = []
    broken = np.flatnonzero(~np.isfinite(rest.norms))
    if len(broken):
        values = {"count": len(broken), "records": len(rest.norms), "step": float(rest.steps[broken[0]])}
        found.append(Statement("nonfinite", values))
    if progress is not None and progress.lost:
        values = {"first": progress.first, "best": progress.best, "last": progress.last}
        found.append(Statement("lost", values))
    for_good = [one for one in spikes if one.raised and one.recovered is None]
    if for_good:
        values = {"step": for_good[0].step, "before": for_good[0].loss_before, "after": for_good[0].loss_after}
        found.append(Statement("not_recovered", values))
    return tuple(found)


def spike_statement(spikes: list[Spike], rest: NormLog) -> Statement:
    """The statement on spikes from which the run recovered, or of which that is not known."""
    largest = max(spikes, key=lambda one: one.norm)
    raised = [one for one in spikes if one.raised]
    values = {"count": len(spikes), "largest": largest.norm, "step": largest.step, "raised": len(raised)}
    known = any(not math.isnan(one.loss_after) for one in spikes)
    longest = max((one.recovered or 0 for one in raised), default=0)
    return Statement("recovered" if known else "spikes_alone", {**values, "longest": longest})


def unknown_statements(log: NormLog, place: Place, ceiling: float | None) -> tuple[Statement, ...]:
    """What the log does not say."""
    found = [Statement("no_replay", {})]
    if log.every > 1:
        found.append(Statement("one_in", {"every": log.every}))
    if ceiling is not None or place == "after":
        found.append(Statement("after_clip", {}))
    elif place == "unknown":
        found.append(Statement("place_unknown", {}))
    if not (~np.isnan(log.losses)).any():
        found.append(Statement("no_losses", {}))
    return (*found, Statement("setting", {}))
