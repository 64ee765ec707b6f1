"""Colours of pictures that Python draws: those of the page in its light theme.

The page has them in ``static/css/base.css`` and ``static/js/views/canvas/colour.js``, and a test compares the two.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from cliffscape.app.runs.pair import RunName

PAPER, INK, MUTED, LINE = "#fdfcf9", "#1f262c", "#626c74", "#ddd8cc"
RUNS: Mapping[RunName, str] = {"without": "#c8400a", "with": "#1450a8"}
STOPS = ("#f4ecd8", "#d3d3bd", "#aabbb1", "#82a3a8", "#608a9d", "#46718d", "#35577a")


def colour_scale(count: int) -> NDArray[np.uint8]:
    """``count`` colours ``(count, 3)`` from low to high values."""
    stops = np.array([[int(stop[k : k + 2], 16) for k in (1, 3, 5)] for stop in STOPS], dtype=float)
    places = np.linspace(0, len(STOPS) - 1, count)
    columns = [np.interp(places, np.arange(len(STOPS)), column) for column in stops.T]
    return np.stack(columns, -1).round().astype(np.uint8)
