"""Outcomes: the rule that classifies a run by a few numbers of its summary."""

import math
from collections.abc import Mapping
from typing import NamedTuple

import torch
from torch import Tensor

from cliffscape.landscapes.descent.summary import ROUNDING, RunSummary, add_position

# Stable names: in frames, exports, links and style sheets; the page says LABELS.
OUTCOMES = ("converged", "not_converged", "stalled", "thrown", "diverged")
LABELS = {name: name.replace("_", " ") for name in OUTCOMES}
MEANINGS = {
    "converged": "The final loss is low enough to count as solved here. The run may still be moving.",
    "not_converged": "The final loss does not count as solved. The run is still moving, or its steps are too small to "
    "get anywhere.",
    "stalled": "The run has come to rest at a loss that does not count as solved: there is no gradient, or the clip "
    "leaves nothing of it.",
    "thrown": "One step was longer than the diagonal of the landscape's window, and the loss never came back to where "
    "it was before that step.",
    "diverged": "The loss or a parameter became Inf or NaN.",
}
# A last step below this share of the window's diagonal is short: 10^5 more of them cross it once.
SHORT = 1e-5
# A gradient is small if crossing the whole window against it would change the loss by less than this share.
FLAT = 1e-3
# Less than this share of the longest clipped gradient of the run: what is left when clipped gradients cancel.
CANCELLED = 0.01


class RunResult(NamedTuple):
    """Outcome and statistics of a run, ``(...)`` each.

    ``outcome`` is an index into ``OUTCOMES`` (uint8). ``loss`` is that of the last row, NaN where it diverged.
    ``converged_at`` is the number of steps after which the loss stays below ``solved`` up to the end, NaN if it
    ends above (or if no minimum is known). ``longest_step`` is the longest single step of finite length. ``thrown``
    says whether the run was thrown at some step. A thrown run may recover, and converge.
    """

    outcome: Tensor
    loss: Tensor
    converged_at: Tensor
    longest_step: Tensor
    thrown: Tensor


def short(summary: RunSummary, diagonal: Tensor) -> Tensor:
    """Whether the last step is too short to get anywhere."""
    return summary.last < SHORT * diagonal


def flat(summary: RunSummary, loss: Tensor, diagonal: Tensor) -> Tensor:
    """Whether the gradient at the last step is small for a run that ends with ``loss``."""
    return summary.gradient_norm * diagonal <= FLAT * torch.clamp(loss.abs(), min=1.0)


def shortened(summary: RunSummary) -> Tensor:
    """Whether the clip shortened the last gradient or step. A gradient of Inf or NaN has no length to compare with."""
    return summary.clipped_norm < summary.gradient_norm * (1 - ROUNDING)


def cancelled(summary: RunSummary) -> Tensor:
    """Whether the clip leaves next to nothing of the last gradient, compared with what it left of earlier ones.

    A threshold leaves the same length at every step; the clipped gradients of minibatches may cancel.
    """
    return shortened(summary) & (summary.clipped_norm <= CANCELLED * summary.largest_clipped)


def zeroed(summary: RunSummary) -> Tensor:
    """Whether the last gradient was Inf or NaN and the clip replaced it by zero."""
    return ~(summary.gradient_norm < math.inf) & (summary.last <= 0)


def recovered(summary: RunSummary, loss: Tensor, solved: Tensor) -> Tensor:
    """Whether ``loss`` is as low as before the throw, or solved."""
    return loss <= torch.maximum(summary.before_throw, solved)


def outcome(end: RunSummary, loss: Tensor, solved: Tensor, diagonal: Tensor) -> Tensor:
    """Index into ``OUTCOMES`` ``(...)`` of a run that ends with ``loss`` ``(...)``.

    ``end`` is the summary after its last row, and ``diagonal`` that of the landscape's own window. In this order:
    *diverged* when position or loss is Inf or NaN; *converged* when the loss is below ``solved`` (minus infinity where
    no minimum is known); *thrown* when the run was thrown and the loss is above the lowest one before the throw;
    *stalled* when the last step is short because the gradient is small, or because the clip leaves nothing of it; else
    *not converged*.
    """

    def code(name: str) -> Tensor:
        return torch.full_like(loss, OUTCOMES.index(name))

    resting = short(end, diagonal) & (flat(end, loss, diagonal) | cancelled(end) | zeroed(end))
    moving = torch.where(resting, code("stalled"), code("not_converged"))
    lost = torch.where(end.thrown & ~recovered(end, loss, solved), code("thrown"), moving)
    return torch.where(end.finite_row > 0, torch.where(loss < solved, code("converged"), lost), code("diverged"))


def run_result(
    summary: RunSummary, position: Tensor, loss: Tensor, solved: Tensor | float, diagonal: Tensor | float
) -> RunResult:
    """The outcome of runs that end at ``position`` ``(..., 2)`` with ``loss`` ``(...)``: the last row, without a step.

    ``diagonal`` is that of the landscape's own window.
    """
    found = traced_result(summary, position, loss, solved, diagonal)
    return found._replace(outcome=found.outcome.to(torch.uint8))


def traced_result(
    summary: RunSummary, position: Tensor, loss: Tensor, solved: Tensor | float, diagonal: Tensor | float
) -> RunResult:
    """``run_result`` with outcomes in the dtype of ``loss``, because scalar programs know no whole numbers."""
    # Without a dtype, a number would be rounded to float32 first.
    edges = [torch.as_tensor(edge, dtype=loss.dtype, device=loss.device) for edge in (solved, diagonal)]
    end = add_position(summary, position, loss, *edges)
    unknown = torch.full_like(loss, torch.nan)
    known = end.finite_row > 0
    return RunResult(
        outcome(end, loss, *edges),
        torch.where(known, loss, unknown),
        torch.where(known & (end.since >= 0), end.since, unknown),
        end.longest,
        end.thrown,
    )


def clause_flags(found: Mapping[str, Tensor], loss: Tensor) -> dict[str, Tensor]:
    """Conditions of clauses by ``says_`` and the clause's name, as 1 or 0 in the dtype of ``loss``."""
    one, zero = torch.ones_like(loss), torch.zeros_like(loss)
    return {f"says_{name}": torch.where(holds, one, zero) for name, holds in found.items()}


def place(flattest: Tensor, sharpness: Tensor, loss: Tensor, diagonal: Tensor) -> dict[str, Tensor]:
    """Which clause says where a run rests, by name and as ``conclude`` has them.

    ``flattest`` and ``sharpness`` are the smallest and the largest curvature there ``(...)``, NaN if they are unknown.
    A curvature counts if it changes the loss across the window's ``diagonal`` by more than a small share.
    """
    least = FLAT * torch.clamp(loss.abs(), min=1.0) / diagonal**2
    # Comparisons with NaN are false.
    known = flattest <= sharpness
    down, up = flattest < -least, sharpness > least
    level, rising = (flattest <= least) & ~down, flattest > least
    falling = sharpness < -least
    # A loss of one parameter has one curvature.
    even = flattest == sharpness
    found = {
        "saddle": down & up,
        "minimum": rising & ~even,
        "even_minimum": rising & even,
        "maximum": falling & ~even,
        "even_maximum": falling & even,
        "trough": level & up,
        "ridge": down & ~up & ~falling,
        "plateau": level & ~up,
    }
    return clause_flags({name: known & here for name, here in found.items()}, loss)
