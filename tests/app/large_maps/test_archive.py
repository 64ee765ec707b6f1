"""The archive of a large map: the arrays of the page's export, in memory that does not grow with the map."""

import io
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from cliffscape.app.blocks.kept_blocks import KeptBlocks
from cliffscape.app.exports.outcome_table import to_npz
from cliffscape.app.frames.plan import frame as planned_frame
from cliffscape.app.large_maps import archive, map_layout
from cliffscape.app.large_maps.archive import read_about, write_archive
from cliffscape.app.large_maps.map_layout import MapLayout
from cliffscape.app.scene.metadata import metadata
from tests.app.frames.test_surface import run_frame
from tests.app.large_maps.small_maps import SADDLE, layout_of, page_workspace, small, write_map

__all__ = ["small"]
CLIFF = "clip=by_value&steps=150&window=paper"


def page_export(layout: MapLayout, compiled: bool) -> dict[str, np.ndarray]:
    """The arrays of the page's NPZ export."""
    using = page_workspace(compiled)
    frame = run_frame(planned_frame(layout.scene, layout.kind, layout.side).begin(using))[1]
    with np.load(io.BytesIO(to_npz(layout.scene, layout.kind, frame)), allow_pickle=False) as file:
        return dict(file)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("link", [SADDLE, f"{SADDLE}&cloud=3", f"{SADDLE}&map=sweep", CLIFF])
def test_the_arrays_are_those_of_the_pages_export(link: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the cliff compiled steps are exact: those of PyTorch depend on how many runs are computed together."""
    monkeypatch.setenv("CLIFFSCAPE_COMPILE", str(link == CLIFF))
    layout, out = layout_of(link), tmp_path / "map.npz"
    assert write_map(layout, out) == ""
    expected = page_export(layout, compiled=link == CLIFF)
    with np.load(out, allow_pickle=False) as file:
        found = dict(file)
    assert list(found) == list(expected)
    for name, array in expected.items():
        assert found[name].shape == array.shape
        if name.endswith(("_low", "_high")) or name.startswith("loss"):
            # The page computes intervals from rounded shares, and the last bit of a loss may differ.
            np.testing.assert_allclose(found[name], array, rtol=1e-6, atol=1e-9)
        else:
            assert found[name].astype(array.dtype).tobytes() == array.tobytes(), name
    assert link != CLIFF or found["uncertain_with"].any()
    assert [path.name for path in tmp_path.iterdir()] == ["map.npz"]
    assert read_about(out) == {**metadata(layout.scene), "cells": str(layout.side)}


def test_other_files_are_no_maps(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", outcomes=np.zeros(3))
    (tmp_path / "b.npz").write_text("text")
    assert [read_about(tmp_path / name) for name in ("a.npz", "b.npz", "absent.npz")] == [{}, {}, {}]


@pytest.mark.usefixtures("small")
def test_memory_does_not_grow_with_the_map(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The larger map has sixteen times as many cells; the peak grows by less than a quarter of one of its columns."""
    monkeypatch.setattr(archive, "PIECE", 1 << 13)
    monkeypatch.setattr(map_layout, "STARTS", 1024)
    peaks = []
    for side in (65, 257):
        layout, out = layout_of(f"{SADDLE}&map=sweep", side), tmp_path / f"{side}.npz"
        kept = KeptBlocks(tmp_path / f"{side}", layout.claim)
        with kept.open():
            for block in layout.blocks():
                count = block.last - block.first
                columns = {"outcome": np.zeros(count, np.uint8), "loss": np.zeros(count)}
                kept.keep(block.name, columns)
                kept.keep(block._replace(outcomes=np.empty(0)).name, {"uncertain": np.zeros(count, np.uint8)})
            tracemalloc.start()
            write_archive(out, layout, kept, lambda share: None)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    column = 257 * 257 * 8
    assert peaks[1] - peaks[0] < column / 4
    with np.load(tmp_path / "257.npz") as file:
        assert file["loss_without"].nbytes == column
