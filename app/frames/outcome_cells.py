"""Cells of an outcome map: the outcome of one run over two axes, as numbers per cell."""

import math
import time
from collections.abc import Generator
from functools import lru_cache

import torch
from torch import Tensor

from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames.source import FrameSource
from cliffscape.app.runs.pair import RunName
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.descent.axis import Axis
from cliffscape.landscapes.descent.outcome import OUTCOMES, RunResult
from cliffscape.landscapes.descent.sweep import Lanes, lanes_of_cells, scatter_starts

Axes = tuple[Axis, Axis]
Cells = dict[str, Tensor]
NUMBERS = ("loss", "converged_at", "longest_step")
# Largest chunk, in steps times lanes: a GPU takes all steps of a million lanes in 0.1 s.
LARGEST = 1 << 28
# Width and height of a cloud of starts, as a share of the window's.
REACH = 0.01

# A step of a network counts as so many steps.
NETWORK_WEIGHT = 1000


def cell_steps(scene: Scene) -> float:
    """Steps times starts of a cell of one run, by which maps are bounded and divided."""
    weight = NETWORK_WEIGHT if scene.sliced else max(1, scene.surface.examples)
    return float(scene.steps * scene.cloud * weight)


def is_idle(axis: Axis, run: RunName) -> bool:
    """Whether a run does not depend on the quantity of an axis."""
    return axis.name.startswith("clip.") and run == "without"


def distinct_shape(axes: Axes, run: RunName, side: int) -> tuple[int, int]:
    """Rows and columns of the cells of a run that differ: those along an idle axis share their runs."""
    across, upward = (1 if is_idle(axis, run) else side for axis in axes)
    return upward, across


def run_lanes(scene: Scene, run: RunName, axes: Axes, side: int, cells: Tensor) -> Lanes:
    """The lanes of one run at ``cells`` ``(L,)``, which are numbered row by row.

    A run without clipping does not depend on the clip's parameters: cells that differ only in these share one run.
    """
    lanes = lanes_of_cells(axes, side, side, torch.tensor(scene.resolved_start, dtype=torch.float64), cells)
    idle = [axis.name for axis in axes if is_idle(axis, run)]
    return Lanes(lanes.start, {name: column for name, column in lanes.own.items() if name not in idle})


def fresh_cells(axes: Axes, run: RunName, side: int, nested: bool) -> Tensor:
    """The numbers of the cells ``(L,)`` of a run that are computed, row by row from the bottom.

    ``nested`` says that the cells of the map with half as many per side are known.
    """
    return numbered_cells(distinct_shape(axes, run, side), side, nested)


@lru_cache(maxsize=4)
def numbered_cells(shape: tuple[int, int], side: int, nested: bool) -> Tensor:
    """The same for cells of this ``shape`` that differ; cached, because every part of a map takes some of them."""
    index = torch.arange(side * side).reshape(side, side)
    rows, columns = shape
    if rows * columns < side * side:
        return index[:rows, :columns].reshape(-1)
    return index[wanted_cells(side, nested)]


def wanted_cells(side: int, nested: bool) -> Tensor:
    """Which cells ``(side, side)`` are not those of the coarser map, if that is known."""
    wanted = torch.ones(side, side, dtype=torch.bool)
    if nested:
        # The axes are nested: every second cell in both directions is one of the coarser map.
        wanted[::2, ::2] = False
    return wanted


def all_cells(axes: Axes, run: RunName, side: int, fresh: Cells, coarse: Cells | None) -> Cells:
    """The cells of a run ``(side²,)`` from those that were computed, and from ``coarse`` ones that were known."""
    shape = distinct_shape(axes, run, side)
    if math.prod(shape) < side * side:
        return {name: column.reshape(shape).expand(side, side).reshape(-1) for name, column in fresh.items()}
    if coarse is None:
        return fresh
    wanted = wanted_cells(side, True)
    return {name: merge_cells(column, wanted, coarse[name]) for name, column in fresh.items()}


def some_cells(
    scene: Scene, run: RunName, axes: Axes, side: int, cells: Tensor, source: FrameSource, workspace: Workspace
) -> Generator[float, None, Cells]:
    """The outcomes of one run at ``cells`` ``(L,)``, numbered row by row; yields the share that is done."""
    lanes = run_lanes(scene, run, axes, side, cells.to(source.device))
    return (yield from cell_outcomes(scene, run, lanes, source, workspace))


def merge_cells(fresh: Tensor, wanted: Tensor, coarse: Tensor) -> Tensor:
    """Numbers of all cells: fresh ones where ``wanted`` is true, those of the coarser map elsewhere."""
    whole = fresh.new_empty(wanted.shape)
    whole[wanted] = fresh
    whole[~wanted] = coarse
    return whole.reshape(-1)


def cell_outcomes(
    scene: Scene, run: RunName, lanes: Lanes, source: FrameSource, workspace: Workspace
) -> Generator[float, None, Cells]:
    """Outcomes of lanes, or of the clouds around their starts; yields the share of the work that is done."""
    left, right, bottom, top = scene.resolved_window
    cloud = scatter_starts(lanes, scene.cloud, (REACH * (right - left), REACH * (top - bottom)), scene.cloud_seed)
    work, about_now = source.sweep(run, cloud)
    # The loss of the last row counts as one more step.
    whole, done = max(1, len(cloud) * (scene.steps + 1)), 0
    while True:
        began, about = time.perf_counter(), about_now()
        try:
            count = next(work)
        except StopIteration as end:
            return average_clouds(end.value, scene.cloud)
        workspace.chunking.learn(about, count, time.perf_counter() - began, largest=LARGEST)
        done += count
        yield min(1.0, done / whole)


def average_clouds(found: RunResult, count: int) -> Cells:
    """Outcomes of clouds of ``count`` starts as one cell each, on the CPU.

    The most frequent outcome, the shares of starts that converge and that are thrown, and medians that ignore NaN.
    """
    if count == 1:
        return single_starts(found)
    columns = RunResult(*(column.cpu().reshape(-1, count) for column in found))
    counts = torch.stack([(columns.outcome == code).sum(-1) for code in range(len(OUTCOMES))])
    middle = {name: torch.nanmedian(getattr(columns, name), -1).values for name in NUMBERS}
    converged = (columns.outcome == OUTCOMES.index("converged")).double().mean(-1)
    thrown = columns.thrown.double().mean(-1)
    return {"outcome": counts.argmax(0).to(torch.uint8), **middle, "thrown": thrown, "converged": converged}


def single_starts(found: RunResult) -> Cells:
    """The same for clouds of one start: for the finest maps, counting takes as long as many steps."""
    columns = RunResult(*(column.cpu() for column in found))
    numbers = {name: getattr(columns, name) for name in NUMBERS}
    converged = (columns.outcome == OUTCOMES.index("converged")).to(torch.uint8)
    outcome, thrown = (column.to(torch.uint8) for column in (columns.outcome, columns.thrown))
    return {"outcome": outcome, **numbers, "thrown": thrown, "converged": converged}
