"""Cell blocks: a part of an outcome map that one process computes."""

from functools import lru_cache
from typing import Any, NamedTuple

import torch
from numpy.typing import NDArray
from torch import Tensor

from cliffscape.app.blocks.local_processes import stored_libraries
from cliffscape.app.compute.cache import SizedCache
from cliffscape.app.compute.chunking import Chunking
from cliffscape.app.compute.compiled import MOST, Routines
from cliffscape.app.compute.device import select_device
from cliffscape.app.compute.gpu.block_library import compile_steps_for
from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames.division.uncertain_cells import differs_from_neighbours, find_uncertain_cells
from cliffscape.app.frames.outcome_cells import (
    Axes,
    distinct_shape,
    is_idle,
    some_cells,
)
from cliffscape.app.frames.outcomes import axes_of
from cliffscape.app.frames.source import FrameSource, source_of
from cliffscape.app.runs.pair import RunName
from cliffscape.app.runs.sweep_recipe import sweep_recipe
from cliffscape.app.scene.schema import Scene
from cliffscape.app.settings import Settings
from cliffscape.landscapes.backends.kernels import Kernel
from cliffscape.landscapes.descent.sweep import START
from cliffscape.landscapes.generators import run_to_end

# Seconds of work between two turns of a block, which nobody waits for.
TURN_SECONDS = 0.25
UNCERTAIN = "uncertain"


class CellBlock(NamedTuple):
    """Some cells of one run: those from ``first`` to before ``last`` of its cells that differ, row by row.

    ``scene`` is JSON text, because the classes of a Scene's parts are made of the catalogue and cannot be pickled.
    Without ``outcomes`` the block is the outcomes of its cells, with them whether those are certain: they are the
    outcomes ``(rows, columns)`` of all rows that the block touches and of their neighbours, from ``first_row`` on.
    ``losses`` are those of its own cells.
    """

    scene: str
    kind: str
    side: int
    run: RunName
    number: int
    first: int
    last: int
    device: str = "cpu"
    outcomes: NDArray[Any] | None = None
    first_row: int = 0
    losses: NDArray[Any] | None = None

    @property
    def name(self) -> str:
        """The name under which its result is kept."""
        return f"{self.run}-{'outcomes' if self.outcomes is None else 'certainty'}-{self.number:06}"


@lru_cache(maxsize=1)
def block_workspace(device: str) -> Workspace:
    """The workspace of this process.

    Raises:
        BoundError: there is no such device.
    """
    settings, chosen = Settings(), select_device(device)
    routines = Routines(MOST if settings.compile else 0, chosen, stored_libraries().load)
    if settings.compile:
        compile_steps_for(chosen)
    # Nothing here is sent to a page, so there are no kernels to keep.
    kernels: SizedCache[Kernel] = SizedCache(0, lambda kernel: len(kernel.source))
    pace = Chunking(TURN_SECONDS)
    return Workspace(chosen, kernels, pace, memory=settings.memory_bytes, routines=routines)


@lru_cache(maxsize=1)
def block_source(scene: str, device: str) -> tuple[Scene, FrameSource]:
    """The Scene, and its source: building the slice of a network may take seconds."""
    read = Scene.model_validate_json(scene)
    return read, run_to_end(source_of(read, block_workspace(device)))


def compute_block(block: CellBlock) -> dict[str, NDArray[Any]]:
    """The block's result by column, ``(last - first,)`` each.

    Raises:
        BoundError: the Scene's clip cannot be swept, or there is no such device.
    """
    scene, source = block_source(block.scene, block.device)
    axes, workspace = axes_of(scene, block.kind), block_workspace(block.device)
    if not scene.sliced:
        # Compiled steps round differently from PyTorch's, so all blocks must be computed with the same.
        swept = tuple(axis.name for axis in axes if axis.name not in START and not is_idle(axis, block.run))
        workspace.routines.wait(sweep_recipe(scene, block.run), swept)
    columns = distinct_shape(axes, block.run, block.side)[1]
    index = torch.arange(block.first, block.last)
    cells = index // columns * block.side + index % columns
    if block.outcomes is None:
        work = some_cells(scene, block.run, axes, block.side, cells, source, workspace)
        found = run_to_end(work)
        # With a single start the outcome says whether it converged.
        return {name: one.numpy() for name, one in found.items() if scene.cloud > 1 or name != "converged"}
    return {UNCERTAIN: uncertain_cells(block, scene, axes, cells, source).numpy()}


def uncertain_cells(block: CellBlock, scene: Scene, axes: Axes, cells: Tensor, source: FrameSource) -> Tensor:
    """1 for each of the block's ``cells`` that is uncertain, else 0."""
    assert block.outcomes is not None and block.losses is not None
    outcomes, before = torch.from_numpy(block.outcomes), block.first_row * block.outcomes.shape[1]
    inside = slice(block.first - before, block.last - before)
    tested = differs_from_neighbours(outcomes).reshape(-1)[inside].nonzero()[:, 0]
    own = outcomes.reshape(-1)[inside]
    known = {"cell": cells[tested], "outcome": own[tested], "loss": torch.from_numpy(block.losses)[tested]}
    uncertain, workspace = torch.zeros_like(own), block_workspace(block.device)
    work = find_uncertain_cells(scene, block.run, axes, block.side, known, source, workspace)
    uncertain[tested] = run_to_end(work)
    return uncertain
