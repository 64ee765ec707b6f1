"""Outcome tables: an outcome map cell by cell."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cliffscape.app.compute.encoding import Frame
from cliffscape.app.frames.outcomes import axes_of
from cliffscape.app.runs.files import Columns, npz_bytes
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.analysis.share_interval import wilson_interval
from cliffscape.landscapes.descent.outcome import OUTCOMES

# The columns that are shares of the starts of a cell.
SHARES = ("converged_with", "thrown_")


def columns(scene: Scene, kind: str, frame: Frame) -> Columns:
    """The table's columns, cell by cell: the two axes, then the outcomes of each run."""
    side = int(frame.fields["columns"])
    across, upward = axes_of(scene, kind)
    x, y = np.meshgrid(across.values(side).numpy(), upward.values(side).numpy())
    place = {across.name: x.ravel(), upward.name: y.ravel()}
    return {**place, **{name: array.ravel() for name, array in frame.arrays.items()}, **intervals(frame)}


def intervals(frame: Frame) -> Columns:
    """How many starts a cell has, and the ends of the intervals of its shares; nothing with a single start."""
    starts, found = int(frame.fields["cloud"]), dict[str, NDArray[Any]]()
    if starts == 1:
        return found
    found["starts"] = np.full(int(frame.fields["columns"]) ** 2, starts)
    for name, array in frame.arrays.items():
        if name.startswith(SHARES):
            ends = interval_ends(array.ravel(), starts)
            found |= {f"{name}_{end}": column for end, column in zip(("low", "high"), ends, strict=True)}
    return found


def interval_ends(shares: NDArray[Any], starts: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Both ends of the 95 % intervals of ``shares`` ``(n,)``, each counted from so many starts."""
    # A map has hundreds of thousands of cells, and few different shares.
    different, places = np.unique(shares, return_inverse=True)
    ends = np.array([wilson_interval(share, starts) for share in different.tolist()])
    return ends[places, 0], ends[places, 1]


def name_outcomes(table: Columns) -> Columns:
    """The columns with the names of outcomes instead of their numbers."""
    names = np.array(OUTCOMES)
    return {name: names[array] if name.startswith("outcome_") else array for name, array in table.items()}


def to_npz(scene: Scene, kind: str, frame: Frame) -> bytes:
    """The columns as arrays ``(side, side)`` with the names of the outcomes; a fine map takes tenths of a second."""
    side = int(frame.fields["columns"])
    arrays = {name: array.reshape(side, side) for name, array in columns(scene, kind, frame).items()}
    return npz_bytes(scene, {"outcomes": np.array(OUTCOMES), **arrays}, compress=True)
