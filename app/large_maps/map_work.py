"""The work on a large map: its blocks, kept as they come, and its file; and what they will cost."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cliffscape.app.blocks.kept_blocks import Arrays, KeptBlocks
from cliffscape.app.blocks.pool import BlockPool
from cliffscape.app.blocks.work import compute_blocks
from cliffscape.app.large_maps.archive import block_name, write_archive
from cliffscape.app.large_maps.cell_block import CellBlock
from cliffscape.app.large_maps.map_layout import MapLayout
from cliffscape.app.runs.pair import RUN_NAMES, RunName
from cliffscape.app.terminal import duration_text

OUTCOMES, CERTAINTY, FILE = "outcomes", "certainty of the cells at borders", "file"
# Steps times starts that are worth a process of their own, which takes seconds to start.
WORTHWHILE = 5e8
SUFFIX = ".blocks"


def block_folder(out: Path) -> Path:
    """The folder of a map's blocks, beside its file."""
    return out.with_name(out.name + SUFFIX)


def useful_processes(layout: MapLayout) -> int:
    """How many processes are worth starting for a map."""
    cells = sum(map(layout.count, RUN_NAMES))
    return int(cells * layout.steps_per_cell / WORTHWHILE)


@dataclass
class Progress:
    """How far a phase of the work is: in cells, and in those that were computed since ``began``."""

    show: Callable[[Callable[[], str], bool], None]
    phase: str
    total: int
    done: int = 0
    computed: int = 0
    began: float = field(default_factory=time.monotonic)

    def add(self, cells: int, kept: bool = False) -> None:
        """Count cells, ``kept`` ones of an earlier command among them."""
        self.done += cells
        self.computed += 0 if kept else cells
        self.show(self.text, self.done >= self.total)

    def text(self) -> str:
        """The line of progress."""
        said = f"{self.phase}: {self.done:,} of {self.total:,} cells"
        if not self.computed or self.done >= self.total:
            return said
        seconds = (time.monotonic() - self.began) * (self.total - self.done) / self.computed
        return f"{said}; {duration_text(seconds)} left"


@dataclass(frozen=True)
class MapWork:
    """A map, its kept blocks and its file. ``show`` gets a text of the progress, and whether a phase has ended."""

    layout: MapLayout
    out: Path
    kept: KeptBlocks
    show: Callable[[Callable[[], str], bool], None] = lambda text, ended: None

    def run(self, pool: BlockPool[CellBlock, Arrays], stopped: Callable[[], bool]) -> str:
        """Compute what is missing, and write the file; returns the phase in which it was ``stopped``, or nothing.

        Raises:
            OSError: a file cannot be written.
            BoundError: the Scene's clip cannot be swept.
        """
        phases = [(OUTCOMES, self.layout.blocks()), *([(CERTAINTY, self.tests())] if self.layout.tests else [])]
        for phase, blocks in phases:
            progress = Progress(self.show, phase, sum(map(self.layout.count, RUN_NAMES)))
            compute_blocks(pool, self.missing(blocks, progress), self.keeper(progress), stopped)
            if progress.done < progress.total:
                return phase
        cells = self.layout.side**2
        progress = Progress(self.show, FILE, cells)
        write_archive(self.out, self.layout, self.kept, lambda share: progress.add(int(share * cells) - progress.done))
        self.kept.remove()
        return ""

    def missing(self, blocks: Iterator[CellBlock], progress: Progress) -> Iterator[CellBlock]:
        """The blocks that are not kept yet."""
        for block in blocks:
            if self.kept.holds(block.name):
                progress.add(block.last - block.first, kept=True)
            else:
                yield block

    def keeper(self, progress: Progress) -> Callable[[CellBlock, Arrays], None]:
        """What keeps a result."""

        def keep(block: CellBlock, result: Arrays) -> None:
            self.kept.keep(block.name, result)
            progress.add(block.last - block.first)

        return keep

    def tests(self) -> Iterator[CellBlock]:
        """The tests of all cells for certainty, each with the outcomes of the rows around its cells."""
        for block in self.layout.blocks():
            rows, columns = self.layout.shape(block.run)
            below, above = max(0, block.first // columns - 1), min(rows, (block.last - 1) // columns + 2)
            around = self.cells("outcome", block.run, below * columns, above * columns).reshape(above - below, columns)
            losses = self.cells("loss", block.run, block.first, block.last)
            yield block._replace(outcomes=around, first_row=below, losses=losses)

    def cells(self, column: str, run: RunName, first: int, last: int) -> NDArray[Any]:
        """A kept column of a run's cells from ``first`` to before ``last``."""
        parts, size = [], self.layout.block_size(run)
        for number in range(first // size, (last - 1) // size + 1):
            whole = self.kept.load(block_name(run, number, False), column)[column]
            parts.append(whole[max(0, first - number * size) : last - number * size])
        return np.concatenate(parts)
