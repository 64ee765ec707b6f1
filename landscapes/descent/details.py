"""Details of a single run: a run summary with the steps at which things happened, for sentences about the run.

The rule is written once, here. Python adds the rows of a trajectory one by one, and so does the browser with the same
function, traced (``outcome_kernel``).
"""

import math
from collections.abc import Mapping
from typing import NamedTuple

import torch
from torch import Tensor

from cliffscape.landscapes.descent.descend import Record
from cliffscape.landscapes.descent.outcome import recovered
from cliffscape.landscapes.descent.summary import ROUNDING, RunSummary, add_position, add_step, initial_summary

# A loss is above the lowest one if it is so by more than this share.
RISE = 0.01
# The loss oscillates if it was above the lowest one in so many of the last steps, or in this share of all steps.
RECENT, RECENT_SHARE = 10, 0.1


class RunDetails(NamedTuple):
    """Numbers ``(...)`` of the rows so far, in the position's dtype.

    ``summary`` is what a sweep keeps too. The key step is the one that threw the run first, or else the longest step:
    ``key_step`` is its row, ``key_norm`` the gradient norm there, ``key_length`` its length, ``key_from`` and
    ``key_to`` the losses before and after, and ``best_loss`` the lowest loss up to the row where it starts.
    ``recovered_step`` is the row from which a thrown run has been as low as before the throw, or -1. ``lowest_step`` is
    the row with the lowest loss. ``risen_step`` is the newest row whose loss was above the lowest one until then
    although that was below ``solved``, by more than a small share of the distance between the two, or -1.

    ``clipped_rows`` counts the rows whose gradient the clip made longer or shorter, and ``replaced_rows`` those where
    it made a step possible although the gradient was Inf or NaN; ``clipped_steps`` and ``replaced_steps`` are these
    numbers without the rows since ``nonfinite_step``.

    ``nonfinite_step`` is the row since which every row has Inf or NaN, or -1 if the newest one is finite. A clip may
    rescue a run: ``gap_rows`` counts the rows with Inf or NaN before a finite one, from ``gap_first`` to ``gap_last``
    (-1 if there are none). ``finite_loss`` is the loss of the last finite row. ``missing_step`` is the latest row with
    a finite gradient from which the optimizer found no finite step, or -1; ``missing_nan`` is 1 if that step is NaN,
    and 0 if it is infinite. ``undefined_factor`` is the first row whose clip factor is NaN, or -1.

    ``newest_x``, ``newest_y`` and ``newest_loss`` are those of the newest row, ``previous_x``, ``previous_y`` and
    ``previous_loss`` those of the row before it. ``returned`` is the distance from the newest row to the one two rows
    before.
    """

    summary: RunSummary
    key_step: Tensor
    key_norm: Tensor
    key_length: Tensor
    key_from: Tensor
    key_to: Tensor
    best_loss: Tensor
    recovered_step: Tensor
    lowest_step: Tensor
    risen_step: Tensor
    clipped_rows: Tensor
    replaced_rows: Tensor
    clipped_steps: Tensor
    replaced_steps: Tensor
    nonfinite_step: Tensor
    gap_rows: Tensor
    gap_first: Tensor
    gap_last: Tensor
    finite_loss: Tensor
    missing_step: Tensor
    missing_nan: Tensor
    undefined_factor: Tensor
    newest_x: Tensor
    newest_y: Tensor
    newest_loss: Tensor
    previous_x: Tensor
    previous_y: Tensor
    previous_loss: Tensor
    returned: Tensor

    def tensors(self) -> dict[str, Tensor]:
        """All numbers by name; those of the summary with a prefix."""
        own = {name: number for name, number in self._asdict().items() if name != "summary"}
        return {**{f"summary_{name}": number for name, number in self.summary._asdict().items()}, **own}


def details_from(numbers: Mapping[str, Tensor]) -> RunDetails:
    """Details from their numbers by name."""
    summary = RunSummary(*(numbers[f"summary_{name}"] for name in RunSummary._fields))
    return RunDetails(summary, *(numbers[name] for name in RunDetails._fields[1:]))


def initial_details(position: Tensor) -> RunDetails:
    """Details of runs at ``position`` ``(..., 2)`` before their first row."""
    zero = torch.zeros_like(position[..., 0])
    start = dict.fromkeys(RunDetails._fields[1:], zero)
    start |= dict.fromkeys(
        ("recovered_step", "risen_step", "nonfinite_step", "gap_first", "gap_last", "missing_step", "undefined_factor"),
        zero - 1,
    )
    # No row has been seen, and there is none two rows before the first two.
    unknown = [f"{row}_{name}" for row in ("newest", "previous") for name in ("x", "y", "loss")]
    start |= dict.fromkeys((*unknown, "finite_loss"), zero + math.nan)
    return RunDetails(initial_summary(position), **start)


