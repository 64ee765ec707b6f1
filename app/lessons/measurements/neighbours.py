"""Measurements of the runs from starts near the Scene's start."""

import math
from typing import Annotated

import torch

from cliffscape.app.lessons.headless import HeadlessRun
from cliffscape.app.lessons.measurements.registry import RunArgument, Seeds, measurement
from cliffscape.landscapes.declare import Range
from cliffscape.landscapes.descent.descend import Record
from cliffscape.landscapes.descent.summary import add_row, initial_summary


@measurement()
def share_thrown(
    headless: HeadlessRun,
    run: RunArgument = "without",
    radius: Annotated[float, Range(0, 1e6)] = 0.01,
    by: Annotated[int, Range(0, 100_000)] = 100_000,
    starts: Seeds = 200,
    seed: Annotated[int, Range(0, 2**31 - 3)] = 0,
) -> float:
    """The share of starts, uniformly distributed over a square around the Scene's, from which a run is thrown.

    Args:
        run: The run, ``without`` or ``with``.
        radius: Half the side of the square.
        by: The last step that counts.
        starts: How many starts.
        seed: Seed of the starts.
    """
    generator = torch.Generator().manual_seed(seed)
    offsets = 2 * torch.rand(starts, 2, generator=generator, dtype=torch.float64) - 1
    start = torch.tensor(headless.scene.resolved_start, dtype=torch.float64) + radius * offsets
    surface = headless.scene.surface
    known = surface.solved_loss(**headless.scene.parameters("landscape"))
    solved = -math.inf if known is None else known
    summary = initial_summary(start)
    # Only the row after a step shows whether the step throws the run.
    for block in headless.descend(run, start, min(headless.scene.steps, by + 1)):
        for row in zip(*block, strict=True):
            summary = add_row(summary, Record(*row), solved, surface.window.diagonal)
    return float(summary.thrown.double().mean())
