"""Run summaries: a few running numbers per run that determine its outcome, so that no trajectory is stored.

Rows are added one at a time, as ``descend.py`` records them.
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor

from cliffscape.landscapes.descent.outcome import finite, outcome


class RunSummary(NamedTuple):
    """Running numbers of a run, ``(...)`` each, in the position's dtype.

    ``row`` counts the rows seen. ``longest`` is the longest step of finite length so far, ``last`` the length of the
    newest step. ``throw`` is the longest step between two rows whose loss and position are finite; if it is long
    enough, the page calls it a throw. ``finite_row`` is 1 if loss and position of the newest row are finite, else 0.
    ``since`` is the first row since which the loss has stayed below ``solved``, or -1 while it is not below.
    """

    row: Tensor
    longest: Tensor
    last: Tensor
    throw: Tensor
    since: Tensor
    finite_row: Tensor


class RunResult(NamedTuple):
    """Outcome and statistics of a run, ``(...)`` each.

    ``outcome`` is an index into ``OUTCOMES`` (uint8). ``loss`` is that of the last row, NaN where it diverged.
    ``converged_at`` is the number of steps after which the loss stays below ``solved`` up to the end, NaN if it
    ends above (or if no minimum is known). ``longest_step`` is the longest single step of finite length. ``thrown``
    says whether some step between two finite rows was longer than the diagonal of the landscape's window. A thrown run
    may still converge.
    """

    outcome: Tensor
    loss: Tensor
    converged_at: Tensor
    longest_step: Tensor
    thrown: Tensor


def initial_summary(position: Tensor) -> RunSummary:
    """The summary of runs at ``position`` ``(..., 2)`` before their first row."""
    zero = torch.zeros_like(position[..., 0])
    # ``since`` starts at -1 and ``finite_row`` at 1.
    return RunSummary(zero, zero, zero, zero, zero - 1, zero + 1)


def add_row(
    summary: RunSummary, position: Tensor, loss: Tensor, step_length: Tensor, solved: Tensor | float
) -> RunSummary:
    """The summary with one more row: position ``(..., 2)``, loss and length of the step taken from here ``(...)``."""
    seen = add_position(summary, position, loss, solved)
    longest = torch.where(step_length < math.inf, torch.maximum(summary.longest, step_length), summary.longest)
    return seen._replace(row=summary.row + 1, longest=longest, last=step_length)


def add_position(summary: RunSummary, position: Tensor, loss: Tensor, solved: Tensor | float) -> RunSummary:
    """The summary after arriving at a row: whether it is finite, the longest throw, and since when it is solved."""
    now = torch.where(finite(position, loss), torch.ones_like(loss), torch.zeros_like(loss))
    between_finite = (now > 0) & (summary.finite_row > 0)
    throw = torch.where(between_finite, torch.maximum(summary.throw, summary.last), summary.throw)
    first = torch.where(summary.since < 0, summary.row, summary.since)
    since = torch.where(loss < solved, first, torch.full_like(first, -1.0))
    return summary._replace(throw=throw, since=since, finite_row=now)


def run_result(summary: RunSummary, position: Tensor, loss: Tensor, solved: float, diagonal: float) -> RunResult:
    """The outcome of runs that end at ``position`` ``(..., 2)`` with ``loss`` ``(...)``: the last row, without a step.

    ``diagonal`` is that of the landscape's own window. The outcome is the rule of ``outcome.py``.
    """
    end = add_position(summary, position, loss, solved)
    edges = torch.as_tensor(solved).to(loss), torch.as_tensor(diagonal).to(loss)
    code = outcome(position, loss, edges[0], end.longest, end.last, edges[1])
    unknown = torch.full_like(loss, torch.nan)
    known = finite(position, loss)
    return RunResult(
        code.to(torch.uint8),
        torch.where(known, loss, unknown),
        torch.where(known & (end.since >= 0), end.since, unknown),
        end.longest,
        end.throw > diagonal,
    )
