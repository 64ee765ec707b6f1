"""Axes of a sweep: the quantities of a Scene that can vary, and their ranges.

The page lists the same quantities in ``static/js/state/scene/sweep_axes.js``, and a test compares the two.
"""

from typing import Any, Protocol

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.declare import Entry, Parameter, Range
from cliffscape.landscapes.descent.axis import Axis
from cliffscape.landscapes.descent.sweep import START
from cliffscape.landscapes.loss import Landscape, Window

# A log axis reaches from a hundredth of the first preset's value to a hundred times that value.
AROUND = 100.0
FAMILIES = ("optimizer", "clip", "schedule", "landscape")
FAVOURITES = ("optimizer.learning_rate", "clip.threshold")


class SweptScene(Protocol):
    """What the axes of a sweep depend on. The Scene itself imports this module."""

    sweep: Any
    sweep_ranges: Any
    sweep_scales: Any

    @property
    def surface(self) -> Landscape:
        """The chosen landscape."""

    @property
    def resolved_window(self) -> Window:
        """The window on screen."""

    def entry(self, family: str) -> Entry:
        """The chosen entry of a family."""


def quantities(scene: SweptScene) -> dict[str, Parameter]:
    """Every quantity that can be an axis, by name: the default axes first, then other parameters and the start.

    The start of a curve has one coordinate, which is the first default axis.
    """
    found: dict[str, Parameter] = {}
    for family in FAMILIES:
        # A formula has only some of the parameters of formulas.
        entry = scene.surface if family == "landscape" else scene.entry(family)
        found |= {f"{family}.{one.name}": one for one in entry.numbers}
    first = {name: found[name] for name in FAVOURITES if name in found}
    left, right, bottom, top = scene.resolved_window
    edges = dict(zip(START, ((left, right), (bottom, top)), strict=True))
    places = {
        name: Parameter(name, float, low, Range(low, high), "Where a run starts.")
        for name, (low, high) in [*edges.items()][: scene.surface.dimension]
    }
    return {**places, **first, **found} if scene.surface.curve else {**first, **found, **places}


def default_range(scene: SweptScene, name: str, one: Parameter, log: bool) -> tuple[float, float]:
    """The range by default: the declared one, or on a log axis the part of it around the first preset's value.

    The current value must not count: picking a run on the map changes it, and the map would move.
    """
    low, high = one.range.low, one.range.high
    if not log or name in START:
        return low, high
    value = preset_value(scene, name, one)
    return max(low, value / AROUND), min(high, value * AROUND)


def preset_value(scene: SweptScene, name: str, one: Parameter) -> float:
    """A parameter's value in the landscape's first preset where that is of the same kind, else its default."""
    family = name.partition(".")[0]
    kind, choices = getattr(scene, family).kind, scene.surface.presets[0].choices
    return float(choices.get(name, one.default) if choices.get(family, kind) == kind else one.default)


def axes(scene: SweptScene) -> tuple[Axis, Axis]:
    """The two axes of the Scene's sweep; by default learning rate and threshold, if the Scene has both, and on a
    curve start and learning rate.

    Raises:
        BoundError: a name is not that of a numeric quantity, both names are the same, or a range is empty, reversed,
            beyond the quantity's bounds, or not above zero on a log axis.
    """
    known = quantities(scene)
    names = scene.sweep or tuple(known)[:2]
    for name in names:
        if name not in known:
            raise BoundError("sweep", name, f"two of {', '.join(known)}")
    if len(set(names)) < len(names):
        raise BoundError("sweep", names, "two different quantities")
    return axis(scene, 0, names[0], known[names[0]]), axis(scene, 1, names[1], known[names[1]])


def axis(scene: SweptScene, number: int, name: str, one: Parameter) -> Axis:
    """One axis, with the Scene's range and scale or the default ones."""
    log = one.range.log if scene.sweep_scales is None else scene.sweep_scales[number] == "log"
    if scene.sweep_ranges is None:
        low, high = default_range(scene, name, one, log)
    else:
        low, high = scene.sweep_ranges[2 * number : 2 * number + 2]
        # A reversed range has its own error below.
        if name not in START and not one.range.low <= low <= high <= one.range.high and low <= high:
            bound = f"within {one.range.low:g} to {one.range.high:g} for {name}"
            raise BoundError("sweep_ranges", (low, high), bound)
    try:
        return Axis(name, low, high, log, one.type is int)
    except BoundError as error:
        field = "sweep_ranges" if scene.sweep_ranges else "sweep_scales"
        raise BoundError(field, error.value, f"{error.bound} for {name}") from None
