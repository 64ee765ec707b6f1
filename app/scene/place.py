"""Place: the window and the start of a Scene, their bounds, and the second coordinates that a curve's leave out."""

import math
from collections.abc import Mapping
from typing import Any

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.loss import Landscape, Window

# The least size of a window, in float64 numbers per axis. A smaller one shows only rounding.
FEWEST = 64


def numbers_between(low: float, high: float) -> float:
    """The number of float64 steps from ``low`` to ``high``, at their widest spacing; negative if reversed."""
    # The spacing is widest at the end that is larger in magnitude.
    return (high - low) / math.ulp(max(abs(low), abs(high)))


def on_curve(data: Mapping[str, Any]) -> dict[str, Any]:
    """A Scene's data whose start and window, on a curve, are one number and two numbers, with the other ones, 0."""
    start, window = data.get("start"), data.get("window")
    full = dict(data)
    if isinstance(start, (int, float, str)):
        full["start"] = (start, 0.0)
    if isinstance(window, (tuple, list)) and len(window) == 2:
        full["window"] = (*window, 0.0, 0.0)
    return full


def short_place(surface: Landscape, name: str, value: Any) -> Any:
    """The value of a Scene's field as links have it: on a curve, a start is one number and a window two numbers."""
    size = {"start": 1, "window": 2}.get(name)
    if not surface.curve or not isinstance(value, tuple) or size is None or any(value[size:]):
        return value
    return value[0] if name == "start" else value[:size]


def check_window(scene: Any) -> None:
    """Check that a window exists, has a height unless the landscape is a curve, and is not too small.

    Raises:
        BoundError: it is not so.
    """
    windows, curve = scene.surface.windows, scene.surface.curve
    if isinstance(scene.window, str) and scene.window not in windows:
        raise BoundError("window", scene.window, f"one of {', '.join(windows)} or {'two' if curve else 'four'} numbers")
    left, right, bottom, top = scene.resolved_window
    if curve:
        if bottom != 0 or top != 0 or numbers_between(left, right) < FEWEST:
            bound = f"left and right, in this order, at least {FEWEST} float64 numbers apart"
            raise BoundError(
                "window",
                short_place(scene.surface, "window", scene.window),
                f"{bound}, because the loss has one parameter",
            )
    elif min(numbers_between(left, right), numbers_between(bottom, top)) < FEWEST:
        bound = f"left, right, bottom and top, in this order, each side at least {FEWEST} float64 numbers long"
        raise BoundError("window", scene.window, bound)


def check_start(scene: Any) -> None:
    """Check that a start lies inside a window, and on a curve is one number.

    Raises:
        BoundError: it is not so.
    """
    curve, start = scene.surface.curve, scene.resolved_start
    if curve and start[1] != 0:
        raise BoundError("start", start, "one number, because the loss has one parameter")
    allowed = [scene.resolved_window, *scene.surface.windows.values()]
    if not any(window.holds(start) for window in allowed):
        # A dictionary, because the chosen window may be one of the landscape's.
        listed = dict.fromkeys(extent(window, curve) for window in allowed)
        inside = f"inside a window of the landscape ({'; '.join(listed)})"
        raise BoundError("start", short_place(scene.surface, "start", start), inside)


def extent(window: Window, curve: bool) -> str:
    """A window in words."""
    across = f"{window.left:g} to {window.right:g}"
    return across if curve else f"{across} by {window.bottom:g} to {window.top:g}"
