"""Line: points of a path or of a curve as the path of an SVG picture."""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cliffscape.landscapes.loss import Window

Array = NDArray[np.float64]
# Most pieces of a path and most points of a curve: more cannot be told apart, and each takes 20 bytes.
PIECES, POINTS = 4000, 1200


def pieces_inside(position: Array, window: Window) -> Array:
    """The pieces ``(n, 2, 2)`` inside a window of the path through ``position`` ``(rows, 2)``.

    A path may lead to 1e300 and back, and a viewer of SVG computes in float32, so the pieces outside are cut off here.
    A piece with Inf or NaN is left out.
    """
    start, end = position[:-1], position[1:]
    low, high = np.array([window.left, window.bottom]), np.array([window.right, window.top])
    with np.errstate(all="ignore"):
        step = end - start
        # The shares of a piece at which it crosses the edges: it enters at the smaller one of an axis.
        edges = np.stack([(low - start) / step, (high - start) / step])
        still, held = step == 0, (start >= low) & (start <= high)
        enter = np.where(still, np.where(held, 0.0, 2.0), edges.min(0)).max(-1).clip(0)
        leave = np.where(still, 1.0, edges.max(0)).min(-1).clip(None, 1)
        inside = np.isfinite(step).all(-1) & (enter <= leave)
        enter, leave = enter[inside, None], leave[inside, None]
        return np.stack([start[inside] + enter * step[inside], start[inside] + leave * step[inside]], axis=1)


def different_pieces(pieces: Array) -> Array:
    """The pieces ``(n, 2, 2)`` in pixels without repetitions, at most PIECES, in their order."""
    rounded = np.round(pieces, 1)
    moving = (rounded[:, 0] != rounded[:, 1]).any(-1)
    rounded = rounded[moving]
    _, first = np.unique(rounded.reshape(len(rounded), 4), axis=0, return_index=True)
    kept: Array = rounded[np.sort(first)][:PIECES]
    return kept


def spread_rows(values: Array) -> NDArray[np.intp]:
    """Rows of a curve that look like all of them: the lowest and the highest value of each part, and the ends."""
    if len(values) <= POINTS:
        return np.arange(len(values))
    edges = np.linspace(0, len(values), POINTS // 2 + 1).astype(int)
    parts = [np.arange(a, b) for a, b in pairwise(edges.tolist())]
    some: list[Any] = [0, len(values) - 1]
    for part in parts:
        known = part[np.isfinite(values[part])]
        some += [known[values[known].argmin()], known[values[known].argmax()]] if len(known) else [part[0]]
    return np.unique(some)


def path_of_pieces(pieces: Array) -> str:
    """The SVG path of separate pieces in pixels; a piece that starts where the one before ends continues it."""
    words, last = [], None
    for (x0, y0), (x1, y1) in pieces.tolist():
        words.append(("" if last == (x0, y0) else f"M{x0:g} {y0:g}") + f"L{x1:g} {y1:g}")
        last = (x1, y1)
    return "".join(words)


def path_of_points(x: Array, y: Array) -> str:
    """The SVG path through points in pixels, with a gap where one is not finite."""
    words, joined = [], False
    for across, down in zip(x.tolist(), y.tolist(), strict=True):
        known = bool(np.isfinite(down))
        words += [f"{'L' if joined else 'M'}{across:.1f} {down:.1f}"] if known else []
        joined = known
    return "".join(words)
