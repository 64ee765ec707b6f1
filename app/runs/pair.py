"""Pair: the two runs of a Scene from the same start, one without and one with clipping."""

from collections.abc import Generator, Iterator
from typing import Literal, NamedTuple, get_args

import torch
from torch import Tensor

from cliffscape.app.scene.schema import Scene
from cliffscape.app.scene.sweep_axes import FAMILIES as SWEPT
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.clips.family import CLIPS
from cliffscape.landscapes.clips.minibatches import MeanLoss, over_minibatches
from cliffscape.landscapes.descent.descend import Record, descend
from cliffscape.landscapes.loss import Loss
from cliffscape.landscapes.networks.training import side_by_side
from cliffscape.landscapes.optimizers.schedules import with_schedule
from cliffscape.landscapes.transform import State, Transform, Variables, with_own_stream

RunName = Literal["without", "with"]
RUN_NAMES: tuple[RunName, ...] = get_args(RunName)
RUN_LABELS: dict[RunName, str] = {"without": "Without clipping", "with": "With clipping"}
# Steps per block: with the longest sequence a step takes a few milliseconds in PyTorch.
BLOCK = 4


def run_name(name: str) -> RunName:
    """The run of this name.

    Raises:
        BoundError: there is no such run.
    """
    for known in RUN_NAMES:
        if known == name:
            return known
    raise BoundError("run", repr(name), f"one of {', '.join(RUN_NAMES)}")


def shown_runs(scene: Scene) -> tuple[RunName, ...]:
    """The runs that the Scene shows."""
    return tuple(run for run in RUN_NAMES if scene.runs in ("both", run))


def transforms(scene: Scene, run: RunName, variables: Variables | None = None) -> tuple[Transform, Transform]:
    """Optimizer and clip of a run; ``variables`` are a network's, None where every coordinate is its own variable."""
    adapt = scene.surface.adapt
    optimizer = adapt(with_schedule(scene.build("optimizer"), scene.build("schedule")))
    if run == "without":
        return optimizer, adapt(CLIPS["none"].function())
    chosen = CLIPS[scene.clip.kind].build(scene.parameters("clip"), variables)
    return optimizer, adapt(with_own_stream(chosen, stream_values(scene)))


def stream_values(scene: Scene) -> dict[str, float]:
    """The numbers that a run's random stream depends on in addition to its start: all that a sweep can vary."""
    names = [(family, one.name) for family in SWEPT for one in scene.entry(family).numbers]
    return {f"{family}.{name}": float(scene.parameters(family)[name]) for family, name in names}


def build_loss(scene: Scene) -> Loss:
    """The loss of a landscape of two parameters."""
    return scene.surface.loss(**scene.parameters("landscape"))


class Pair(NamedTuple):
    """Optimizer and clip of both runs as a batch ``(2, D)``.

    ``history`` grows by an entry per step: the gradient, the clip's input and the clip's output. The input is the
    gradient, or the negative step if the clip limits steps.
    """

    optimizer: Transform
    clip: Transform
    history: list[tuple[Tensor, Tensor, Tensor]]


def pair_transforms(scene: Scene) -> tuple[Transform, Transform, Transform]:
    """The optimizer and the clip of each run, even if only one is shown: rounding must not depend on what is shown."""
    (optimizer, without), (_, guard) = (transforms(scene, run) for run in RUN_NAMES)
    if not scene.sliced:
        loss, displacement = build_loss(scene), optimizer.displacement
        without, guard = (over_minibatches(loss, clip, displacement) for clip in (without, guard))
    return optimizer, without, guard


def build_pair(scene: Scene) -> Pair:
    """Optimizer and clips of both runs, with their arrows."""
    return pair_of(*pair_transforms(scene))


def pair_of(optimizer: Transform, without: Transform, guard: Transform) -> Pair:
    """The pair with this optimizer and the clips of the two runs."""
    both = side_by_side(without, guard)
    history: list[tuple[Tensor, Tensor, Tensor]] = []
    optimizer, at_theta = record_gradients(optimizer)

    def update(gradient: Tensor, state: State, theta: Tensor) -> tuple[Tensor, State]:
        clipped, after = both.update(gradient, state, theta)
        history.append((at_theta.pop() if at_theta else gradient, gradient, clipped))
        return clipped, after

    def limit(step: Tensor) -> Tensor:
        # A clip of steps acts after the optimizer, so it replaces the entry that ``update`` added for this step.
        limited = step if both.limit is None else both.limit(step)
        history[-1] = (history[-1][0], -step, -limited)
        return limited

    return Pair(optimizer, both._replace(update=update, limit=limit if both.limit else None), history)


def record_gradients(optimizer: Transform) -> tuple[Transform, list[Tensor]]:
    """The optimizer, and a list to which it adds the gradient at theta if it needs that of another point."""
    found: list[Tensor] = []
    displacement = optimizer.displacement
    if displacement is None:
        return optimizer, found

    def record_gradient(gradient: Tensor) -> Tensor:
        found.append(gradient)
        return displacement(gradient)

    return optimizer._replace(displacement=record_gradient), found


def pair_start(scene: Scene) -> Tensor:
    """The start of both runs ``(2, 2)``."""
    return torch.tensor(scene.resolved_start, dtype=torch.float64).expand(len(RUN_NAMES), 2)


def pair_descent(scene: Scene, optimizer: Transform, clip: Transform) -> Iterator[Record]:
    """Both runs' descent as one batch, ``(BLOCK, 2, ...)`` at a time.

    Always on the CPU: a single point does not use a GPU well (an H100 takes twice as long), and a Scene's trajectory
    has the same bits on every server.
    """
    loss = build_loss(scene)
    # The clips handle minibatches themselves, so the loss here is the plain mean.
    plain = loss.__call__ if isinstance(loss, MeanLoss) else loss
    return descend(plain, pair_start(scene), optimizer, clip, scene.steps, BLOCK)


def run_pair(scene: Scene) -> Generator[int, None, Record]:
    """The trajectories of both runs, ``(steps + 1, 2, ...)``; yields every few rows, and how many they are."""
    optimizer, without, guard = pair_transforms(scene)
    blocks = []
    for block in pair_descent(scene, optimizer, side_by_side(without, guard)):
        blocks.append(block)
        yield len(block.loss)
    return Record(*(torch.cat(column) for column in zip(*blocks, strict=True)))
