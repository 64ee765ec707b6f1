"""The work on a large map: after any interruption it continues, and the file has the same bytes."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cliffscape.app.blocks.kept_blocks import Arrays, KeptBlocks
from cliffscape.app.large_maps.cell_block import CellBlock, compute_block
from cliffscape.app.large_maps.map_work import Progress, block_folder, useful_processes
from tests.app.large_maps.small_maps import BLOCK, SADDLE, layout_of, map_work, small, write_map

__all__ = ["small"]
RANDOM = f"{SADDLE}&clip=random_step"


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("link", [RANDOM, f"{SADDLE}&map=sweep"])
def test_an_interrupted_map_has_the_same_bytes(link: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    layout = layout_of(link)
    whole, out = tmp_path / "whole.npz", tmp_path / "map.npz"
    computed = list[str]()

    def noted(block: CellBlock) -> Arrays:
        assert block.last - block.first <= BLOCK
        computed.append(block.name)
        return compute_block(block)

    write_map(layout, whole, noted)
    every = computed.copy()
    assert len({*every}) == len(every)
    computed.clear()
    # Stopped after two blocks, killed while a block is written, stopped in the second phase, killed in the file.
    assert write_map(layout, out, noted, stop_after=2) == "outcomes"
    keep = KeptBlocks.keep

    def killed(self: KeptBlocks, name: str, arrays: Arrays) -> None:
        if len([*self.folder.glob("*.npz")]) == 3:
            self.path(name).with_name(f"{name}.npz.part").write_bytes(b"PK")
            raise SystemExit(9)
        keep(self, name, arrays)

    monkeypatch.setattr(KeptBlocks, "keep", killed)
    with pytest.raises(SystemExit):
        write_map(layout, out, noted)
    assert len([*block_folder(out).glob("*.npz")]) == 3
    monkeypatch.setattr(KeptBlocks, "keep", keep)
    outcomes = [name for name in every if "outcomes" in name]
    assert write_map(layout, out, noted, stop_after=len(outcomes) - 3 + 1) == "certainty of the cells at borders"
    with monkeypatch.context() as patch:
        patch.setattr("cliffscape.app.large_maps.map_work.write_archive", lambda *_: killed_by_the_system())
        with pytest.raises(SystemExit):
            write_map(layout, out, noted)
    assert not out.exists() and block_folder(out).exists()
    assert write_map(layout, out, noted) == ""
    assert out.read_bytes() == whole.read_bytes()
    assert not block_folder(out).exists()
    # One block was computed twice: the one that was not written to its end.
    assert sorted(computed) == sorted([*every, outcomes[3]])


def killed_by_the_system() -> None:
    """Stands for the end of the process."""
    raise SystemExit(9)


@pytest.mark.usefixtures("small")
def test_a_test_for_certainty_has_the_rows_around_its_cells(tmp_path: Path) -> None:
    layout, out = layout_of(SADDLE), tmp_path / "map.npz"
    work, whole = map_work(layout, out), dict[str, np.ndarray[Any, Any]]()
    losses = np.arange(layout.side**2) / 7
    random = np.random.default_rng(0)
    with work.kept.open():
        for run in ("with", "without"):
            whole[run] = random.integers(0, 5, (layout.side, layout.side), np.uint8)
        for block in layout.blocks():
            part = whole[block.run].ravel()[block.first : block.last]
            work.kept.keep(block.name, {"outcome": part, "loss": losses[block.first : block.last]})
        for block in work.tests():
            assert block.outcomes is not None and block.losses is not None
            assert block.losses.tolist() == losses[block.first : block.last].tolist()
            first, last = block.first // layout.side, -(-block.last // layout.side)
            rows = slice(max(0, first - 1), last + 1)
            assert block.first_row == rows.start
            assert block.outcomes.tolist() == whole[block.run][rows].tolist()


def test_progress_says_how_long_the_rest_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    said = list[tuple[str, bool]]()
    progress = Progress(lambda text, ended: said.append((text(), ended)), "outcomes", 4000, began=10.0)
    progress.add(2000, kept=True)
    monkeypatch.setattr("time.monotonic", lambda: 15.0)
    progress.add(500)
    progress.add(1500)
    assert said == [
        ("outcomes: 2,000 of 4,000 cells", False),
        ("outcomes: 2,500 of 4,000 cells; 15 s left", False),
        ("outcomes: 4,000 of 4,000 cells", True),
    ]


def test_a_small_map_needs_no_further_process() -> None:
    assert useful_processes(layout_of(SADDLE, 65)) == 0
    assert useful_processes(layout_of(SADDLE, 8192)) == int(2 * 8192**2 * 12 / 5e8)
