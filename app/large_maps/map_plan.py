"""The plan of a large map: what it will cost, from one measured block of each run."""

import time
import zlib

import numpy as np

from cliffscape.app.blocks.kept_blocks import Arrays
from cliffscape.app.large_maps.archive import LEVEL
from cliffscape.app.large_maps.cell_block import UNCERTAIN, CellBlock, compute_block
from cliffscape.app.large_maps.map_layout import MapLayout
from cliffscape.app.runs.pair import RUN_LABELS, RUN_NAMES, RunName
from cliffscape.app.terminal import duration_text, peak_memory, size_text

# The axes of the map, in the file.
AXES, AXIS_BYTES = 2, 8


def measure_block(layout: MapLayout, run: RunName) -> tuple[CellBlock, Arrays, float]:
    """The block in the middle of a run's cells, its results, and its seconds once everything is compiled."""
    blocks = [block for block in layout.blocks() if block.run == run]
    block = blocks[len(blocks) // 2]
    compute_block(block._replace(last=block.first + 1))
    began = time.perf_counter()
    found = compute_block(block)
    if layout.tests:
        columns = layout.shape(run)[1]
        whole = (block.last - block.first) // columns * columns
        if whole:
            outcomes = found["outcome"][:whole].reshape(-1, columns)
            test = block._replace(last=block.first + whole, outcomes=outcomes, first_row=block.first // columns)
            test = test._replace(losses=found["loss"][:whole])
            found = {**found, UNCERTAIN: compute_block(test)[UNCERTAIN]}
    return block, found, time.perf_counter() - began


def map_plan(layout: MapLayout, processes: int) -> list[str]:
    """What the map will cost, a line for each thing."""
    side, lines = layout.side, []
    work, disk, file_bytes, pack_seconds = 0.0, 0.0, 0.0, 0.0
    for run in RUN_NAMES:
        block, found, seconds = measure_block(layout, run)
        cells, count = block.last - block.first, layout.count(run)
        work += seconds * count / cells
        disk += sum(column.nbytes for column in found.values()) * count / cells
        began = time.perf_counter()
        packed = sum(len(zlib.compress(np.ascontiguousarray(column).tobytes(), LEVEL)) for column in found.values())
        pack_seconds += (time.perf_counter() - began) * side * side / cells
        file_bytes += packed * side * side / cells
        lines.append(
            f"{RUN_LABELS[run]}: {count:,} different runs in {len(layout.bounds(run)):,} blocks; "
            f"one of {cells:,} took {seconds:.2f} s"
        )
    said = "process" if processes == 1 else f"{processes} processes"
    where = "" if layout.device == "cpu" else f" on a GPU{'' if processes == 1 else ' each'}"
    one = f"{side:,} x {side:,} cells with {layout.scene.steps:,} steps"
    return [
        one,
        *lines,
        f"time: about {duration_text(work / processes)} in {'one ' if processes == 1 else ''}{said}{where}, "
        f"and {duration_text(pack_seconds)} for the file",
        f"memory: about {size_text(peak_memory())}" + (f" in each of {said}" if processes > 1 else ""),
        f"disk: about {size_text(disk)} for the blocks until the file is complete",
        f"file: about {size_text(file_bytes)}",
    ]
