"""Uncertain cells of an outcome map: those where a change of the start in the last bit decides.

Near a cliff a run amplifies the rounding of its start, so its outcome is no fact about the place, and two programs that
round differently need not agree on it.
"""

import math
from collections.abc import Callable, Generator
from functools import partial

import torch
from torch import Tensor

from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames.outcome_cells import Axes, Cells, cell_outcomes, run_lanes
from cliffscape.app.frames.progress import overall_share
from cliffscape.app.frames.source import FrameSource
from cliffscape.app.runs.pair import RunName
from cliffscape.app.runs.sweep_recipe import sweep_recipe
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.descent.batch import SOLVED
from cliffscape.landscapes.descent.sweep import Lanes
from cliffscape.landscapes.generators import map_yields

# Directions in which the coordinates of a start move by one float64 number; 0 means that a coordinate stays.
NUDGES = ((1, 0), (0, -1))
# A larger relative change of the final loss means that the run has amplified the last bit to a size that can be seen.
AMPLIFIED = 0.03


def border_cells(outcomes: Tensor, side: int) -> Tensor:
    """The numbers of the cells ``(L,)`` that are tested, of ``outcomes`` ``(side²,)``: those at a border.

    Elsewhere a run may be as chaotic, but all runs around it end alike, and so would this one.
    """
    return differs_from_neighbours(outcomes.reshape(side, side)).reshape(-1).nonzero()[:, 0]


def differs_from_neighbours(outcomes: Tensor) -> Tensor:
    """Whether one of the eight neighbours of a cell of ``outcomes`` ``(rows, columns)`` has another outcome.

    Around such a cell the largest outcome is not the smallest one. Both are found along rows and then along columns.
    """
    largest = over_three(over_three(outcomes, torch.maximum).mT, torch.maximum)
    smallest = over_three(over_three(outcomes, torch.minimum).mT, torch.minimum)
    return (largest != smallest).mT


def over_three(cells: Tensor, choose: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
    """What ``choose`` takes of each row of ``cells`` ``(rows, columns)`` and the rows before and after it."""
    # Beyond the edge lie copies of it, which add no difference.
    rows = torch.cat([cells[:1], cells, cells[-1:]])
    return choose(choose(rows[:-2], rows[2:]), rows[1:-1])


def find_uncertain_cells(
    scene: Scene, run: RunName, axes: Axes, side: int, known: Cells, source: FrameSource, workspace: Workspace
) -> Generator[float, None, Tensor]:
    """1 for each uncertain cell ``(L,)`` of some at a border, else 0; ``known`` are their numbers, outcomes and losses.

    A cell is uncertain if its outcome changes where its start moves in the last bit, or if its final loss does: few
    moves are tried, and where a border is near, another move would change the outcome. Yields the share of the work
    that is done.
    """
    found = torch.zeros_like(known["outcome"])
    lanes = run_lanes(scene, run, axes, side, known["cell"].to(source.device))
    solved = solved_loss(scene, run, lanes)
    for number, nudge in enumerate(NUDGES if len(lanes) else ()):
        work = cell_outcomes(scene, run, Lanes(move_start(lanes.start, nudge), lanes.own), source, workspace)
        moved = yield from map_yields(work, partial(overall_share, number, len(NUDGES)))
        found |= depends_on_rounding(known, moved, solved).to(torch.uint8)
    return found


def solved_loss(scene: Scene, run: RunName, lanes: Lanes) -> float:
    """The loss below which these runs count as converged; 0 if it is unknown."""
    return 0.0 if scene.sliced else max(0.0, sweep_recipe(scene, run, [*lanes.own]).parameters[SOLVED])


def depends_on_rounding(known: Cells, moved: Cells, solved: float) -> Tensor:
    """Whether outcomes differ ``(L,)``, or final losses visibly; far below ``solved`` all losses are alike."""
    before, after = known["loss"], moved["loss"]
    scale = torch.maximum(before.abs(), after.abs()).clamp(min=solved)
    # NaN, the loss of a run that diverged, is not larger than anything.
    return (moved["outcome"] != known["outcome"]) | ((after - before).abs() > AMPLIFIED * scale)


def move_start(start: Tensor, nudge: tuple[int, int]) -> Tensor:
    """Starts ``(L, 2)`` moved to the next float64 number in the directions of ``nudge``."""
    towards = start + torch.tensor(nudge, dtype=start.dtype, device=start.device) * math.inf
    # 0 times infinity is NaN: that coordinate stays.
    return torch.where(towards.isnan(), start, torch.nextafter(start, towards))
