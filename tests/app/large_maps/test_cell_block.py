"""Cell blocks: every cell is that of the page's map, wherever the blocks begin and end."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cliffscape.app.frames.outcome_cells import Cells
from cliffscape.app.frames.outcomes import outcome_map
from cliffscape.app.large_maps import cell_block
from cliffscape.app.large_maps.cell_block import compute_block
from cliffscape.app.large_maps.map_layout import MapLayout
from cliffscape.app.runs.pair import RUN_NAMES, RunName
from cliffscape.landscapes.backends.c_compiler import compiler
from cliffscape.landscapes.bound_error import BoundError
from tests.app.frames.test_surface import run_frame
from tests.app.large_maps.small_maps import SADDLE, layout_of, page_workspace, small
from tests.devices import DEVICES

__all__ = ["small"]
# Near a cliff the last bit of every number counts.
CLIFF = "clip=by_value&steps=150&window=paper"


def page_cells(layout: MapLayout, compiled: bool) -> dict[RunName, Cells]:
    """The cells as the page's map has them, computed in one go."""
    using = page_workspace(compiled)
    with pytest.MonkeyPatch.context() as patch:
        # The cells are kept for the next level; these have no coarser one.
        kept: dict[Any, Any] = {}
        patch.setattr(using.cells, "put", kept.__setitem__)
        run_frame(outcome_map(layout.scene, layout.kind, layout.side, "", using))
    (found,) = kept.values()
    return found  # type: ignore[no-any-return]


def check(layout: MapLayout, expected: dict[RunName, Cells]) -> None:
    """All blocks against the cells of the page, which took the same steps: on the CPU to the last bit."""
    digits = 1e-13 if layout.device == "cpu" else 1e-9
    for block in layout.blocks():
        found = compute_block(block)
        columns = layout.shape(block.run)[1]
        whole = expected[block.run]
        for name, column in found.items():
            cells = whole[name].reshape(layout.side, layout.side)[:, :columns].reshape(-1)
            part = cells[block.first : block.last].numpy()
            if name == "loss" or (layout.device != "cpu" and column.dtype == np.float64):
                # PyTorch measures that of the last row: its last bit depends on how many it measures together.
                np.testing.assert_allclose(column, part, rtol=digits, err_msg=f"{block.name} {name}")
            else:
                assert column.tobytes() == part.tobytes(), (block.name, name)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize(
    "link",
    [
        SADDLE,
        f"{SADDLE}&cloud=3",
        f"{SADDLE}&map=sweep",
        f"{SADDLE}&map=sweep&sweep=clip.threshold,start.x",
        "landscape=saddle&clip=random_step&clip.seed=5&steps=9",
    ],
)
def test_cells_are_those_of_the_page(link: str, device: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Whether compiled or not, cells of a smooth landscape are the same on a GPU, up to rounding.
    monkeypatch.setenv("CLIFFSCAPE_COMPILE", str(device == "cuda"))
    layout = replace(layout_of(link), device=device)
    assert len(list(layout.blocks())) > 3
    check(layout, page_cells(layout, compiled=False))


@pytest.mark.usefixtures("small")
def test_compiled_cells_are_those_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIFFSCAPE_COMPILE", "true")
    cell_block.block_workspace.cache_clear()
    layout = layout_of(CLIFF)
    expected = page_cells(layout, compiled=True)
    check(layout, expected)
    # The cells differ from those of PyTorch, so the comparison would notice if blocks were computed with that.
    eager = page_cells(layout, compiled=False)
    assert compiler() is None or any((eager[run]["loss"] != expected[run]["loss"]).any() for run in RUN_NAMES)


@pytest.mark.usefixtures("small")
def test_a_device_that_this_machine_lacks_is_an_error() -> None:
    (block, *_) = replace(layout_of(SADDLE), device="cuda:99").blocks()
    with pytest.raises(BoundError, match=r"device must be one that PyTorch sees .*, got cuda:99"):
        compute_block(block)


@pytest.mark.usefixtures("small")
def test_a_clip_that_cannot_be_swept_is_an_error() -> None:
    (block, *_) = layout_of(f"{SADDLE}&clip=autoclip").blocks()
    with pytest.raises(BoundError, match="whose memory has a fixed size"):
        compute_block(block)
