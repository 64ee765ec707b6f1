"""The layout of a large map: its blocks, and the columns of its file."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from cliffscape.app.blocks.kept_blocks import Claim
from cliffscape.app.frames.kind import KINDS
from cliffscape.app.frames.outcome_cells import Axes, cell_steps, distinct_shape
from cliffscape.app.frames.outcomes import TESTED, axes_of, sides
from cliffscape.app.landscape_files.loader import LOADED
from cliffscape.app.large_maps.cell_block import CellBlock
from cliffscape.app.runs.pair import RUN_NAMES, RunName
from cliffscape.app.scene.content_key import digest
from cliffscape.app.scene.dependencies import values
from cliffscape.app.scene.metadata import link, version
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.bound_error import BoundError

LEAST, MOST = 2, 32_768
# Bounds of a block: its starts, which bound its memory, and its steps times starts. On one core of a laptop that many
# steps take less than a minute.
STARTS, WORK = 1 << 18, 2e9
# The larger maps of a Scene that shows the loss, as of one that shows outcomes, are those of every start.
DEFAULT_KIND = "outcomes"


@dataclass(frozen=True)
class MapLayout:
    """An outcome map of a Scene with ``side`` by ``side`` cells, in blocks that are computed on ``device``.

    Raises:
        BoundError: there are too few or too many cells.
    """

    scene: Scene
    side: int
    device: str = "cpu"

    def __post_init__(self) -> None:
        if not LEAST <= self.side <= MOST:
            raise BoundError("--cells", self.side, f"between {LEAST} and {MOST:,}")

    @property
    def kind(self) -> str:
        """The kind of the map: that which the Scene shows, or the outcomes of every start."""
        return str(self.scene.map) if self.scene.map in KINDS else DEFAULT_KIND

    @cached_property
    def axes(self) -> Axes:
        """The axes of the map."""
        return axes_of(self.scene, self.kind)

    @property
    def tests(self) -> bool:
        """Whether cells are tested for certainty: as those of the page's maps, where one has as many cells."""
        return self.scene.cloud == 1 and (self.side >= TESTED or self.side == sides(self.scene)[-1])

    def shape(self, run: RunName) -> tuple[int, int]:
        """Rows and columns of the run's cells that differ."""
        return distinct_shape(self.axes, run, self.side)

    def count(self, run: RunName) -> int:
        """How many of the run's cells differ."""
        rows, columns = self.shape(run)
        return rows * columns

    @property
    def steps_per_cell(self) -> float:
        """Steps times starts of a cell."""
        return cell_steps(self.scene)

    @property
    def block_cells(self) -> int:
        """The most cells of a block."""
        return max(1, min(STARTS // int(self.scene.cloud), int(WORK / self.steps_per_cell)))

    def block_size(self, run: RunName) -> int:
        """The cells of each block of a run but the last: whole rows where one fits into a block."""
        columns = self.shape(run)[1]
        return self.block_cells // columns * columns or self.block_cells

    def bounds(self, run: RunName) -> list[tuple[int, int]]:
        """First and last cell of each block of a run."""
        size, count = self.block_size(run), self.count(run)
        return [(first, min(first + size, count)) for first in range(0, count, size)]

    def blocks(self) -> Iterator[CellBlock]:
        """The outcomes of all cells, first those with clipping, so that a clip that cannot be swept fails at once."""
        text = self.scene.model_dump_json()
        for run in reversed(RUN_NAMES):
            for number, (first, last) in enumerate(self.bounds(run)):
                yield CellBlock(text, self.kind, self.side, run, number, first, last, self.device)

    @property
    def claim(self) -> Claim:
        """What the folder of the blocks belongs to."""
        content = [*values(self.scene, KINDS[self.kind].depends_on), file_hash(self.scene.landscape.kind)]
        # Near a cliff the last bits of two devices lead to different outcomes.
        device = self.device.partition(":")[0]
        key = digest("map", self.kind, self.side, self.block_cells, self.tests, version(), device, content)
        return Claim("the outcome map", f"{link(self.scene)} with {self.side} x {self.side} cells", version(), key)


def file_hash(kind: str) -> str:
    """The hash of the user's own file that has the landscape; empty for a landscape of the catalogue."""
    own = [file for file, entries in LOADED.items() if kind in (entry.kind for entry in entries)]
    return hashlib.sha256(own[0].content).hexdigest() if own else ""
