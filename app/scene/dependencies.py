"""Dependencies: the parts of a Scene that a frame is computed from.

They are declared as data, since two programs read them: the server makes a frame's key from them, and the page the
signature by which it knows that a frame is missing. The page gets them with the catalogue and evaluates them in
``static/js/state/scene/dependencies.js``; a test holds the two together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from cliffscape.app.scene.schema import FAMILIES, Scene
from cliffscape.app.scene.sweep_axes import axes
from cliffscape.landscapes.descent.sweep import START
from cliffscape.landscapes.networks.tasks.encoded_text import encode_text
from cliffscape.landscapes.networks.tasks.text import Reading

Conditions = Mapping[str, bool | str]


@dataclass(frozen=True)
class Part:
    """One part of a Scene: the chosen entry of a family, or a field. Of window, start and height the resolved value.

    ``only`` leaves of a family its kind, or its kind and the parameters that shape the computation. ``without`` names
    parameters to leave out, or ``axes``: what the Scene's sweep varies. The part counts where the Scene meets the
    conditions in ``when``.
    """

    name: str
    only: Literal["", "kind", "structural"] = ""
    without: tuple[str, ...] = ()
    when: Conditions = field(default_factory=dict)


def on_condition(conditions: Conditions, parts: Sequence[Part]) -> tuple[Part, ...]:
    """The parts, counting only where the Scene meets these conditions too."""
    return tuple(replace(part, when={**part.when, **conditions}) for part in parts)


# What a training run depends on, however long it is; what a slice depends on. Both name what other frames share.
TRAINING_RUN = tuple(
    map(Part, ("landscape", "cell", "task", "initialisation", "optimizer", "schedule", "clip", "seeds"))
)
OF_A_RUN: Conditions = {"slice_of_run": True}
SLICE = (
    *map(Part, ("landscape", "cell", "task", "initialisation", "slice")),
    *(Part(name, when=OF_A_RUN) for name in ("optimizer", "schedule", "clip", "seeds", "updates")),
)


def traits(scene: Scene) -> dict[str, bool | str]:
    """What conditions may ask of a Scene."""
    landscape = scene.surface
    return {
        "network": scene.recurrent,
        "kernel": not scene.no_kernel,
        "landscape_kernel": not landscape.no_kernel,
        "examples": landscape.examples > 0,
        "slice_of_run": scene.slice_of_run,
        "cloud": scene.cloud > 1,
        "study": landscape.study,
    }


def meets(found: Mapping[str, bool | str], conditions: Conditions) -> bool:
    """Whether a Scene with these traits meets all conditions; True and False ask whether a trait is there at all."""
    return all(
        bool(found[name]) == wanted if isinstance(wanted, bool) else found[name] == wanted
        for name, wanted in conditions.items()
    )


def values(scene: Scene, parts: Sequence[Part]) -> list[Any]:
    """The values of the parts that count, with their names."""
    found = traits(scene)
    return [(part.name, value(scene, part)) for part in parts if meets(found, part.when)]


def value(scene: Scene, part: Part) -> Any:
    """The value of one part, as JSON can hold it."""
    if part.name in FAMILIES:
        return choice(scene, part)
    if part.name == "window":
        return list(scene.resolved_window)
    if part.name == "start":
        varied = varied_names(scene, part)
        return [x for name, x in zip(START, scene.resolved_start, strict=True) if name not in varied]
    if part.name == "height":
        return scene.resolved_height
    if part.name == "axes":
        return [(axis.name, axis.low, axis.high, axis.log) for axis in axes(scene)]
    return getattr(scene, part.name)


def choice(scene: Scene, part: Part) -> dict[str, Any]:
    """The chosen kind of a family with its parameters, as far as they count; the text that a task reads is one."""
    entry, varied = scene.entry(part.name), varied_names(scene, part)
    structural = set(entry.structural)
    chosen = {
        name: value
        for name, value in scene.parameters(part.name).items()
        if part.only != "kind"
        and (part.only != "structural" or name in structural)
        and name not in part.without
        and f"{part.name}.{name}" not in varied
    }
    # Not the text itself: keys are computed for every request, and a text can be megabytes long.
    text = {"text": encode_text(Reading.text).digest} if (part.name, entry.kind) == ("task", "characters") else {}
    return {"kind": entry.kind, **chosen, **text}


def varied_names(scene: Scene, part: Part) -> set[str]:
    """Dotted names of what the sweep varies, where the part leaves it out."""
    return {axis.name for axis in axes(scene)} if "axes" in part.without else set()
