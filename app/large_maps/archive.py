"""The archive of a large map: the NPZ file of the page's export, written in pieces.

Its numbers are float64; the page's are rounded to float32 where that makes the same picture.
"""

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cliffscape.app.blocks.kept_blocks import UNFINISHED, KeptBlocks
from cliffscape.app.exports.outcome_table import SHARES, interval_ends
from cliffscape.app.large_maps.cell_block import UNCERTAIN, CellBlock
from cliffscape.app.large_maps.map_layout import MapLayout
from cliffscape.app.runs.files import about_scene
from cliffscape.app.runs.pair import RUN_NAMES, RunName
from cliffscape.landscapes.descent.outcome import OUTCOMES

# Bytes that are read, compressed and written at a time.
PIECE = 1 << 21
# A higher level takes several times as long for a file that is a few per cent smaller.
LEVEL = 1
# The name of a column, its type, and its values in pieces, row by row.
Pieces = Iterator[NDArray[Any]]


class Column(NamedTuple):
    """An array ``(side, side)`` of the file."""

    name: str
    dtype: np.dtype[Any]
    pieces: Callable[[], Pieces]


def block_name(run: RunName, number: int, certainty: bool) -> str:
    """The name of a kept block."""
    return CellBlock("", "", 0, run, number, 0, 0, "", np.empty(0) if certainty else None).name


def spread_rows(values: NDArray[Any], side: int) -> Pieces:
    """Values ``(1 or side, 1 or side)`` for all ``(side, side)`` cells, some rows at a time."""
    whole, rows = np.broadcast_to(values, (side, side)), max(1, PIECE // (side * values.itemsize))
    for first in range(0, side, rows):
        yield whole[first : first + rows].ravel()


def cell_pieces(layout: MapLayout, kept: KeptBlocks, run: RunName, name: str) -> Pieces:
    """A column of a run's cells, in pieces."""
    names = [block_name(run, number, name == UNCERTAIN) for number in range(len(layout.bounds(run)))]
    parts = (kept.load(one, name)[name] for one in names)
    if layout.count(run) == layout.side**2:
        yield from parts
    else:
        # At most one row or column of cells.
        yield from spread_rows(np.concatenate(list(parts)).reshape(layout.shape(run)), layout.side)


def file_columns(layout: MapLayout, kept: KeptBlocks) -> list[Column]:
    """The columns in the order of the page's export."""
    side, (across, upward) = layout.side, layout.axes
    double, x, y = np.dtype(np.float64), across.values(side).numpy()[None, :], upward.values(side).numpy()[:, None]
    found = [
        Column(across.name, double, lambda: spread_rows(x, side)),
        Column(upward.name, double, lambda: spread_rows(y, side)),
    ]

    def column(run: RunName, name: str, dtype: np.dtype[Any]) -> Column:
        return Column(f"{name}_{run}", dtype, lambda: cell_pieces(layout, kept, run, name))

    for run in reversed(RUN_NAMES):
        first = kept.load(block_name(run, 0, False))
        found += [column(run, name, array.dtype) for name, array in first.items()]
    found += [column(run, UNCERTAIN, np.dtype(np.uint8)) for run in RUN_NAMES if layout.tests]
    return found + interval_columns(layout, found)


def interval_columns(layout: MapLayout, known: list[Column]) -> list[Column]:
    """How many starts a cell has, and the ends of the intervals of its shares; nothing with a single start."""
    starts = int(layout.scene.cloud)
    if starts == 1:
        return []
    count = np.full((1, 1), starts)
    found = [Column("starts", count.dtype, lambda: spread_rows(count, layout.side))]
    for one in known:
        for place, end in enumerate(("low", "high")):
            if one.name.startswith(SHARES):

                def ends(one: Column = one, place: int = place) -> Pieces:
                    return (interval_ends(piece, starts)[place] for piece in one.pieces())

                found.append(Column(f"{one.name}_{end}", one.dtype, ends))
    return found


def write_archive(path: Path, layout: MapLayout, kept: KeptBlocks, progress: Callable[[float], None]) -> None:
    """Write the file, whole or not at all; ``progress`` gets the share that is done after every piece.

    Raises:
        OSError: it cannot be written.
    """
    unfinished = path.with_name(path.name + UNFINISHED)
    columns, side = file_columns(layout, kept), layout.side
    total, done = side * side * len(columns), 0
    texts = {**about_scene(layout.scene), "outcomes": np.array(OUTCOMES)}
    try:
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
            for name, text in texts.items():
                with archive.open(f"{name}.npy", "w") as file:
                    np.lib.format.write_array(file, np.asanyarray(text), allow_pickle=False)
            for column in columns:
                with archive.open(f"{column.name}.npy", "w", force_zip64=True) as file:
                    write_header(file, side, column.dtype)
                    for piece in column.pieces():
                        file.write(piece.astype(column.dtype, copy=False).tobytes())
                        done += piece.size
                        progress(done / total)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def write_header(file: Any, side: int, dtype: np.dtype[Any]) -> None:
    """The header of an array ``(side, side)``."""
    about = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": (side, side)}
    np.lib.format.write_array_header_1_0(file, about)


def read_about(path: Path) -> dict[str, str]:
    """Link and version of a map's file, empty if it is no such file, and the number of its cells per side."""
    try:
        with path.open("rb") as content, np.load(content, allow_pickle=False) as file, zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.startswith("outcome_")]
            with archive.open(names[0]) as column:
                np.lib.format.read_magic(column)
                (side, _), _, _ = np.lib.format.read_array_header_1_0(column)
            return {"link": str(file["link"]), "version": str(file["version"]), "cells": str(side)}
    except (OSError, ValueError, KeyError, IndexError, zipfile.BadZipFile):
        return {}
