"""The handle of the start on the map, in two windows of the opening landscape."""

import pytest

from tests.browser.mapping import Bounds
from tests.browser.visitor import Visitor

DESCENT: Bounds = (3.5, 5.7, -3.0, -1.3)
PAPER: Bounds = (4.5, 5.5, -2.9, -1.9)
HANDLE = "#map-handle"


def near(visitor: Visitor, pixel: tuple[float, float], window: Bounds = DESCENT, within: float = 0.01) -> bool:
    """Whether the start in the fields, which has six digits, is the point under a pixel, within so many pixels."""
    return visitor.mapping(window).pixel(*visitor.start()) == pytest.approx(pixel, abs=within)
