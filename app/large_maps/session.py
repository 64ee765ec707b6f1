"""A large map in a terminal: it shows its progress, and Ctrl-C ends it after the blocks in progress."""

from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from cliffscape.app.blocks.kept_blocks import Arrays, KeptBlocks
from cliffscape.app.blocks.pool import BlockPool
from cliffscape.app.blocks.session import Show, run_session
from cliffscape.app.blocks.work import Stop
from cliffscape.app.large_maps.archive import read_about
from cliffscape.app.large_maps.cell_block import CellBlock
from cliffscape.app.large_maps.map_layout import MapLayout
from cliffscape.app.large_maps.map_work import MapWork, block_folder
from cliffscape.app.scene.metadata import metadata
from cliffscape.landscapes.bound_error import BoundError


def is_complete(layout: MapLayout, out: Path) -> bool:
    """Whether the file is this map already.

    Raises:
        BoundError: it is another one, which must not be overwritten.
    """
    if not out.exists():
        return False
    found = read_about(out)
    if found == {**metadata(layout.scene), "cells": str(layout.side)}:
        return True
    said = "which is no outcome map"
    if found:
        said = f"which has {found['cells']} x {found['cells']} cells of {found['link']} (version {found['version']})"
    raise BoundError("--out", f"{out}, {said}", "a file that does not exist yet, or this map")


def compute_map(
    layout: MapLayout, out: Path, pool: Callable[[], BlockPool[CellBlock, Arrays]], stream: TextIO
) -> Stop | None:
    """Compute the map and write it, with progress on ``stream``; returns why it stopped before, if it did.

    Raises:
        BoundError: file or folder belong to something else, or the Scene's clip cannot be swept.
        OSError: a file cannot be written.
    """
    if is_complete(layout, out):
        return None
    kept = KeptBlocks(block_folder(out), layout.claim)

    def compute(using: BlockPool[CellBlock, Arrays], show: Show, stopped: Callable[[], bool]) -> str:
        phase = MapWork(layout, out, kept, show).run(using, stopped)
        return phase and f"in the phase '{phase}'"

    return run_session(kept, pool, compute, stream, "blocks")
