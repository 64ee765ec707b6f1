"""Measurements of training runs of networks: last losses, and how many seeds solve their task.

A training run of a preset takes seconds, so each is computed once for all measurements of the same Scene.
"""

from functools import lru_cache
from typing import Annotated, NamedTuple

import torch
from torch import Tensor

from cliffscape.app.lessons.headless import HeadlessRun
from cliffscape.app.lessons.measurements.registry import RunArgument, measurement
from cliffscape.app.runs.pair import RUN_NAMES, run_name
from cliffscape.app.runs.training import initial_run
from cliffscape.app.runs.training_result import SOLVED
from cliffscape.app.scene.requirements import check_trainable
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.declare import Range
from cliffscape.landscapes.networks.training import first_time, train
from cliffscape.landscapes.optimizers.curvature_products import cost

# Updates between two counts of errors, and sequences of a count.
BLOCK, COUNTED = 50, 2000
Updates = Annotated[int, Range(1, 20_000)]


class Learned(NamedTuple):
    """Losses ``(updates, runs, seeds)``, and the updates after which tasks were solved, or 0: ``(runs, seeds)``."""

    losses: Tensor
    solved: Tensor


@lru_cache(maxsize=16)
def learn(scene: Scene) -> Learned:
    """Train the Scene's networks without and with its clip."""
    run, sums = initial_run(scene), scene.net.task.outputs == 1
    setting = (run.net, run.carry, run.seeds, run.optimizer, run.clip, scene.updates, run.batch_size)
    parts = list(train(*setting, block=BLOCK, fresh=0 if sums else COUNTED))
    losses = torch.cat([part.loss for part in parts])
    return Learned(losses, torch.zeros_like(losses[0]) if sums else first_time(parts, lambda part: part.error < SOLVED))


def row_of(headless: HeadlessRun, run: str) -> tuple[Learned, int]:
    """The training run of the Scene, and the row of one of its runs.

    Raises:
        BoundError: there is no such run, or the Scene has no network to train.
    """
    row = RUN_NAMES.index(run_name(run))
    check_trainable(headless.scene)
    # The descent on the slice does not matter for the training.
    scene = headless.scene.model_copy(update={"steps": 1, "window": None, "start": None})
    return learn(scene), row


@measurement()
def lowest_trained_loss(headless: HeadlessRun, run: RunArgument = "with", last: Updates = BLOCK) -> float:
    """The loss of the best seed after training: the mean of the last updates.

    Args:
        run: The run, ``without`` or ``with``.
        last: How many updates.
    """
    found, row = row_of(headless, run)
    return float(found.losses[-last:, row].mean(0).min())


@measurement()
def highest_trained_loss(headless: HeadlessRun, run: RunArgument = "with", last: Updates = BLOCK) -> float:
    """The loss of the worst seed after training: the mean of the last updates.

    Args:
        run: The run, ``without`` or ``with``.
        last: How many updates.
    """
    found, row = row_of(headless, run)
    return float(found.losses[-last:, row].mean(0).max())


@measurement()
def seeds_solved(headless: HeadlessRun, run: RunArgument = "with", within: Updates = 20_000) -> float:
    """How many seeds learn a task of classification, with fewer than 1 % of 2,000 new sequences wrong.

    Args:
        run: The run, ``without`` or ``with``.
        within: The update by which they must have learned it; errors are counted every 50 updates.
    """
    found, row = row_of(headless, run)
    return float(((found.solved[row] > 0) & (found.solved[row] <= within)).sum())


@measurement()
def gradients_per_update(headless: HeadlessRun) -> float:
    """The cost of an update of the Scene's optimizer, in gradients."""
    check_trainable(headless.scene)
    price = cost(headless.scene.build("optimizer"), headless.scene.net.layout.size)
    return 1.0 + price.products * price.gradients
