"""Verdicts: the facts about a finished run, and the clauses that say them, the most important first.

Facts and conditions are functions of a run's details, so that the browser evaluates the same ones, traced
(``outcome_kernel``). The page and the command line only fill in the clauses.
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor

from cliffscape.landscapes.descent.clip_role import RARE, clip_role
from cliffscape.landscapes.descent.details import RISE, RunDetails, arrive, leaps, oscillates
from cliffscape.landscapes.descent.outcome import (
    OUTCOMES,
    SHORT,
    cancelled,
    clause_flags,
    flat,
    outcome,
    short,
    shortened,
    zeroed,
)

# A run jumps back and forth if after two steps it is closer to where it was than this share of the last step.
RETURN = 0.1
# Two losses differ if they differ by this share: in three digits, closer ones may look the same.
LEVEL = 0.01
# In order. {name} is a number, and {name|step|steps} a number with its noun.
CLAUSES = {
    "thrown": "at step {thrown_step}, with a gradient norm of {thrown_norm}, it was thrown {thrown_length} units "
    "({thrown_windows} windows): loss {thrown_from} → {thrown_to}; lowest loss until then {best_loss}",
    "recovered": "at step {thrown_step}, with a gradient norm of {thrown_norm}, it was thrown {thrown_length} units "
    "({thrown_windows} windows): loss {thrown_from} → {thrown_to}; it recovered by step {recovered_step}",
    "gap": "Inf or NaN from step {gap_first} to step {gap_last}, then finite again",
    "gap_of_one": "Inf or NaN at step {gap_first}, then finite again",
    "gaps": "Inf or NaN at {gap_rows} of the steps {gap_first} to {gap_last}, then finite again",
    "nonfinite": "Inf or NaN from step {nonfinite_step} on; last finite loss {finite_loss}",
    "nonfinite_start": "Inf or NaN from the start on",
    "leaps": "at step {thrown_step}, with a gradient norm of {thrown_norm}, it moved {thrown_length} units "
    "({thrown_windows} windows) to a lower loss: {thrown_from} → {thrown_to}",
    "end": "loss {end_loss} after {steps|step|steps}",
    "oscillates": "the loss still oscillates; since step {solved_step} it is below {solved_loss}, which counts as "
    "converged",
    "rests": "it is at rest, with a gradient norm of {last_norm}",
    "saddle": "it lies at a saddle, with a curvature of {flattest} in one direction and {sharpness} in the other",
    "minimum": "it lies in a minimum, with curvatures of {flattest} and {sharpness}",
    "even_minimum": "it lies in a minimum, with a curvature of {sharpness}",
    "maximum": "it lies on a maximum, with curvatures of {flattest} and {sharpness}",
    "even_maximum": "it lies on a maximum, with a curvature of {flattest}",
    "trough": "it lies in a trough that is flat in one direction",
    "ridge": "it lies on a ridge that is flat in one direction",
    "plateau": "it lies on a plateau, where the curvature is next to 0",
    "cancelled": "it is at rest because the clipped gradients of the minibatches cancel: the gradient norm is "
    "{last_norm} before clipping and {last_clipped} after it",
    "shortened": "it is at rest because the clip shortens a gradient of norm {last_norm} to {last_clipped}",
    "zeroed": "it is at rest because the clip replaces a gradient with Inf or NaN by zero",
    "slow_threshold": "it is too slow: the gradient norm is {last_norm}, but the clipping threshold keeps its last "
    "step to {last_step} units",
    "slow_rate": "it is too slow: the gradient norm is {last_norm}, but the learning rate keeps its last step to "
    "{last_step} units",
    "slow_step": "it is too slow: the gradient norm is {last_norm}, but its last step is only {last_step} units long",
    "bounces": "it jumps back and forth, between losses {lower_loss} and {upper_loss}",
    "level_bounces": "it jumps back and forth, at a loss of {end_loss}",
    "falls": "the loss is still falling",
    "creeps": "the curve of the loss is flat at its end",
    "strays": "its lowest loss was {lowest_loss}, at step {lowest_step}",
    "rises": "its lowest loss was that of the start, {lowest_loss}",
    "singular": "at step {unsolved_step} the {matrix} was singular to working precision, so there was no step to take",
    "overflowed": "at step {unsolved_step} the {matrix} overflowed",
    "raised": "PyTorch raises an error at step {raised_step}, because the norm that it computes there is Inf or NaN",
    "clipped": "{clipped_steps} of {taken_steps|step|steps} clipped",
    "unclipped": "no step is clipped, so the run is the same as without clipping",
    "replaced": "{replaced_steps|gradient|gradients} with Inf or NaN replaced",
    "cost": "cost: {gradients|gradient|gradients} and {products|curvature product|curvature products}, as much as "
    "{work|gradient|gradients} (gradient descent: {gradients})",
}


class Circumstances(NamedTuple):
    """What a run was computed with ``(...)``: numbers, and 1 or 0 for yes or no.

    ``solved`` is minus infinity where no minimum is known, and ``diagonal`` is that of the landscape's own window.
    ``steps`` are those of the Scene. ``clips`` says whether the run has a clip, ``threshold`` whether that clip has a
    threshold, ``raises`` whether its framework raises an error on Inf or NaN, and ``minibatches`` whether it clips
    several minibatches at a step.
    ``matrix`` says whether the optimizer uses curvature, ``products`` how many products a step takes, and
    ``product_cost`` how many gradients one product costs.
    """

    solved: Tensor
    diagonal: Tensor
    steps: Tensor
    clips: Tensor
    threshold: Tensor
    raises: Tensor
    minibatches: Tensor
    matrix: Tensor
    products: Tensor
    product_cost: Tensor


def conclude(details: RunDetails, position: Tensor, loss: Tensor, about: Circumstances) -> dict[str, Tensor]:
    """Facts about a run that ends at ``position`` ``(..., 2)`` with ``loss`` ``(...)``, by name.

    ``details`` are those of all rows before the last one, from which no step is taken. ``outcome`` is an index into
    ``OUTCOMES``, and ``says_`` with the name of a clause is 1 if the clause belongs to the verdict, or with the name of
    a clip role, if the threshold has this role. The clauses about the place where a run rests are those of ``place``,
    because they need the curvature.
    """
    end = arrive(details, position, loss, about.solved, about.diagonal)
    code = outcome(end.summary, loss, about.solved, about.diagonal)
    facts = {"outcome": code, **facts_of(end, about)}
    found = {**conditions(end, code, about), **facts_conditions(facts, about), **role_conditions(facts, about)}
    return {**facts, **clause_flags(found, loss)}


def facts_of(end: RunDetails, about: Circumstances) -> dict[str, Tensor]:
    """The numbers that clauses and the page use. ``last`` is the last row to draw."""
    summary, lost = end.summary, end.nonfinite_step >= 0
    taken = torch.where(lost, end.nonfinite_step, about.steps)
    gradients, none = taken - end.gap_rows, torch.full_like(taken, -1.0)
    products = gradients * about.products
    return {
        "thrown": torch.where(summary.thrown, torch.ones_like(taken), torch.zeros_like(taken)),
        "thrown_step": end.key_step,
        "thrown_norm": end.key_norm,
        "thrown_length": end.key_length,
        "thrown_windows": end.key_length / about.diagonal,
        "thrown_from": end.key_from,
        "thrown_to": end.key_to,
        "best_loss": end.best_loss,
        "recovered_step": end.recovered_step,
        "nonfinite_step": end.nonfinite_step,
        "gap_rows": end.gap_rows,
        "gap_first": end.gap_first,
        "gap_last": end.gap_last,
        "finite_loss": end.finite_loss,
        "last": torch.where(lost, torch.clamp(end.nonfinite_step - 1, min=0.0), about.steps),
        "end_loss": end.newest_loss,
        "solved_loss": about.solved,
        "solved_step": summary.since,
        "lowest_loss": summary.lowest_loss,
        "lowest_step": end.lowest_step,
        "lower_loss": torch.minimum(end.newest_loss, end.previous_loss),
        "upper_loss": torch.maximum(end.newest_loss, end.previous_loss),
        "last_norm": summary.gradient_norm,
        "last_clipped": summary.clipped_norm,
        "last_step": summary.last,
        "unsolved_step": torch.where(about.matrix > 0, end.missing_step, none),
        "raised_step": torch.where(about.raises > 0, end.undefined_factor, none),
        "clipped_steps": end.clipped_steps,
        "replaced_steps": end.replaced_steps,
        "taken_steps": taken,
        "steps": about.steps,
        "gradients": gradients,
        "products": products,
        "work": gradients + products * about.product_cost,
    }


def conditions(end: RunDetails, code: Tensor, about: Circumstances) -> dict[str, Tensor]:
    """Which clauses say where a run ended and why, by name."""
    summary, finite = end.summary, end.nonfinite_step < 0
    converged, stalled, moving = (code == OUTCOMES.index(name) for name in ("converged", "stalled", "not_converged"))
    is_flat, none_left = flat(summary, end.newest_loss, about.diagonal), cancelled(summary)
    slow = moving & short(summary, about.diagonal)
    # Without the clip, the last step would have been as many times longer as the gradient.
    long_without = summary.last * summary.gradient_norm >= SHORT * about.diagonal * summary.clipped_norm
    held = slow & shortened(summary) & long_without
    going = moving & ~slow
    bounces = going & (end.returned < RETURN * summary.last)
    lowest, still = going & ~bounces & (end.newest_loss <= summary.lowest_loss), creeping(end, about.steps)
    higher = going & ~bounces & (end.newest_loss - summary.lowest_loss > RISE * end.newest_loss.abs())
    several = about.minibatches > 0
    unsolved = (about.matrix > 0) & (end.missing_step >= 0)
    return {
        "thrown": summary.thrown & (end.recovered_step < 0),
        "recovered": summary.thrown & (end.recovered_step >= 0),
        "gap_of_one": end.gap_rows == 1,
        "gap": (end.gap_rows > 1) & (end.gap_rows == end.gap_last - end.gap_first + 1),
        "gaps": (end.gap_rows > 1) & (end.gap_rows < end.gap_last - end.gap_first + 1),
        "nonfinite": end.nonfinite_step > 0,
        "nonfinite_start": end.nonfinite_step == 0,
        "leaps": leaps(end, about.diagonal),
        "end": finite,
        "oscillates": converged & oscillates(end, about.steps),
        "rests": stalled & is_flat,
        "cancelled": stalled & ~is_flat & none_left & several,
        "shortened": stalled & ~is_flat & none_left & ~several,
        "zeroed": stalled & zeroed(summary),
        "slow_threshold": held,
        "slow_rate": slow & ~held & ~(about.matrix > 0),
        "slow_step": slow & ~held & (about.matrix > 0),
        "bounces": bounces & ~level(end),
        "level_bounces": bounces & level(end),
        "falls": lowest & ~still & (end.previous_loss < math.inf),  # a loss after Inf or NaN has not fallen yet
        "creeps": lowest & still,
        "strays": higher & (end.lowest_step > 0),
        "rises": higher & (end.lowest_step == 0),
        "singular": unsolved & ~(end.missing_nan > 0),
        "overflowed": unsolved & (end.missing_nan > 0),
    }


def creeping(end: RunDetails, steps: Tensor) -> Tensor:
    """Whether as many steps more, each with the fall of the last one, would make no difference to the loss."""
    return (end.previous_loss - end.newest_loss) * steps <= LEVEL * end.newest_loss.abs()


def level(end: RunDetails) -> Tensor:
    """Whether the last two losses are nearly the same."""
    larger = torch.maximum(end.newest_loss.abs(), end.previous_loss.abs())
    return (end.newest_loss - end.previous_loss).abs() < LEVEL * larger


def facts_conditions(facts: dict[str, Tensor], about: Circumstances) -> dict[str, Tensor]:
    """Which clauses say what clip and optimizer did, by name."""
    clips = about.clips > 0
    raised, replaced = facts["raised_step"] >= 0, facts["replaced_steps"] > 0
    changed = (facts["clipped_steps"] > 0) | replaced | raised
    # Of a gradient with Inf or NaN there is no length to shorten, so nothing is said of clipping where all have it.
    measured = (facts["replaced_steps"] < facts["taken_steps"]) | raised
    return {
        "raised": clips & raised,
        "clipped": clips & (facts["taken_steps"] > 0) & changed & measured,
        "unclipped": clips & (facts["taken_steps"] > 0) & ~changed,
        "replaced": clips & replaced,
        "cost": about.matrix > 0,
    }


def role_conditions(facts: dict[str, Tensor], about: Circumstances) -> dict[str, Tensor]:
    """Which role the clipping threshold has, by name; none if the run has no threshold, or is steered by replacements.

    A gradient that is replaced has no length, whatever the threshold.
    """
    rare = facts["replaced_steps"] < RARE * facts["taken_steps"]
    bounded = (about.clips > 0) & (about.threshold > 0) & rare
    roles = clip_role(facts["clipped_steps"], facts["taken_steps"])
    return {name: bounded & holds for name, holds in roles.items()}
