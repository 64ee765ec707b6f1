"""The stages of an outcome map: the outcomes of its cells, and the certainty of those at borders."""

import math
from collections.abc import Generator, Mapping
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames.division.shared_plane import source_with
from cliffscape.app.frames.division.stage import Actors, Stage, StagePart, count_parts, split
from cliffscape.app.frames.division.uncertain_cells import border_cells, find_uncertain_cells
from cliffscape.app.frames.outcome_cells import (
    Axes,
    Cells,
    cell_steps,
    fresh_cells,
    some_cells,
)
from cliffscape.app.frames.progress import Shares, sometimes
from cliffscape.app.frames.source import NETWORK_BATCH
from cliffscape.app.runs.pair import RUN_NAMES, RunName
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.descent.sweep import BATCH
from cliffscape.landscapes.generators import with_seconds
from cliffscape.landscapes.slices.plane import Slice

Columns = dict[str, NDArray[Any]]
# Steps times lanes that a core takes in one second with a compiler, and a GPU. It is between 4e6 and 1e8, so a part of
# a map takes between 0.05 and 1.5 seconds.
RATE, GPU_RATE = 3e7, 6e8


class MapPart(NamedTuple):
    """What the parts of a map have in common for one run; ``plane`` is that of a network's slice."""

    scene: Scene
    run: RunName
    axes: Axes
    side: int
    plane: Slice | None


def compute_cells(
    about: MapPart, nested: bool, first: int, last: int, workspace: Workspace
) -> Generator[Any, None, tuple[Columns, float]]:
    """The fresh cells ``first`` to ``last - 1``, and the seconds they took; yields the share that is done.

    ``nested`` says that the cells of the coarser map are known.
    """
    scene, run, axes, side, plane = about
    source = yield from source_with(scene, plane, workspace)
    cells = fresh_cells(axes, run, side, nested)[first:last]
    work = with_seconds(some_cells(scene, run, axes, side, cells, source, workspace))
    found, seconds = yield from sometimes(work)
    return {name: column.numpy() for name, column in found.items()}, seconds


def check_cells(about: MapPart, known: Columns, workspace: Workspace) -> Generator[Any, None, NDArray[np.uint8]]:
    """1 for each uncertain cell ``(L,)`` of some, else 0; yields the share that is done.

    ``known`` are their numbers, outcomes and losses.
    """
    scene, run, axes, side, plane = about
    source = yield from source_with(scene, plane, workspace)
    columns = {name: torch.from_numpy(column) for name, column in known.items()}
    work = find_uncertain_cells(scene, run, axes, side, columns, source, workspace)
    found: NDArray[np.uint8] = (yield from sometimes(work)).numpy()
    return found


def join_cells(parts: list[tuple[Columns, float]]) -> tuple[Cells, float]:
    """The cells of some parts in order, and the seconds that all of them took."""
    columns = {name: np.concatenate([part[name] for part, _ in parts]) for name in parts[0][0]}
    return {name: torch.from_numpy(column) for name, column in columns.items()}, sum(seconds for _, seconds in parts)


def batch_cells(scene: Scene) -> int:
    """A number of cells whose starts fill whole batches of a sweep on a processor.

    A part of so many cells, or of a multiple, consists of the batches of the whole map. PyTorch computes the last
    numbers of a batch with other instructions, which may round differently.
    """
    lanes = NETWORK_BATCH if scene.sliced else max(1, BATCH // max(1, scene.surface.examples))
    return lanes // math.gcd(lanes, int(scene.cloud))


def sweep_seconds(scene: Scene, cells: int, actors: Actors) -> float:
    """About how long the runs of so many cells take on one core, or on a GPU."""
    return cells * cell_steps(scene) / (GPU_RATE if actors.gpu else RATE)


def cell_stage(
    parts: Mapping[RunName, MapPart], nested: bool, key: str, actors: Actors
) -> Generator[Stage, list[Any], dict[RunName, tuple[Cells, float]]]:
    """The stage that computes the cells of both runs, with the seconds of each; ``nested`` as in ``fresh_cells``."""
    pieces: list[tuple[RunName, int, int]] = []
    # The run with clipping first, so that a clip that cannot be swept fails at once.
    for run in reversed(RUN_NAMES):
        count = len(fresh_cells(parts[run].axes, run, parts[run].side, nested))
        pieces += [(run, *bounds) for bounds in divide_cells(parts[run].scene, count, actors)]
    work = [StagePart(partial(compute_cells, parts[run], nested, first, last)) for run, first, last in pieces]
    shares = Shares(key, parts["with"].side, [last - first for _, first, last in pieces], timed=True)
    results = yield Stage(work, shares.show)
    return {
        run: join_cells([one for (name, *_), one in zip(pieces, results, strict=True) if name == run])
        for run in reversed(RUN_NAMES)
    }


def certainty_stage(
    parts: Mapping[RunName, MapPart], found: Mapping[RunName, Cells], key: str, actors: Actors
) -> Generator[Stage, list[Any], dict[RunName, Tensor]]:
    """The stage that tests cells at borders: 1 for every cell ``(side²,)`` that is uncertain, else 0."""
    uncertain = {run: torch.zeros_like(found[run]["outcome"]) for run in RUN_NAMES}
    pieces: list[tuple[RunName, Tensor]] = []
    for run in RUN_NAMES:
        cells = border_cells(found[run]["outcome"], parts[run].side)
        pieces += [(run, cells[first:last]) for first, last in divide_cells(parts[run].scene, len(cells), actors)]
    pieces = [(run, cells) for run, cells in pieces if len(cells)]
    work = [StagePart(partial(check_cells, parts[run], known_columns(found[run], cells))) for run, cells in pieces]
    shares = Shares(key, parts["with"].side, [len(cells) for _, cells in pieces], timed=True)
    for (run, cells), changed in zip(pieces, (yield Stage(work, shares.show)), strict=True):
        uncertain[run][cells] = torch.tensor(changed)
    return uncertain


def known_columns(found: Cells, cells: Tensor) -> Columns:
    """Some ``cells`` ``(L,)`` with their outcomes and losses, which a test for certainty compares with."""
    return {"cell": cells.numpy(), **{name: found[name][cells].numpy() for name in ("outcome", "loss")}}


def divide_cells(scene: Scene, count: int, actors: Actors) -> list[tuple[int, int]]:
    """The bounds of the parts of ``count`` cells. A GPU computes every cell in the same way, whatever its batch."""
    parts = count_parts(sweep_seconds(scene, count, actors), actors)
    return split(count, parts, 1 if actors.gpu else batch_cells(scene))
