"""Details of a single run: a run summary with the steps at which things happened, for sentences about the run.

The rule is written once, here. Python adds the rows of a trajectory one by one, and so does the browser with the same
function, traced (``outcome_kernel``).
"""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import torch
from torch import Tensor

from cliffscape.landscapes.descent.descend import Record
from cliffscape.landscapes.descent.outcome import OUTCOMES, outcome
from cliffscape.landscapes.descent.summary import RunSummary, add_row, initial_summary

# A clip factor this close to 1 is rounding. It may exceed 1, because the mean of clipped minibatches can be longer.
ROUNDING = 1e-12


class RunDetails(NamedTuple):
    """Numbers ``(...)`` of the rows so far, in the position's dtype.

    ``summary`` is what a sweep keeps too. ``lowest_loss`` is the lowest loss so far. ``key_step`` is the first step
    longer than the diagonal of the landscape's window between two finite rows, or else the longest step; ``best_loss``
    is the lowest loss up to the row where that step starts. ``nonfinite_step`` is the first row with Inf or NaN, or
    -1. ``clipped_steps`` counts the steps that the clip changed.
    """

    summary: RunSummary
    lowest_loss: Tensor
    key_step: Tensor
    best_loss: Tensor
    nonfinite_step: Tensor
    clipped_steps: Tensor

    def named(self) -> dict[str, Tensor]:
        """All numbers by name; those of the summary with a prefix, since ``throw`` is a word of JavaScript."""
        own = {name: number for name, number in self._asdict().items() if name != "summary"}
        return {**{f"summary_{name}": number for name, number in self.summary._asdict().items()}, **own}


def details_from(named: Mapping[str, Tensor]) -> RunDetails:
    """Details from their numbers by name."""
    summary = RunSummary(*(named[f"summary_{name}"] for name in RunSummary._fields))
    return RunDetails(summary, *(named[name] for name in RunDetails._fields[1:]))


def initial_details(position: Tensor) -> RunDetails:
    """Details of runs at ``position`` ``(..., 2)`` before their first row."""
    zero = torch.zeros_like(position[..., 0])
    return RunDetails(initial_summary(position), zero + math.inf, zero, zero, zero - 1, zero)


def add_details(
    details: RunDetails,
    position: Tensor,
    loss: Tensor,
    step_length: Tensor,
    clip_factor: Tensor,
    solved: Tensor,
    diagonal: Tensor,
) -> RunDetails:
    """Details with one row more: position ``(..., 2)``, loss, and length and clip factor of the step from here.

    The last row has no step; its length and clip factor are NaN.
    """
    before, lowest = details.summary, torch.minimum(details.lowest_loss, loss)
    after = add_row(before, position, loss, step_length, solved)
    thrown = after.throw > diagonal
    # A throw is known once its step has arrived at a finite row: it started one row before.
    first_throw = thrown & (before.throw <= diagonal)
    longer = (before.row < 1) | ((after.longest > before.longest) & (after.throw <= diagonal))
    key = torch.where(first_throw, before.row - 1, torch.where(longer, before.row, details.key_step))
    best = torch.where(first_throw, details.lowest_loss, torch.where(longer, lowest, details.best_loss))
    first_nonfinite = (details.nonfinite_step < 0) & (after.whole < 1)
    clipped = torch.where((clip_factor - 1).abs() > ROUNDING, torch.ones_like(loss), torch.zeros_like(loss))
    return RunDetails(
        after,
        lowest,
        key,
        best,
        torch.where(first_nonfinite, before.row, details.nonfinite_step),
        details.clipped_steps + clipped,
    )


def details_of(record: Record, solved: float, diagonal: float) -> tuple[str, dict[str, Any]]:
    """Outcome and details of a whole trajectory ``(steps + 1, ...)``; ``solved`` is minus infinity if unknown."""
    numbers = (torch.tensor(number, dtype=record.loss.dtype) for number in (solved, diagonal))
    edges = tuple(numbers)
    # No step is taken from the last row, whatever the clip would do there.
    factors = torch.cat([record.clip_factor[:-1], record.clip_factor.new_full((1,), math.nan)])
    rows = list(zip(record.position, record.loss, record.step_length, factors, strict=True))
    details = before = initial_details(record.position[0])
    for row in rows:
        before, details = details, add_details(details, *row, *edges)
    last = before.summary
    code = outcome(record.position[-1], record.loss[-1], edges[0], last.longest, last.last, edges[1])
    named = {name: float(number) for name, number in details.named().items()}
    return OUTCOMES[int(code)], {**named, "thrown": named["summary_throw"] > diagonal}
