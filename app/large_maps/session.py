"""A large map in a terminal: it shows its progress, and Ctrl-C ends it after the blocks in progress."""

from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from cliffscape.app.blocks.kept_blocks import Arrays, KeptBlocks
from cliffscape.app.blocks.pool import BlockPool, PoolError
from cliffscape.app.blocks.work import Stop
from cliffscape.app.large_maps.archive import read_about
from cliffscape.app.large_maps.cell_block import CellBlock
from cliffscape.app.large_maps.map_layout import MapLayout
from cliffscape.app.large_maps.map_work import MapWork, block_folder
from cliffscape.app.scene.metadata import metadata
from cliffscape.app.terminal import ProgressLine, catch_interruption
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
    line = ProgressLine(stream)
    again = f"the same command continues with the blocks in {kept.folder}"
    # A pool may be refused, and then no folder is left.
    kept.check()
    with catch_interruption() as interruption:
        using = pool()
        try:
            with kept.open():
                phase = MapWork(layout, out, kept, line.show).run(using, lambda: interruption.time is not None)
        except KeyboardInterrupt:
            return Stop(f"stopped at once; {again}", interrupted=True)
        except PoolError as error:
            return Stop(f"{error}; {again}, and --processes takes fewer of them", interrupted=False)
        finally:
            using.cancel()
            line.close()
    return Stop(f"stopped in the phase '{phase}'; {again}", interrupted=True) if phase else None
