"""The stages of a training run: parts of its seeds, whose curves are joined as they grow, and the whole run."""

import time
from collections.abc import Generator, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cliffscape.app.compute.encoding import Frame
from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames.division.stage import Stage, StagePart, TrainedSeeds
from cliffscape.app.frames.division.training_curves import curves, partial_curves
from cliffscape.app.frames.progress import MESSAGE_SECONDS
from cliffscape.app.runs.stored_training import advance_run, load_run, restore_run
from cliffscape.app.runs.training import RunState, initial_run
from cliffscape.app.scene.content_key import digest
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.descent.descend import carry_of


class Joined(NamedTuple):
    """The curves of all seeds, as a ``TrainingRun`` has them."""

    rows: list[NDArray[np.float64]]
    errors: list[NDArray[np.float64]]
    counted: list[int]
    pace: float


class NewRows(NamedTuple):
    """What a part of a run has done: rows ``(K, 3, 2, S)`` from update ``first`` on, and errors ``(N, 2, S)``."""

    first: int
    rows: NDArray[np.float64]
    errors: NDArray[np.float64]
    counted: list[int]
    pace: float
    token: str


def train_seeds(
    scene: Scene, seeds: range, workspace: Workspace
) -> Generator[NewRows | None, None, tuple[RunState, float]]:
    """The part of the Scene's run with these seeds, and its pace; yields its rows, each but once."""
    run = load_run(scene, workspace, seeds)
    sent, shown = 0, 0.0
    for _chunk in advance_run(run, scene, workspace):
        if time.monotonic() - shown < MESSAGE_SECONDS:
            yield None
            continue
        fresh = [k for k, update in enumerate(run.counted) if update > sent]
        errors = np.stack([run.errors[k] for k in fresh]) if fresh else np.empty((0, *run.rows[0].shape[1:]))
        rows = np.stack(run.rows[sent:])
        yield NewRows(sent, rows, errors, [run.counted[k] for k in fresh], run.pace, run.token)
        sent, shown = run.done, time.monotonic()
    state = run.state()
    # Snapshots are those of the first seed.
    return state if seeds.start == 0 else state._replace(snapshots=[], taken=[]), run.pace


class JoinedCurves:
    """The curves of all seeds as far as all parts have come; a part that is begun anew sends the same rows again."""

    def __init__(self, scene: Scene, key: str, parts: Sequence[range]) -> None:
        self._scene, self._key, self._parts = scene, key, parts
        self._rows: list[list[NDArray[np.float64]]] = [[] for _ in parts]
        self._errors: list[dict[int, NDArray[np.float64]]] = [{} for _ in parts]
        self._about: dict[int, NewRows] = {}
        self._joined: list[NDArray[np.float64]] = []
        self._shown = 0.0

    def show(self, number: int, new: NewRows) -> Frame | None:
        """The rows that all parts have and that were not shown yet, unless some were shown a moment ago."""
        self._rows[number][new.first :] = new.rows
        self._errors[number] |= dict(zip(new.counted, new.errors, strict=True))
        self._about[number] = new
        first, last = len(self._joined), min(map(len, self._rows))
        # A part waits for ``MESSAGE_SECONDS`` itself, and its clock may be a little ahead of this one.
        if last <= first or time.monotonic() - self._shown < MESSAGE_SECONDS / 2:
            return None
        self._shown = time.monotonic()
        fresh = zip(*(part[first:last] for part in self._rows), strict=True)
        self._joined += [np.concatenate(row, -1) for row in fresh]
        counted = [one for one in sorted(set.intersection(*map(set, self._errors))) if first < one <= last]
        errors = [np.concatenate([part[update] for part in self._errors], -1) for update in counted]
        about = [self._about[number] for number in range(len(self._parts))]
        found = Joined(self._joined, errors, counted, min(one.pace for one in about))
        return partial_curves(found, self._scene, self._key, first, last, digest([one.token for one in about]))


def training_stages(scene: Scene, key: str, parts: Sequence[range]) -> Generator[Stage, list[Any], Frame]:
    """A run whose seeds are trained in ``parts``. At the end one process gets the whole run, as if it had trained it.

    So the projection and the tables find the run, and a longer run of the same Scene continues its parts.
    """
    trainings = [StagePart(partial(train_seeds, scene, seeds), TrainedSeeds(scene, seeds)) for seeds in parts]
    ends: list[tuple[RunState, float]] = yield Stage(trainings, JoinedCurves(scene, key, parts).show)
    states, paces = zip(*ends, strict=True)
    (frame,) = yield Stage([StagePart(partial(store_whole, scene, key, states, min(paces)), TrainedSeeds(scene))])
    whole: Frame = frame
    return whole


def store_whole(
    scene: Scene, key: str, states: Sequence[RunState], pace: float, workspace: Workspace
) -> Generator[None, None, Frame]:
    """Store the whole run, and make the frame of its curves."""
    yield None
    whole = join_states(scene, states)
    restore_run(scene, whole, workspace)
    found = Joined([*whole.rows], [*whole.errors], whole.counted, pace)
    return curves(found, scene, key, 0, scene.updates)


def join_states(scene: Scene, states: Sequence[RunState]) -> RunState:
    """The state of the whole run after as many updates as its parts have, in the order of the seeds."""
    first = states[0]
    shapes = {name: tensor.shape for name, tensor in initial_run(scene).carry.tensors().items()}
    parts = [state.carry.tensors() for state in states]
    carry = carry_of({name: join_seeds([part[name] for part in parts], shape) for name, shape in shapes.items()})
    # Parts that were continued have counted at the ends of earlier requests, which may differ.
    counted = [update for update in first.counted if all(update in state.counted for state in states)]
    errors = [np.concatenate([state.errors[state.counted.index(one)] for state in states], -1) for one in counted]
    rows = np.concatenate([state.rows for state in states], -1)
    return first._replace(carry=carry, rows=rows, errors=np.stack(errors) if errors else rows[:0, 0], counted=counted)


def join_seeds(parts: Sequence[Tensor], shape: torch.Size) -> Tensor:
    """The tensor of all seeds, of ``shape``: the parts along the axis in which they differ from it, if there is one."""
    axis = [k for k, (part, whole) in enumerate(zip(parts[0].shape, shape, strict=True)) if part != whole]
    return torch.cat(list(parts), axis[0]) if axis else parts[0]
