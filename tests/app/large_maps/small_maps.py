"""Small maps in small blocks, whose steps PyTorch takes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cliffscape.app.blocks.kept_blocks import Arrays, KeptBlocks
from cliffscape.app.blocks.local_processes import stored_libraries
from cliffscape.app.blocks.pool import SerialPool
from cliffscape.app.compute.compiled import Routines
from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames import outcomes
from cliffscape.app.large_maps import cell_block, map_layout
from cliffscape.app.large_maps.cell_block import CellBlock, compute_block
from cliffscape.app.large_maps.map_layout import MapLayout
from cliffscape.app.large_maps.map_work import MapWork, block_folder
from cliffscape.app.scene.links import from_query, parse_link
from cliffscape.landscapes.networks.compiled.cells import COMPILED
from tests.app.frames.test_surface import workspace

SADDLE = "landscape=saddle&steps=12"
SIDE = 17
BLOCK = 40


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Blocks of at most ``BLOCK`` cells, and maps of ``SIDE`` cells per side whose cells are tested."""
    monkeypatch.setenv("CLIFFSCAPE_COMPILE", "false")
    monkeypatch.setattr(map_layout, "STARTS", BLOCK)
    monkeypatch.setattr(map_layout, "TESTED", SIDE)
    monkeypatch.setattr(outcomes, "TESTED", SIDE)
    monkeypatch.setattr(outcomes, "LEVELS", (9, SIDE, 33))
    monkeypatch.setattr(COMPILED, "load", COMPILED.load)
    for cached in (stored_libraries, cell_block.block_workspace):
        cached.cache_clear()
    yield
    for cached in (stored_libraries, cell_block.block_workspace):
        cached.cache_clear()
    cell_block.block_source.cache_clear()


def layout_of(link: str, side: int = SIDE) -> MapLayout:
    """The layout of a link's map."""
    return MapLayout(from_query(parse_link(link)[0]), side)


def map_work(layout: MapLayout, out: Path) -> MapWork:
    """The work on a map."""
    return MapWork(layout, out, KeptBlocks(block_folder(out), layout.claim))


def write_map(
    layout: MapLayout, out: Path, compute: Callable[[CellBlock], Arrays] = compute_block, stop_after: int = 10**9
) -> str:
    """Compute a map; returns the phase in which it stopped after some blocks, or nothing."""
    work, blocks = map_work(layout, out), list[CellBlock]()

    def counted(block: CellBlock) -> Arrays:
        blocks.append(block)
        return compute(block)

    with work.kept.open():
        return work.run(SerialPool(counted), lambda: len(blocks) >= stop_after)


def page_workspace(compiled: bool) -> Workspace:
    """A workspace that takes all steps with compiled routines, if there is a compiler, or all in PyTorch."""
    found = workspace()
    get = Routines(load=stored_libraries().load).wait if compiled else lambda *_: None
    found.routines.get = get  # type: ignore[method-assign, assignment]
    return found
