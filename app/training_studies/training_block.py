"""Training blocks: a part of a training, with the state from which the next one continues it."""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from cliffscape.app.blocks.local_processes import stored_libraries
from cliffscape.app.training_studies.study import (
    BATCH_SIZE,
    FRESH,
    INITIALISATION,
    SOLVED,
    Training,
    net_of,
)
from cliffscape.landscapes.catalogue import CLIPS, OPTIMIZERS
from cliffscape.landscapes.descent.descend import Carry, carry_of
from cliffscape.landscapes.networks.catalogue import INITIALISATIONS
from cliffscape.landscapes.networks.training import Progress, train

# Results of a training: updates that were made, the update after which it was first seen solved and that at which it
# diverged (0: never), the share of sequences that were wrong in the last count, and the largest norm of a gradient.
RESULTS = ("updates", "solved_after", "diverged_at", "error", "largest_gradient_norm")
State = Mapping[str, NDArray[Any]]


class TrainingBlock(NamedTuple):
    """The updates of a training up to ``last``, from a ``state`` or from its initial weights."""

    number: int
    training: Training
    every: int
    last: int
    state: State | None = None

    @property
    def name(self) -> str:
        """The name under which its state is kept: the same for all blocks of a training."""
        return f"training-{self.number:06}"


def compute_block(block: TrainingBlock) -> State:
    """The results after the block, and the tensors of the training's carry if it goes on.

    It ends early when it is solved, or when its parameters are NaN: they stay so.
    """
    stored_libraries()
    about, state = block.training, dict(block.state or {})
    found = {name: float(state.get(name, math.nan if name == "error" else 0.0)) for name in RESULTS}
    net, seeds = net_of(about.length), torch.tensor([about.seed])
    clip = CLIPS["none"].function() if about.threshold is None else CLIPS["by_norm"].function(about.threshold)
    optimizer = OPTIMIZERS["gradient_descent"].function(about.learning_rate)
    start: torch.Tensor | Carry
    if block.state is None:
        start = net.initial(INITIALISATIONS[INITIALISATION].function(), seeds)
    else:
        start = carry_of({name: torch.from_numpy(array) for name, array in state.items() if name not in RESULTS})
    done = int(found["updates"])
    arguments = (net, start, seeds, optimizer, clip, block.last, BATCH_SIZE, block.every, FRESH, done)
    for part in train(*arguments):
        found = add_part(found, part)
        if found["solved_after"] or found["diverged_at"]:
            break
    results = {name: np.array(value) for name, value in found.items()}
    return {**results, **{name: tensor.numpy() for name, tensor in part.carry.tensors().items()}}


def add_part(found: Mapping[str, float], part: Progress) -> dict[str, float]:
    """The results after a further part of the updates."""
    error, losses = float(part.error[0]), part.loss[:, 0]
    largest = float(part.gradient_norm.nan_to_num(math.inf).max())
    diverged = 0
    if not bool(part.carry.theta.isfinite().all()):
        wrong = (~losses.isfinite()).nonzero()
        diverged = part.updates - len(losses) + int(wrong[0]) + 1 if len(wrong) else part.updates
    return {
        "updates": part.updates,
        "solved_after": part.updates if error < SOLVED else 0,
        "diverged_at": diverged,
        "error": error,
        "largest_gradient_norm": max(found["largest_gradient_norm"], largest),
    }


def is_finished(state: State, updates: int) -> bool:
    """Whether a training needs no further updates."""
    return bool(state["updates"] >= updates or state["solved_after"] > 0 or state["diverged_at"] > 0)
