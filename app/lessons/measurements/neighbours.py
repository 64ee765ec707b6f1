"""Measurements of the runs from starts near the Scene's start."""

import math
from collections.abc import Iterator
from typing import Annotated

import torch
from torch import Tensor

from cliffscape.app.lessons.headless import HeadlessRun
from cliffscape.app.lessons.measurements.registry import RunArgument, Seeds, measurement
from cliffscape.app.runs.pair import RUN_NAMES, transforms
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.declare import Range
from cliffscape.landscapes.descent.descend import Record, descend, descend_with
from cliffscape.landscapes.descent.summary import add_position, add_step, initial_summary


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
    if run not in RUN_NAMES:
        raise BoundError("run", repr(run), f"one of {', '.join(RUN_NAMES)}")
    generator = torch.Generator().manual_seed(seed)
    offsets = 2 * torch.rand(starts, 2, generator=generator, dtype=torch.float64) - 1
    start = torch.tensor(headless.scene.resolved_start, dtype=torch.float64) + radius * offsets
    surface = headless.scene.surface
    solved = -math.inf if surface.solved is None else surface.solved
    summary = initial_summary(start)
    for step, record in enumerate(rows(headless, start, run)):
        summary = add_position(summary, record.position, record.loss, solved, surface.window.diagonal)
        if step > by:
            break
        summary = add_step(summary, record)
    return float(summary.thrown.double().mean())


def rows(headless: HeadlessRun, start: Tensor, run: str) -> Iterator[Record]:
    """The rows of the runs from several starts ``(n, 2)``."""
    optimizer, clip = transforms(headless.scene, next(name for name in RUN_NAMES if name == run))
    # A network has derivatives by hand, which are faster than autograd's.
    if headless.scene.recurrent:
        blocks = descend_with(headless.value_and_gradient, start, optimizer, clip, headless.scene.steps)
    else:
        blocks = descend(headless.loss, start, optimizer, clip, headless.scene.steps)
    for block in blocks:
        for row in zip(*block, strict=True):
            yield Record(*row)
