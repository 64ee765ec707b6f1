"""Frames of a training run: its curves as they grow, and its projection on the slice."""

import time
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cliffscape.app.compute.cache import FrameGenerator, SizedCache
from cliffscape.app.compute.encoding import Frame
from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames.division.stage import Actors, Division, split
from cliffscape.app.frames.division.training_curves import curves, partial_curves
from cliffscape.app.frames.division.training_stages import training_stages
from cliffscape.app.frames.kind import frame_kind
from cliffscape.app.frames.progress import SHOW_SECONDS, progress
from cliffscape.app.frames.source import view_of
from cliffscape.app.runs.network import View, slice_view
from cliffscape.app.runs.pair import RUN_NAMES
from cliffscape.app.runs.stored_training import advance_run, load_run
from cliffscape.app.runs.training import predicted_seconds
from cliffscape.app.scene.dependencies import SLICE, TRAINING_RUN, Part, on_condition
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.models.model_view import ModelView

# Seconds of a run on one core from which its seeds are divided over actors.
WORTHWHILE_SECONDS = 2.0
# The name of a run of the user's own training loop.
RECORDED = "recorded"


def divide_training(scene: Scene, _: None, key: str, actors: Actors, kept: SizedCache[Any]) -> Division | None:
    """A part of the seeds for every actor. A slice of the run needs all of it in one place, where it is not divided."""
    parts = split(scene.seeds, actors.count)
    seconds = scene.updates * scene.seeds * predicted_seconds(scene)
    if scene.slice_of_run or len(parts) == 1 or seconds < WORTHWHILE_SECONDS:
        return None
    return training_stages(scene, key, [range(*bounds) for bounds in parts])


@frame_kind(
    "training",
    depends_on=(*TRAINING_RUN, Part("updates")),
    levels={None: 60_000},
    when={"network": True},
    line="",
    on_request=True,
    trains=True,
    divide=divide_training,
)
def training_frame(scene: Scene, _: None, key: str, workspace: Workspace) -> FrameGenerator:
    """The curves of the whole run; shown as they grow, each part but once."""
    run = load_run(scene, workspace)
    sent, shown = 0, 0.0
    for _chunk in advance_run(run, scene, workspace):
        if time.monotonic() - shown < SHOW_SECONDS:
            yield None
            continue
        last = min(run.done, scene.updates)
        yield partial_curves(run, scene, key, sent, last, run.token)
        sent, shown = last, time.monotonic()
    return curves(run, scene, key, 0, scene.updates)


@frame_kind(
    "projection",
    depends_on=(*SLICE, *on_condition({"network": True}, (*TRAINING_RUN, Part("updates")))),
    levels={None: 61_000},
    when={"projected": True},
    on_request=True,
    trains=True,
)
def projection_frame(scene: Scene, _: None, key: str, workspace: Workspace) -> FrameGenerator:
    """The first seed's run, projected on the slice: where it passed the plane, and how far away.

    ``loss`` is the true loss of each snapshot on the slice's minibatch; a point does not lie on the slice's surface.
    ``explained`` is the share of the snapshots' variance about their mean that lies within the plane. A model's run is
    the one that its user has recorded.
    """
    if not scene.recurrent:
        return (yield from recorded_frame(scene, key))
    view = yield from view_of(scene, workspace)
    run = load_run(scene, workspace)
    for _chunk in advance_run(run, scene, workspace):
        yield progress(key, 0, run.done / scene.updates)
    theta, taken = run.positions(scene.updates)
    point, distance = view.slice.project(theta)
    yield None
    losses = []
    for part in torch.split(theta.flatten(0, 1), 8):
        losses.append(view.subject.net.value(view.subject.batch)(part))
        yield None
    x, y = point.unbind(-1)
    columns = {"x": x, "y": y, "loss": torch.cat(losses).reshape(distance.shape), "distance": distance}
    arrays = {name: column.mT.contiguous().numpy() for name, column in columns.items()}
    at: NDArray[np.float64] = np.array(taken, dtype=np.float64)
    fields = {"runs": list(RUN_NAMES), "explained": [explained_variance(view, run) for run in theta.unbind(1)]}
    return Frame("projection", key, fields, {**arrays, "at": at})


def recorded_frame(scene: Scene, key: str) -> FrameGenerator:
    """The projection of a recorded run on the view of its model, with true losses."""
    view = yield from slice_view(scene)
    assert isinstance(view, ModelView) and view.projection is not None
    losses = []
    for loss in view.snapshot_losses():
        losses.append(float(loss))
        yield None
    (x, y), distance, step = view.projection.point.mT, view.projection.distance, view.projection.step
    columns = {"x": x, "y": y, "loss": torch.tensor(losses, dtype=torch.float64), "distance": distance}
    arrays = {name: column.unsqueeze(0).contiguous().numpy() for name, column in columns.items()}
    fields = {"runs": [RECORDED], "explained": [None]}
    return Frame("projection", key, fields, {**arrays, "at": step.double().numpy()})


def explained_variance(view: View, theta: Tensor) -> float | None:
    """Share of the variance of ``theta`` ``(N, D)`` about its mean that lies in the plane; None if there is none."""
    finite = theta[theta.isfinite().all(-1)]
    offset = finite - finite.mean(0)
    total = float((offset**2).sum())
    return float(view.slice.along(offset).sum()) / total if 0 < total < float("inf") else None
