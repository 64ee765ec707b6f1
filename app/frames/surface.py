"""The surface: loss and gradient norm on a grid over the window, coarse to fine; and the minima of a formula."""

import time
from collections.abc import Callable, Generator
from functools import partial

import numpy as np
import torch
from torch import Tensor

from cliffscape.app.compute.cache import FrameGenerator
from cliffscape.app.compute.encoding import Frame
from cliffscape.app.compute.precision import for_picture, is_narrow
from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames.kind import Costs, frame_kind
from cliffscape.app.frames.progress import SAY_SECONDS, SHOW_SECONDS, progress
from cliffscape.app.frames.sampler import Sampler
from cliffscape.app.frames.source import FrameSource, source_of
from cliffscape.app.scene.dependencies import SLICE, Part, on_condition
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.formula.typed_formula import search_at
from cliffscape.landscapes.loss import MINIBATCH
from cliffscape.landscapes.models.model_landscape import view_of
from cliffscape.landscapes.slices.memory import losses_within

# Points per side. The map's picture is sharp before the relief is begun, and finest after it.
LEVELS: Costs = {33: 10, 129: 60, 257: 150, 513: 900}
# A curve has a single row of points.
CURVE_LEVELS: Costs = {513: 10, 4097: 60}
# A point of a network takes milliseconds, so both runs come before a fine picture.
NETWORK_LEVELS: Costs = {17: 1100, 33: 1300, 65: 4000, 129: 15000}
# Seconds that a finer picture of a user's own model may take.
LONGEST = 300
# The mean over the examples is the same in whatever minibatches they are taken.
MEAN_LOSS = Part("landscape", without=(MINIBATCH,), when={"sliced": False})


def levels(scene: Scene, gpu: bool) -> Costs:
    """Points per side, or on a curve, and what they cost. A slow model of the user's own has only coarse pictures."""
    if not scene.sliced:
        return CURVE_LEVELS if scene.surface.curve else LEVELS
    if scene.recurrent:
        return NETWORK_LEVELS
    seconds = view_of(scene.landscape.view).subject.found.seconds
    coarsest, *finer = NETWORK_LEVELS
    return {side: NETWORK_LEVELS[side] for side in (coarsest, *(one for one in finer if one**2 * seconds < LONGEST))}


@frame_kind("minima", depends_on=("landscape",), levels={None: 15}, when={"typed": True})
def minima_frame(scene: Scene, level: None, key: str, workspace: Workspace) -> FrameGenerator:
    """The minima of a formula, and the loss below which a run has converged: found for the values of its names."""
    found = yield from search_at(**scene.parameters("landscape"))
    points = {"minima": found.minima, "local_minima": found.local_minima}
    arrays = {name: np.array(places, dtype=np.float64).reshape(-1, 2) for name, places in points.items()}
    return Frame("minima", key, {"solved": found.solved, "searched": found.searched}, arrays)


@frame_kind(
    "surface",
    depends_on=(
        MEAN_LOSS,
        *on_condition({"sliced": True}, (*SLICE, Part("colour"))),
        "window",
    ),
    levels=levels,
    line="pictures",
)
def surface_frame(scene: Scene, side: int, key: str, workspace: Workspace) -> FrameGenerator:
    """Loss and gradient norm on a ``side`` by ``side`` grid over the window; of a network the norm only on request.

    On a curve, it is a row of ``side`` points.
    """
    source, rows = (yield from source_of(scene, workspace)), 1 if scene.surface.curve else side
    sampler = source.sampler(rows)
    points = scene.resolved_window.grid(side, rows, workspace.device).reshape(-1, 2)
    sample = partial(sampled_columns, source, sampler, points=points, key=key, side=side, workspace=workspace)
    columns = yield from sample(sampler.measure)
    if sampler.exact is not sampler.measure and any(map(is_narrow, columns)):
        columns = yield from sample(sampler.exact)
    fields, more = source.about()
    window = {"window": list(scene.resolved_window), "columns": side, "rows": rows}
    arrays = {
        name: for_picture(column.reshape(rows, side)) for name, column in zip(sampler.names, columns, strict=True)
    }
    return Frame("surface", key, {**window, **fields}, {**arrays, **more})


def sampled_columns(
    source: FrameSource,
    sampler: Sampler,
    measure: Callable[[Tensor], Tensor],
    points: Tensor,
    key: str,
    side: int,
    workspace: Workspace,
) -> Generator[Frame | None, None, list[Tensor]]:
    """The columns ``(N,)`` of all points in float64; yields after every chunk, the progress if it takes long."""
    chunks: list[Tensor] = []
    if source.tells_progress and predicted_seconds(sampler, len(points), workspace) > SAY_SECONDS:
        yield progress(key, side, 0, predicted_seconds(sampler, len(points), workspace))
    shown = time.monotonic()
    for chunk in sample_chunks(sampler, measure, points, workspace):
        chunks.append(chunk.cpu().double())
        done = sum(map(len, chunks))
        # After the last chunk the frame itself follows.
        late = source.tells_progress and done < len(points) and time.monotonic() - shown > SHOW_SECONDS
        seconds = predicted_seconds(sampler, len(points), workspace) if late else 0
        yield progress(key, side, done / len(points), seconds) if late else None
        shown = time.monotonic() if late else shown
    return list(torch.cat(chunks).unbind(-1))


def predicted_seconds(sampler: Sampler, count: int, workspace: Workspace) -> float:
    """About how long ``count`` points take, from the chunks so far; 0 before the first one."""
    points = workspace.chunking.points(sampler.about, 0)
    return workspace.chunking.seconds * count / points if points else 0


def sample_chunks(
    sampler: Sampler, measure: Callable[[Tensor], Tensor], points: Tensor, workspace: Workspace
) -> Generator[Tensor, None, None]:
    """The columns ``(n, K)`` of ``points`` in order, chunk by chunk, each within the time and the memory of a chunk."""
    if sampler.bytes_per_point > workspace.memory:
        most_bytes = f"memory_bytes allows {workspace.memory:,}"
        raise MemoryError(f"One point of this slice takes {sampler.bytes_per_point:,} bytes, but {most_bytes}.")
    most = partial(workspace.chunking.points, sampler.about, sampler.opening)
    began = time.perf_counter()
    for values in losses_within(workspace.memory, sampler.bytes_per_point, measure, points, most):
        workspace.chunking.learn(sampler.about, len(values), time.perf_counter() - began, smallest=sampler.smallest)
        yield values
        began = time.perf_counter()
