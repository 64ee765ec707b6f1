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
    is the lowest loss up to the row where that step starts. ``clipped_steps`` counts the steps that the clip changed.

    ``nonfinite_step`` is the row since which every row has Inf or NaN, or -1 if the newest one is finite. A clip may
    rescue a run: ``gap_rows`` counts the rows with Inf or NaN before a finite one, from ``gap_first`` to ``gap_last``
    (-1 if there are none). ``missing_step`` is the latest row with a finite gradient from which the optimizer found no
    finite step, or -1; ``missing_nan`` is 1 if that step is NaN, and 0 if it is infinite. ``undefined_factor`` is the
    first row whose clip factor is NaN; every run has it at its last row, where nothing is clipped.
    """

    summary: RunSummary
    lowest_loss: Tensor
    key_step: Tensor
    best_loss: Tensor
    clipped_steps: Tensor
    nonfinite_step: Tensor
    gap_rows: Tensor
    gap_first: Tensor
    gap_last: Tensor
    missing_step: Tensor
    missing_nan: Tensor
    undefined_factor: Tensor

    def tensors(self) -> dict[str, Tensor]:
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
    none = zero - 1
    return RunDetails(
        initial_summary(position), zero + math.inf, zero, zero, zero, none, zero, none, none, none, zero, none
    )


class TrajectoryRow(NamedTuple):
    """A row of a trajectory ``(...)``: position ``(..., 2)`` and loss, and what is recorded of the step from here.

    The last row has no step; its clip factor and length are NaN.
    """

    position: Tensor
    loss: Tensor
    gradient_norm: Tensor
    clip_factor: Tensor
    step_length: Tensor


def add_details(details: RunDetails, row: TrajectoryRow, solved: Tensor, diagonal: Tensor) -> RunDetails:
    """Details with one row more."""
    before = details.summary
    # A loss that is NaN is not the lowest one.
    lowest = torch.where(row.loss < details.lowest_loss, row.loss, details.lowest_loss)
    after = add_row(before, row.position, row.loss, row.step_length, solved)
    thrown = after.throw > diagonal
    # A throw is known once its step has arrived at a finite row: it started one row before.
    first_throw = thrown & (before.throw <= diagonal)
    longer = (before.row < 1) | ((after.longest > before.longest) & (after.throw <= diagonal))
    clipped = torch.where((row.clip_factor - 1).abs() > ROUNDING, torch.ones_like(row.loss), torch.zeros_like(row.loss))
    return details._replace(
        summary=after,
        lowest_loss=lowest,
        key_step=torch.where(first_throw, before.row - 1, torch.where(longer, before.row, details.key_step)),
        best_loss=torch.where(first_throw, details.lowest_loss, torch.where(longer, lowest, details.best_loss)),
        clipped_steps=details.clipped_steps + clipped,
        **nonfinite_rows(details, after.finite_row > 0),
        **missing_steps(details, row),
        undefined_factor=first_undefined_factor(details, row),
    )


def nonfinite_rows(details: RunDetails, finite: Tensor) -> dict[str, Tensor]:
    """Where the rows with Inf or NaN are, once the newest row is known to be ``finite`` or not."""
    row, since = details.summary.row, details.nonfinite_step
    rescued = finite & (since >= 0)
    return {
        "nonfinite_step": torch.where(finite, torch.full_like(row, -1.0), torch.where(since < 0, row, since)),
        "gap_rows": torch.where(rescued, details.gap_rows + row - since, details.gap_rows),
        "gap_first": torch.where(rescued & (details.gap_first < 0), since, details.gap_first),
        "gap_last": torch.where(rescued, row - 1, details.gap_last),
    }


def first_undefined_factor(details: RunDetails, row: TrajectoryRow) -> Tensor:
    """The first row whose clip factor is NaN, or -1."""
    first = (details.undefined_factor < 0) & (row.clip_factor != row.clip_factor)
    return torch.where(first, details.summary.row, details.undefined_factor)


def missing_steps(details: RunDetails, row: TrajectoryRow) -> dict[str, Tensor]:
    """The latest step that is Inf or NaN although the clipped gradient is finite."""
    missing = ((row.gradient_norm * row.clip_factor).abs() < math.inf) & ~(row.step_length < math.inf)
    zero = torch.zeros_like(row.loss)
    is_nan = torch.where(row.step_length == row.step_length, zero, zero + 1)
    return {
        "missing_step": torch.where(missing, details.summary.row, details.missing_step),
        "missing_nan": torch.where(missing, is_nan, details.missing_nan),
    }


def details_of(record: Record, solved: float, diagonal: float) -> tuple[str, dict[str, Any]]:
    """Outcome and details of a whole trajectory ``(steps + 1, ...)``; ``solved`` is minus infinity if unknown."""
    numbers = (torch.tensor(number, dtype=record.loss.dtype) for number in (solved, diagonal))
    edges = tuple(numbers)
    # No step is taken from the last row, whatever the clip would do there.
    factors = torch.cat([record.clip_factor[:-1], record.clip_factor.new_full((1,), math.nan)])
    columns = (record.position, record.loss, record.gradient_norm, factors, record.step_length)
    details = before = initial_details(record.position[0])
    for row in zip(*columns, strict=True):
        before, details = details, add_details(details, TrajectoryRow(*row), *edges)
    last = before.summary
    code = outcome(record.position[-1], record.loss[-1], edges[0], last.longest, last.last, edges[1])
    named = {name: float(number) for name, number in details.tensors().items()}
    return OUTCOMES[int(code)], {**named, "thrown": named["summary_throw"] > diagonal}