def add_details(details: RunDetails, record: Record, solved: Tensor, diagonal: Tensor) -> RunDetails:
    """Details with one row more, and the step that is taken from there."""
    there = arrive(details, record.position, record.loss, solved, diagonal)
    before, here = there.summary, add_step(there.summary, record)
    longer = ~before.thrown & ((before.row < 1) | (here.longest > before.longest))
    # It may exceed 1, because the mean of clipped minibatches can be longer.
    changed = (record.clip_factor - 1).abs() > ROUNDING
    replaced = ~(record.gradient_norm < math.inf) & (record.step_length < math.inf)
    undefined = (there.undefined_factor < 0) & (record.clip_factor != record.clip_factor)
    one, zero = torch.ones_like(record.loss), torch.zeros_like(record.loss)
    return there._replace(
        summary=here,
        key_step=torch.where(longer, before.row, there.key_step),
        key_norm=torch.where(longer, record.gradient_norm, there.key_norm),
        key_length=torch.where(longer, record.step_length, there.key_length),
        key_from=torch.where(longer, record.loss, there.key_from),
        best_loss=torch.where(longer, before.lowest_loss, there.best_loss),
        clipped_rows=there.clipped_rows + torch.where(changed & ~replaced, one, zero),
        replaced_rows=there.replaced_rows + torch.where(replaced, one, zero),
        **missing_steps(there, record),
        undefined_factor=torch.where(undefined, before.row, there.undefined_factor),
    )


def arrive(details: RunDetails, position: Tensor, loss: Tensor, solved: Tensor, diagonal: Tensor) -> RunDetails:
    """Details after arriving at ``position`` ``(..., 2)`` with ``loss`` ``(...)``, before the step from there."""
    before, (x, y) = details.summary, position.unbind(-1)
    here = add_position(before, position, loss, solved, diagonal)
    finite = here.finite_row > 0
    # A throw is known once its step has arrived: it started one row before.
    first_throw = here.thrown & ~before.thrown
    back = here.thrown & recovered(here, loss, solved)
    since = torch.where(details.recovered_step < 0, before.row, details.recovered_step)
    counted = finite | (details.nonfinite_step < 0)
    room = solved - here.lowest_loss
    risen = (room > 0) & (loss - here.lowest_loss > RISE * room)
    return details._replace(
        summary=here,
        key_step=torch.where(first_throw, before.row - 1, details.key_step),
        key_norm=torch.where(first_throw, before.gradient_norm, details.key_norm),
        key_length=torch.where(first_throw, before.last, details.key_length),
        key_from=torch.where(first_throw, details.newest_loss, details.key_from),
        key_to=torch.where(first_throw | (details.key_step == before.row - 1), loss, details.key_to),
        best_loss=torch.where(first_throw, here.before_throw, details.best_loss),
        recovered_step=torch.where(back, since, torch.full_like(since, -1.0)),
        lowest_step=torch.where(here.lowest_loss < before.lowest_loss, before.row, details.lowest_step),
        risen_step=torch.where(risen, before.row, details.risen_step),
        clipped_steps=torch.where(counted, details.clipped_rows, details.clipped_steps),
        replaced_steps=torch.where(counted, details.replaced_rows, details.replaced_steps),
        **nonfinite_rows(details, finite),
        finite_loss=torch.where(finite, loss, details.finite_loss),
        newest_x=x,
        newest_y=y,
        newest_loss=loss,
        previous_x=details.newest_x,
        previous_y=details.newest_y,
        previous_loss=details.newest_loss,
        returned=torch.sqrt((x - details.previous_x) ** 2 + (y - details.previous_y) ** 2),
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


def missing_steps(details: RunDetails, record: Record) -> dict[str, Tensor]:
    """The latest step that is Inf or NaN although the clipped gradient is finite."""
    length = record.step_length
    missing = ((record.gradient_norm * record.clip_factor).abs() < math.inf) & ~(length < math.inf)
    zero = torch.zeros_like(record.loss)
    # A length is never negative, so only NaN fails this comparison.
    is_nan = torch.where(length >= 0, zero, zero + 1)
    return {
        "missing_step": torch.where(missing, details.summary.row, details.missing_step),
        "missing_nan": torch.where(missing, is_nan, details.missing_nan),
    }


def details_of(record: Record, solved: Tensor, diagonal: Tensor) -> RunDetails:
    """Details of a trajectory ``(steps + 1, ...)`` before its last row, from which no step is taken."""
    details = initial_details(record.position[0])
    for row in zip(*(column[:-1] for column in record), strict=True):
        details = add_details(details, Record(*row), solved, diagonal)
    return details


def leaps(end: RunDetails, diagonal: Tensor) -> Tensor:
    """Whether the longest step was as long as that of a throw, but ended at a lower loss."""
    long = ~end.summary.thrown & (end.key_length > diagonal)
    return (end.nonfinite_step < 0) & long & (end.key_to < end.key_from)


def oscillates(end: RunDetails, steps: Tensor) -> Tensor:
    """Whether the loss has risen in the last steps. A run that falls to its end has not."""
    recent = torch.clamp(RECENT_SHARE * steps, min=float(RECENT))
    return (end.risen_step >= 0) & (end.risen_step > steps - recent)
