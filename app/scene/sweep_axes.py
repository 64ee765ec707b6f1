"""Axes of a sweep: the quantities of a Scene that can be varied, and the ranges they are varied over."""

from typing import TYPE_CHECKING

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.declare import Parameter, Range
from cliffscape.landscapes.descent.sweep import START, Axis

if TYPE_CHECKING:
    from cliffscape.app.scene.schema import Scene

# Of a logarithmic quantity: from a hundredth of its accustomed value to a hundred times that.
AROUND = 100.0
FAMILIES = ("optimizer", "clip", "schedule", "landscape")
FAVOURITES = ("optimizer.learning_rate", "clip.threshold")


def quantities(scene: "Scene") -> dict[str, Parameter]:
    """Everything that may be an axis, by name: favourites first, then other parameters, then the start."""
    found: dict[str, Parameter] = {}
    for family in FAMILIES:
        for one in scene.entry(family).parameters:
            if not one.range.structural and one.type is not str:
                found[f"{family}.{one.name}"] = one
    first = {name: found[name] for name in FAVOURITES if name in found}
    left, right, bottom, top = scene.resolved_window
    edges = dict(zip(START, ((left, right), (bottom, top)), strict=True))
    places = {
        name: Parameter(name, float, low, Range(low, high), "Where a run starts.")
        for name, (low, high) in edges.items()
    }
    return {**first, **found, **places}


def usual(scene: "Scene", name: str, one: Parameter, log: bool) -> tuple[float, float]:
    """The range that nobody chose: the declared one, or on a log scale the part of it around the accustomed value.

    Not around the present value: a map that moved with the run picked on it would slip away under the hand.
    """
    low, high = one.range.low, one.range.high
    if not log or name in START:
        return low, high
    value = accustomed(scene, name, one)
    return max(low, value / AROUND), min(high, value * AROUND)


def accustomed(scene: "Scene", name: str, one: Parameter) -> float:
    """A parameter's value in the landscape's first preset where that is of the same kind, else its default."""
    family = name.partition(".")[0]
    kind, choices = getattr(scene, family).kind, scene.surface.presets[0].choices
    return float(choices.get(name, one.default) if choices.get(family, kind) == kind else one.default)


def axes(scene: "Scene") -> tuple[Axis, Axis]:
    """The two axes of the Scene's sweep; by default learning rate and threshold, where there are both.

    Raises:
        BoundError: a name is not that of a numeric quantity, the two are one, or a range is empty, reversed, beyond
            the quantity's own bounds, or not above zero on a log axis.
    """
    known = quantities(scene)
    names = scene.sweep or tuple(known)[:2]
    for name in names:
        if name not in known:
            raise BoundError("sweep", name, f"two of {', '.join(known)}")
    if len(set(names)) < len(names):
        raise BoundError("sweep", names, "two different quantities")
    return axis(scene, 0, names[0], known[names[0]]), axis(scene, 1, names[1], known[names[1]])


def axis(scene: "Scene", number: int, name: str, one: Parameter) -> Axis:
    """One axis: with the range and scale that were chosen, or else the usual ones."""
    log = one.range.log if scene.sweep_scales is None else scene.sweep_scales[number] == "log"
    if scene.sweep_ranges is None:
        low, high = usual(scene, name, one, log)
    else:
        low, high = scene.sweep_ranges[2 * number : 2 * number + 2]
        if name not in START and not one.range.low <= low <= high <= one.range.high and low <= high:
            bound = f"within {one.range.low:g} to {one.range.high:g} for {name}"
            raise BoundError("sweep_ranges", (low, high), bound)
    try:
        return Axis(name, low, high, log, one.type is int)
    except BoundError as error:
        field = "sweep_ranges" if scene.sweep_ranges else "sweep_scales"
        raise BoundError(field, error.value, f"{error.bound} for {name}") from None
