"""Results of a training run in words: how far it is, and how well the runs without and with clipping did.

The page fills in the same sentences in ``static/js/views/network/training_words.js``, by the same rules.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

import numpy as np
from numpy.typing import NDArray

from cliffscape.app.runs.pair import RUN_NAMES, RunName
from cliffscape.app.runs.training import FRESH, TrainingRun
from cliffscape.app.runs.verdicts import format_number
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.analysis.share_interval import CONFIDENCE, wilson_interval
from cliffscape.landscapes.catalogue import CLIPS
from cliffscape.landscapes.optimizers.curvature_products import Cost, cost

Losses = NDArray[np.float64]
# A task is solved once fewer new sequences than this share are wrong.
SOLVED = 0.01
SENTENCES = {
    "progress": "{done} of {total} updates",
    "paused": "paused",
    "pace": "{pace} updates/s, {left} left",
    "diverged": "diverged at update {update}",
    "gap": "Inf or NaN at update {first}, then finite again",
    "gaps": "Inf or NaN between updates {first} and {last}, then finite again",
    "raised": "PyTorch raises an error at update {update}, because the norm that it computes there is Inf or NaN",
    "raised_seeds": "PyTorch raises an error in {count} of {seeds} seeds, the first at update {update}",
    "loss": "loss {loss}",
    "error": f"{{error}} of {FRESH} new sequences wrong",
    "solved": f"{{solved}} of {{seeds}} seeds solved (fewer than {100 * SOLVED:g} % wrong; {100 * CONFIDENCE:g} % "
    "interval {low} to {high})",
    "median": "median: {error} wrong, loss {loss}",
    "diverged_seeds": "{count} diverged, the first at update {update}",
    "rescued_seeds": "{count} had Inf or NaN and became finite again",
    "clipped": "{share} of the updates clipped",
    "cost": "each update took 1 gradient and {products} curvature products, as much work as {work} gradients",
    "cost_of_one": "each update took 1 gradient and 1 curvature product, as much work as {work} gradients",
}
# The updates over whose losses the mean is taken: the loss of a single minibatch is noisy.
LAST = 20
# A clip factor below this one counts as clipped.
UNCLIPPED = 1 - 1e-6


@dataclass(frozen=True)
class Result:
    """What the seeds of the run without or with clipping achieved.

    ``losses`` are means over the last updates, and ``errors`` the shares wrong in the last count, NaN without one.
    ``clipped`` is the share of all updates that were clipped. ``diverged`` are the updates, counted from 1, from which
    seeds had Inf or NaN until the end. ``rescued`` are the first and the last such update of seeds that became finite
    again. ``undefined`` are the first updates at which seeds had no clip factor.
    """

    losses: tuple[float, ...]
    errors: tuple[float, ...]
    clipped: float
    diverged: tuple[int, ...]
    rescued: tuple[tuple[int, int], ...]
    undefined: tuple[int, ...]

    @property
    def solved(self) -> int:
        """The number of seeds that solved the task."""
        return sum(error < SOLVED for error in self.errors)


def result(run: TrainingRun, updates: int, name: RunName) -> Result:
    """The result after at most ``updates`` updates; there must be at least one."""
    k = RUN_NAMES.index(name)
    rows = np.stack(run.rows[:updates])[:, :, k]
    losses, factors = rows[:, 0].T, rows[:, 2]
    counts = [error[k] for error, at in zip(run.errors, run.counted, strict=False) if at <= updates]
    gaps = [gap for one in losses if (gap := nonfinite_updates(one))]
    return Result(
        losses=tuple(reduce(add, one[-LAST:].tolist(), 0.0) / len(one[-LAST:]) for one in losses),
        errors=tuple(counts[-1].tolist()) if counts else (math.nan,) * len(losses),
        clipped=int((factors < UNCLIPPED).sum()) / factors.size,
        diverged=tuple(since for _, _, since in gaps if since),
        rescued=tuple((first, last) for first, last, since in gaps if not since),
        undefined=tuple(int(places[0]) + 1 for one in factors.T if len(places := np.flatnonzero(np.isnan(one)))),
    )


def majority_outcome(found: Result) -> str:
    """The outcome of most seeds: ``diverged``, ``solved`` or ``not_solved``."""
    half = len(found.losses) / 2
    if len(found.diverged) > half:
        return "diverged"
    return "solved" if found.solved > half else "not_solved"


def nonfinite_updates(losses: Losses) -> tuple[int, int, int] | None:
    """The first and the last update with Inf or NaN, and the one since which all have it, or 0; None if there is none.

    Updates are counted from 1.
    """
    wrong = np.flatnonzero(~np.isfinite(losses)) + 1
    if not len(wrong):
        return None
    finite = np.flatnonzero(np.isfinite(losses)) + 1
    since = (int(finite[-1]) if len(finite) else 0) + 1 if wrong[-1] == len(losses) else 0
    return int(wrong[0]), int(wrong[-1]), since


def format_share(share: float) -> str:
    """A share as a percentage with two digits."""
    return "–" if math.isnan(share) else f"{format_number(100 * share, 2)} %"


def median(values: Sequence[float]) -> float:
    """The median, the upper one of two; NaN counts as the largest value."""
    return sorted(math.inf if math.isnan(value) else value for value in values)[len(values) // 2]


def one_seed(found: Result) -> list[str]:
    """The clauses about a single seed."""
    parts = [SENTENCES["diverged"].format(update=update) for update in found.diverged]
    for first, last in found.rescued:
        parts.append(SENTENCES["gap" if first == last else "gaps"].format(first=first, last=last))
    loss, error = format_number(found.losses[0]), format_share(found.errors[0])
    return [*parts, SENTENCES["loss"].format(loss=loss), SENTENCES["error"].format(error=error)]


def several_seeds(found: Result) -> list[str]:
    """The clauses about several seeds."""
    error, loss = format_share(median(found.errors)), format_number(median(found.losses))
    seeds = len(found.losses)
    low, high = map(format_share, wilson_interval(found.solved / seeds, seeds))
    parts = [
        SENTENCES["solved"].format(solved=found.solved, seeds=seeds, low=low, high=high),
        SENTENCES["median"].format(error=error, loss=loss),
    ]
    if found.diverged:
        parts.append(SENTENCES["diverged_seeds"].format(count=len(found.diverged), update=min(found.diverged)))
    if found.rescued:
        parts.append(SENTENCES["rescued_seeds"].format(count=len(found.rescued)))
    return parts


def raised_clause(updates: Sequence[int], seeds: int) -> str:
    """Where the framework of the clip raises an error, and the runs go on only here."""
    sentence = SENTENCES["raised" if seeds == 1 else "raised_seeds"]
    return sentence.format(update=min(updates), count=len(updates), seeds=seeds)


def cost_clause(price: Cost) -> str:
    """The cost of an update by a second-order method."""
    sentence = SENTENCES["cost_of_one" if price.products == 1 else "cost"]
    return sentence.format(products=price.products, work=1 + price.gradients * price.products)


def result_text(run: TrainingRun, scene: Scene, name: RunName) -> str:
    """The result of the run without or with clipping in one line."""
    found = result(run, scene.updates, name)
    parts = one_seed(found) if scene.seeds == 1 else several_seeds(found)
    if name == "with" and CLIPS[scene.clip.kind].raises and found.undefined:
        parts.append(raised_clause(found.undefined, scene.seeds))
    if name == "with":
        parts.append(SENTENCES["clipped"].format(share=format_share(found.clipped)))
    price = cost(scene.build("optimizer"), run.net.layout.size)
    return "; ".join([*parts, cost_clause(price)] if price.matrix else parts)


def progress_text(done: int, total: int, pace: float) -> str:
    """How many updates are done, and how long the rest takes at a pace of updates per second."""
    counted = SENTENCES["progress"].format(done=f"{done:,}", total=f"{total:,}")
    if not pace or done == total:
        return counted
    seconds = (total - done) / pace
    left = f"{math.ceil(seconds)} s" if seconds < 90 else f"{math.ceil(seconds / 60)} min"
    return f"{counted}; {SENTENCES['pace'].format(pace=format_number(pace), left=left)}"
