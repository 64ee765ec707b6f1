"""Pair: the two runs of a Scene, from one start, without clipping and with it."""

from collections.abc import Generator, Iterator
from typing import Literal, NamedTuple, get_args

import torch
from torch import Tensor

from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.clips.family import CLIPS
from cliffscape.landscapes.clips.minibatches import MeanLoss, over_minibatches
from cliffscape.landscapes.descent.descend import Record, descend
from cliffscape.landscapes.loss import Loss
from cliffscape.landscapes.networks.training import side_by_side
from cliffscape.landscapes.optimizers.schedules import with_schedule
from cliffscape.landscapes.transform import State, Transform, Variables

RunName = Literal["without", "with"]
RUN_NAMES: tuple[RunName, ...] = get_args(RunName)
# Steps between two looks at the clock: the longest sequence takes a few milliseconds a step in PyTorch.
BLOCK = 4


def chosen(scene: Scene) -> tuple[RunName, ...]:
    """The runs that the Scene shows."""
    return tuple(run for run in RUN_NAMES if scene.runs in ("both", run))


def transforms(scene: Scene, run: RunName, variables: Variables | None = None) -> tuple[Transform, Transform]:
    """Optimizer and clip of a run; ``variables`` are those of a whole net, None where every coordinate is one."""
    optimizer = with_schedule(scene.build("optimizer"), scene.build("schedule"))
    if run == "without":
        return optimizer, CLIPS["none"].function()
    return optimizer, CLIPS[scene.clip.kind].build(scene.parameters("clip"), variables)


def loss_of(scene: Scene) -> Loss:
    """The loss of a landscape of two parameters."""
    return scene.surface.loss(**scene.parameters("landscape"))


class Pair(NamedTuple):
    """What both runs ``(2, D)`` run under.

    ``seen`` fills, step by step, with the gradients and with what the clip was given (those, or the steps turned round)
    and left of it.
    """

    optimizer: Transform
    clip: Transform
    seen: list[tuple[Tensor, Tensor, Tensor]]


def pair(scene: Scene) -> Pair:
    """Optimizer and clips of both runs, whichever are shown: rounding may not hang on what is looked at."""
    (optimizer, without), (_, guard) = (transforms(scene, run) for run in RUN_NAMES)
    if not scene.recurrent:
        without, guard = (over_minibatches(loss_of(scene), clip) for clip in (without, guard))
    both = side_by_side(without, guard)
    seen: list[tuple[Tensor, Tensor, Tensor]] = []

    def update(gradient: Tensor, state: State, theta: Tensor) -> tuple[Tensor, State]:
        clipped, after = both.update(gradient, state, theta)
        seen.append((gradient, gradient, clipped))
        return clipped, after

    def limit(step: Tensor) -> Tensor:
        limited = step if both.limit is None else both.limit(step)
        seen[-1] = (seen[-1][0], -step, -limited)
        return limited

    return Pair(optimizer, both._replace(update=update, limit=limit if both.limit else None), seen)


def starts_of_both(scene: Scene) -> Tensor:
    """The start of both runs ``(2, 2)``."""
    return torch.tensor(scene.resolved_start, dtype=torch.float64).expand(len(RUN_NAMES), 2)


def descent_of_both(scene: Scene, both: Pair) -> Iterator[Record]:
    """Both runs' descent side by side, ``(BLOCK, 2, ...)`` at a time; on the CPU, as ``descent``."""
    loss = loss_of(scene)
    # Each run's clip has its minibatches already: what is followed is the plain mean.
    plain = loss.__call__ if isinstance(loss, MeanLoss) else loss
    return descend(plain, starts_of_both(scene), both.optimizer, both.clip, scene.steps, BLOCK)


def descent(scene: Scene, run: RunName) -> Generator[None, None, Record]:
    """The trajectory of one run, ``(steps + 1, ...)``; yields after every few steps.

    Always on the CPU: one point at a time keeps no GPU busy (an H100 takes twice as long), and a Scene's
    trajectory is then the same to the last bit on every server.
    """
    start = torch.tensor(scene.resolved_start, dtype=torch.float64)
    blocks = []
    for block in descend(loss_of(scene), start, *transforms(scene, run), scene.steps, BLOCK):
        blocks.append(block)
        yield
    return Record(*(torch.cat(column) for column in zip(*blocks, strict=True)))
