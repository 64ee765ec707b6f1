"""Run summaries: a few running numbers per run that determine its outcome, so that no trajectory is stored.

Rows are added one at a time, as ``descend.py`` records them.
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor

from cliffscape.landscapes.descent.descend import Record

# A difference of losses or a clip factor this close to none is rounding.
ROUNDING = 1e-12


class RunSummary(NamedTuple):
    """Running numbers of a run, ``(...)`` each, in the position's dtype.

    ``row`` counts the rows seen. ``longest`` is the longest step of finite length so far. ``last`` is the length of the
    newest step, ``gradient_norm`` the norm at its start, and ``clipped_norm`` that norm after the clip;
    ``largest_clipped`` is the largest such norm so far. ``lowest_loss`` is the lowest loss of a finite row so far, and
    infinite before there is one. ``before_throw`` is what it was when the run was first thrown, and infinite until
    then. ``since`` is the first row since which the loss has stayed below ``solved``, or -1 while it is not below.
    ``finite_row`` is 1 if loss and position of the newest row are finite, else 0.
    """

    row: Tensor
    longest: Tensor
    last: Tensor
    gradient_norm: Tensor
    clipped_norm: Tensor
    largest_clipped: Tensor
    lowest_loss: Tensor
    before_throw: Tensor
    since: Tensor
    finite_row: Tensor

    @property
    def thrown(self) -> Tensor:
        """Whether the run has been thrown."""
        return self.before_throw < math.inf


def finite(position: Tensor, loss: Tensor) -> Tensor:
    """Whether position ``(..., 2)`` and loss ``(...)`` are finite."""
    return (loss.abs() < math.inf) & (position.abs().amax(-1) < math.inf)


def initial_summary(position: Tensor) -> RunSummary:
    """The summary of runs at ``position`` ``(..., 2)`` before their first row."""
    zero = torch.zeros_like(position[..., 0])
    infinite = zero + math.inf
    # ``since`` starts at -1 and ``finite_row`` at 1.
    return RunSummary(zero, zero, zero, zero, zero, zero, infinite, infinite, zero - 1, zero + 1)


def add_row(summary: RunSummary, record: Record, solved: Tensor | float, diagonal: Tensor | float) -> RunSummary:
    """The summary with one more row and the step that is taken from there."""
    return add_step(add_position(summary, record.position, record.loss, solved, diagonal), record)


def add_position(
    summary: RunSummary, position: Tensor, loss: Tensor, solved: Tensor | float, diagonal: Tensor | float
) -> RunSummary:
    """The summary after arriving at ``position`` ``(..., 2)`` with ``loss`` ``(...)``.

    A run is thrown by a step between two finite rows that is longer than the ``diagonal`` of the landscape's window and
    ends above the lowest loss until then. A long step downhill is no throw.
    """
    known = finite(position, loss)
    long = known & (summary.finite_row > 0) & (summary.last > diagonal)
    # A step along a level line changes the loss by rounding only.
    risen = loss - summary.lowest_loss > ROUNDING * summary.lowest_loss.abs()
    first_throw = long & risen & ~summary.thrown
    first = torch.where(summary.since < 0, summary.row, summary.since)
    return summary._replace(
        before_throw=torch.where(first_throw, summary.lowest_loss, summary.before_throw),
        lowest_loss=torch.where(known & (loss < summary.lowest_loss), loss, summary.lowest_loss),
        since=torch.where(loss < solved, first, torch.full_like(first, -1.0)),
        finite_row=torch.where(known, torch.ones_like(loss), torch.zeros_like(loss)),
    )


def add_step(summary: RunSummary, record: Record) -> RunSummary:
    """The summary after taking the step from a row at which it has arrived."""
    length, clipped = record.step_length, record.gradient_norm * record.clip_factor
    longer = (length < math.inf) & (length > summary.longest)
    larger = (clipped < math.inf) & (clipped > summary.largest_clipped)
    return summary._replace(
        row=summary.row + 1,
        longest=torch.where(longer, length, summary.longest),
        last=length,
        gradient_norm=record.gradient_norm,
        clipped_norm=clipped,
        largest_clipped=torch.where(larger, clipped, summary.largest_clipped),
    )
