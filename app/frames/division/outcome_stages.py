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
from cliffscape.app.frames.division.stage import Actors, Stage, StagePart, share_parts, split
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
from cliffscape.app.scene.content_key import digest
from cliffscape.app.scene.dependencies import SHAPE, values
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.descent.sweep import BATCH
from cliffscape.landscapes.generators import with_seconds
from cliffscape.landscapes.slices.plane import Slice

Columns = dict[str, NDArray[Any]]
# Steps times lanes that a core takes in one second with a compiler, and a GPU, before the first map of a landscape. It
# is between 4e6 and 4e8.
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


def check_cells(
    about: MapPart, known: Columns, workspace: Workspace
) -> Generator[Any, None, tuple[NDArray[np.uint8], float]]:
    """1 for each uncertain cell ``(L,)`` of some, else 0, and the seconds it took; yields the share that is done.

    ``known`` are their numbers, outcomes and losses.
    """
    scene, run, axes, side, plane = about
    source = yield from source_with(scene, plane, workspace)
    columns = {name: torch.from_numpy(column) for name, column in known.items()}
    work = with_seconds(find_uncertain_cells(scene, run, axes, side, columns, source, workspace))
    found, seconds = yield from sometimes(work)
    return found.numpy(), seconds


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


def sweep_seconds(scene: Scene, run: RunName, cells: int, actors: Actors, test: bool = False) -> float:
    """About how long the runs of so many cells take on one core, or on a GPU; or those of a ``test`` for certainty."""
    unknown = GPU_RATE if actors.gpu else RATE
    return actors.paces.seconds(pace_key(scene, run, test), cells * cell_steps(scene), unknown)


def pace_key(scene: Scene, run: RunName, test: bool) -> tuple[str, str, bool]:
    """What maps with about the same pace have in common. Cells at borders run longer than others."""
    return digest("pace", values(scene, SHAPE)), run, test


def cell_stage(
    parts: Mapping[RunName, MapPart], nested: bool, key: str, actors: Actors
) -> Generator[Stage, list[Any], dict[RunName, tuple[Cells, float]]]:
    """The stage that computes the cells of both runs, with the seconds of each; ``nested`` as in ``fresh_cells``."""
    scene = parts["with"].scene
    # The run with clipping first, so that a clip that cannot be swept fails at once.
    counts = {run: len(fresh_cells(parts[run].axes, run, parts[run].side, nested)) for run in reversed(RUN_NAMES)}
    pieces = [(run, first, last) for run, first, last in divide_cells(scene, counts, actors)]
    work = [StagePart(partial(compute_cells, parts[run], nested, first, last)) for run, first, last in pieces]
    shares = Shares(key, parts["with"].side, [last - first for _, first, last in pieces], timed=True)
    results = yield Stage(work, shares.show)
    found = {
        run: join_cells([one for (name, *_), one in zip(pieces, results, strict=True) if name == run])
        for run in reversed(RUN_NAMES)
    }
    for run, (_, seconds) in found.items():
        actors.paces.learn(pace_key(scene, run, False), counts[run] * cell_steps(scene), seconds)
    return found


def certainty_stage(
    parts: Mapping[RunName, MapPart], found: Mapping[RunName, Cells], key: str, actors: Actors
) -> Generator[Stage, list[Any], dict[RunName, Tensor]]:
    """The stage that tests cells at borders: 1 for every cell ``(side²,)`` that is uncertain, else 0."""
    uncertain = {run: torch.zeros_like(found[run]["outcome"]) for run in RUN_NAMES}
    scene = parts["with"].scene
    borders = {run: border_cells(found[run]["outcome"], parts[run].side) for run in RUN_NAMES}
    divided = divide_cells(scene, {run: len(cells) for run, cells in borders.items()}, actors, test=True)
    pieces = [(run, borders[run][first:last]) for run, first, last in divided if first < last]
    work = [StagePart(partial(check_cells, parts[run], known_columns(found[run], cells))) for run, cells in pieces]
    shares = Shares(key, parts["with"].side, [len(cells) for _, cells in pieces], timed=True)
    spent = dict.fromkeys(RUN_NAMES, 0.0)
    for (run, cells), (changed, seconds) in zip(pieces, (yield Stage(work, shares.show)), strict=True):
        uncertain[run][cells] = torch.tensor(changed)
        spent[run] += seconds
    for run, cells in borders.items():
        actors.paces.learn(pace_key(scene, run, True), len(cells) * cell_steps(scene), spent[run])
    return uncertain


def known_columns(found: Cells, cells: Tensor) -> Columns:
    """Some ``cells`` ``(L,)`` with their outcomes and losses, which a test for certainty compares with."""
    return {"cell": cells.numpy(), **{name: found[name][cells].numpy() for name in ("outcome", "loss")}}


def divide_cells(
    scene: Scene, counts: Mapping[RunName, int], actors: Actors, test: bool = False
) -> list[tuple[RunName, int, int]]:
    """The parts of so many cells of each run, with their bounds.

    A GPU computes every cell in the same way, whatever its batch.
    """
    seconds = [sweep_seconds(scene, run, count, actors, test) for run, count in counts.items()]
    unit = 1 if actors.gpu else batch_cells(scene)
    parts = zip(counts.items(), share_parts(seconds, actors), strict=True)
    return [(run, *bounds) for (run, count), share in parts for bounds in split(count, share, unit)]
