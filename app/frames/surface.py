"""The surface: loss and gradient norm on a grid over the window, coarse to fine; and the minima of a formula."""

import time
from collections.abc import Callable, Generator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cliffscape.app.compute.cache import FrameGenerator, SizedCache
from cliffscape.app.compute.encoding import Frame
from cliffscape.app.compute.precision import for_picture, is_narrow
from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames.division.shared_plane import shared_plane, source_with
from cliffscape.app.frames.division.stage import Actors, Division, Stage, StagePart, count_parts, split
from cliffscape.app.frames.kind import Costs, frame_kind
from cliffscape.app.frames.progress import SAY_SECONDS, SHOW_SECONDS, Shares, progress, sometimes
from cliffscape.app.frames.sampler import Sampler
from cliffscape.app.frames.source import FrameSource, source_of
from cliffscape.app.scene.dependencies import SLICE, Part, on_condition
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.formula.typed_formula import search_at
from cliffscape.landscapes.loss import MINIBATCH
from cliffscape.landscapes.models.model_landscape import view_of
from cliffscape.landscapes.networks.cost import GRADIENT_RATE, LOSS_RATE, multiply_adds
from cliffscape.landscapes.slices.memory import losses_within
from cliffscape.landscapes.slices.plane import Slice

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
# Fields and arrays that accompany a surface.
About = tuple[dict[str, Any], dict[str, NDArray[Any]]]


class SampledRows(NamedTuple):
    """The columns ``(N, K)`` of some rows, their names, and whether they have all digits of float64."""

    names: tuple[str, ...]
    columns: NDArray[np.float64]
    exact: bool
    about: About


def point_seconds(scene: Scene) -> float:
    """About how long a point of a network takes on one core."""
    work = multiply_adds(scene.net, scene.parameters("landscape")["batch_size"])
    return work / (GRADIENT_RATE if scene.colour == "gradient_norm" else LOSS_RATE)


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


def divide_surface(scene: Scene, side: int, key: str, actors: Actors, kept: SizedCache[Any]) -> Division | None:
    """Rows of points of a network's slice. The points of a formula take less time than sending them."""
    if not scene.recurrent:
        return None
    parts = count_parts(side * side * point_seconds(scene), actors)
    return None if parts == 1 else surface_stages(scene, side, key, actors, split(side, parts))


@frame_kind(
    "surface",
    depends_on=(
        MEAN_LOSS,
        *on_condition({"sliced": True}, (*SLICE, Part("colour"))),
        "window",
    ),
    levels=levels,
    line="pictures",
    divide=divide_surface,
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
    return picture(scene, key, dict(zip(sampler.names, columns, strict=True)), rows, source.about())


def picture(scene: Scene, key: str, columns: Mapping[str, Tensor], rows: int, about: About) -> Frame:
    """The frame of columns ``(N,)`` of a grid with so many rows."""
    fields, more = about
    arrays = {name: for_picture(column.reshape(rows, -1)) for name, column in columns.items()}
    side = len(next(iter(columns.values()))) // rows
    window = {"window": list(scene.resolved_window), "columns": side, "rows": rows}
    return Frame("surface", key, {**window, **fields}, {**arrays, **more})


def surface_stages(scene: Scene, side: int, key: str, actors: Actors, bounds: Sequence[tuple[int, int]]) -> Division:
    """The surface of a network's slice in parts: rows of the grid from the first to before the last of ``bounds``."""
    plane = yield from shared_plane(scene, actors)
    for exact in (False, True):
        parts = [StagePart(partial(sample_rows, scene, side, rows, exact, plane)) for rows in bounds]
        shares = Shares(key, side, [last - first for first, last in bounds], timed=True)
        found: list[SampledRows] = yield Stage(parts, shares.show)
        columns = torch.from_numpy(np.concatenate([part.columns for part in found])).unbind(-1)
        if found[0].exact or not any(map(is_narrow, columns)):
            break
    return picture(scene, key, dict(zip(found[0].names, columns, strict=True)), side, found[0].about)


def sample_rows(
    scene: Scene, side: int, rows: tuple[int, int], exact: bool, plane: Slice | None, workspace: Workspace
) -> Generator[Any, None, SampledRows]:
    """Some rows of the grid, in float64 if ``exact``; yields the share that is done."""
    source = yield from source_with(scene, plane, workspace)
    sampler = source.sampler(side)
    first, last = (side * row for row in rows)
    points = scene.resolved_window.grid(side, side, workspace.device).reshape(-1, 2)[first:last]
    measure = sampler.exact if exact else sampler.measure
    chunks = yield from sometimes(sampled_shares(sampler, measure, points, workspace))
    columns = torch.cat(chunks).numpy()
    return SampledRows(sampler.names, columns, sampler.exact is measure, source.about())


def sampled_shares(
    sampler: Sampler, measure: Callable[[Tensor], Tensor], points: Tensor, workspace: Workspace
) -> Generator[float, None, list[Tensor]]:
    """The columns of ``points`` in chunks ``(n, K)`` in float64; yields the share that is done."""
    chunks: list[Tensor] = []
    for chunk in sample_chunks(sampler, measure, points, workspace):
        chunks.append(chunk.cpu().double())
        yield sum(map(len, chunks)) / len(points)
    return chunks


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
