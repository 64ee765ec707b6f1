"""Outcomes: the rule that classifies a run by a few numbers of its summary."""

import math

import torch
from torch import Tensor

# Stable names: in frames, exports, links and style sheets; the page says LABELS.
OUTCOMES = ("converged", "not_converged", "stalled", "thrown", "diverged")
LABELS = {name: name.replace("_", " ") for name in OUTCOMES}
MEANINGS = {
    "converged": "The final loss is low enough to count as solved here. The run may still be moving.",
    "not_converged": "The final loss is too high to count as solved, and the run is still moving.",
    "stalled": "The final loss is too high to count as solved, and the last step is too short to make progress.",
    "thrown": "One step was longer than the diagonal of the landscape's window, and the run did not recover.",
    "diverged": "The loss or a parameter became Inf or NaN.",
}
# A last step below this share of the window's diagonal is standing still: 10^5 more of them cross it once.
STANDSTILL = 1e-5


def finite(position: Tensor, loss: Tensor) -> Tensor:
    """Whether position ``(..., 2)`` and loss ``(...)`` are finite."""
    return (loss.abs() < math.inf) & (position.abs().amax(-1) < math.inf)


def outcome(
    position: Tensor, loss: Tensor, solved: Tensor, longest_step: Tensor, last_step: Tensor, diagonal: Tensor
) -> Tensor:
    """Index into ``OUTCOMES`` ``(...)`` of a run that ends at ``position`` ``(..., 2)`` with ``loss`` ``(...)``.

    In this order: *diverged* when position or loss is Inf or NaN; *converged* when the loss is below ``solved`` (minus
    infinity where no minimum is known); *thrown* when one step was longer than the ``diagonal`` of the landscape's
    window and the run did not recover; *stalled* when the last step is below 1e-5 diagonals; else
    *not converged*.
    """
    known = finite(position, loss)

    def code(name: str) -> Tensor:
        return torch.full_like(loss, OUTCOMES.index(name))

    moving = torch.where(last_step < STANDSTILL * diagonal, code("stalled"), code("not_converged"))
    lost = torch.where(longest_step > diagonal, code("thrown"), moving)
    return torch.where(known, torch.where(loss < solved, code("converged"), lost), code("diverged"))


# Clauses of a verdict, after "With clipping, not converged:"; the page and the command line fill in the same words.
SENTENCES = {
    "thrown": "at step {thrown_step}, with a gradient norm of {thrown_norm}, it moved {thrown_length} units "
    "({thrown_windows} windows): loss {thrown_from} → {thrown_to}; lowest loss until then {best_loss}",
    "nonfinite": "Inf or NaN from step {nonfinite_step} on; last finite loss {finite_loss}",
    "nonfinite_start": "Inf or NaN from the start on",
    "gap": "Inf or NaN from step {gap_first} to step {gap_last}, then finite again",
    "gaps": "Inf or NaN at {gap_rows} of the steps {gap_first} to {gap_last}, then finite again",
    "raised": "PyTorch raises an error at step {raised_step}, because the norm that it computes there is Inf or NaN",
    "singular": "at step {unsolved_step} the {matrix} was singular to working precision, so there was no step to take",
    "overflowed": "at step {unsolved_step} the {matrix} overflowed",
    "end": "loss {end_loss} after {steps} steps",
    "clipped": "{clipped_steps} of {steps} steps clipped",
    "cost": "cost: {gradients} gradients and {products} curvature products, as much as {work} gradients "
    "(gradient descent: {gradients})",
}
