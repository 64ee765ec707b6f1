"""The plan of a large map: the numbers of a measured block, scaled to the whole."""

import re

import numpy as np
import pytest

from cliffscape.app.large_maps import map_plan as plan
from cliffscape.app.large_maps.cell_block import CellBlock, compute_block
from cliffscape.app.large_maps.map_plan import map_plan
from cliffscape.app.terminal import duration_text, peak_memory, size_text
from tests.app.large_maps.small_maps import BLOCK, SADDLE, layout_of, small

__all__ = ["small"]


@pytest.mark.usefixtures("small")
def test_the_plan_has_the_numbers_of_a_measured_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock on which every outcome takes a second, and every test for certainty a tenth of one."""
    clock, measured = [0.0], list[CellBlock]()

    def timed(block: CellBlock) -> dict[str, np.ndarray]:
        measured.append(block)
        clock[0] += (block.last - block.first) * (1.0 if block.outcomes is None else 0.1)
        return compute_block(block)

    monkeypatch.setattr(plan, "compute_block", timed)
    monkeypatch.setattr("time.perf_counter", lambda: clock[0])
    monkeypatch.setattr(plan, "peak_memory", lambda: 300 << 20)
    layout = layout_of(f"{SADDLE}&map=sweep")
    lines = map_plan(layout, 2)
    count = BLOCK // 17 * 17
    assert lines[:3] == [
        "17 x 17 cells with 12 steps",
        f"Without clipping: 17 different runs in 1 blocks; one of 17 took {17 * 1.1:.2f} s",
        f"With clipping: 289 different runs in 9 blocks; one of {count} took {count * 1.1:.2f} s",
    ]
    assert lines[3] == f"time: about {-(-(17 + 289) * 1.1 // 60 / 2):.0f} min in 2 processes, and 0 s for the file"
    assert lines[4] == "memory: about 300 MiB in each of 2 processes"
    # Outcome, three numbers, whether a step was thrown, and whether the cell is certain.
    size = size_text((289 + 17) * (1 + 3 * 8 + 1 + 1))
    assert lines[5] == f"disk: about {size} for the blocks until the file is complete"
    assert re.fullmatch(r"file: about \d+(\.\d)? KiB", lines[6])
    # A cell of each block before it is measured, so that compiling is not.
    assert [block.last - block.first for block in measured] == [1, 17, 17, 1, count, count]


def test_sizes_have_units() -> None:
    assert [size_text(size) for size in (9, 1500, 15_000, 3 << 20, 5 << 40)] == [
        "9 bytes",
        "1.5 KiB",
        "15 KiB",
        "3.0 MiB",
        "5,120 GiB",
    ]


def test_memory_is_that_of_this_process() -> None:
    """Python with PyTorch takes between 50 MiB and 50 GiB."""
    assert 50 << 20 < peak_memory() < 50 << 30


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (88.2, "89 s"),
        (89.5, "2 min"),
        (5340, "89 min"),
        (5400, "2 h"),
        (47 * 3600, "47 h"),
        (47 * 3600 + 1, "2 days"),
        (86_400 * 2345, "2,345 days"),
    ],
)
def test_durations_are_rounded_up_in_a_unit_that_suits_them(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text
