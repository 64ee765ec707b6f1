"""Dependencies: the parts of a Scene that a frame is computed from.

They are declared as data, because two programs evaluate them. The server computes a frame's key from them. The page
computes a signature, which tells it whether a frame is missing: it receives the declarations with the catalogue and
evaluates them in ``static/js/state/scene/dependencies.js``. A test compares the two.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from cliffscape.app.scene.schema import FAMILIES, Scene
from cliffscape.app.scene.sweep_axes import axes
from cliffscape.landscapes.descent.sweep import START
from cliffscape.landscapes.models.model_landscape import MODEL, view_of
from cliffscape.landscapes.networks.tasks.encoded_text import encode_text
from cliffscape.landscapes.networks.tasks.text import DefaultText

Conditions = Mapping[str, bool | str]


@dataclass(frozen=True)
class Part:
    """One part of a Scene: the chosen entry of a family, or a field. Window, start and height are resolved.

    ``only`` restricts a family to its kind, or to its kind and its structural parameters. ``without`` names parameters
    to leave out; ``axes`` stands for the quantities that the sweep varies. The part counts only if the Scene meets the
    conditions in ``when``.
    """

    name: str
    only: Literal["", "kind", "structural"] = ""
    without: tuple[str, ...] = ()
    when: Conditions = field(default_factory=dict)


def on_condition(conditions: Conditions, parts: Sequence[Part]) -> tuple[Part, ...]:
    """The parts with these conditions added."""
    return tuple(replace(part, when={**part.when, **conditions}) for part in parts)


# What a kernel and a surface are traced from.
SHAPE = (Part("landscape", only="structural"),)
# The dependencies of a training run of any length, and those of a slice. Several kinds of frames share them, and the
# keys of runs and slices in the caches are computed from them.
TRAINING_RUN = tuple(
    map(Part, ("landscape", "cell", "task", "initialisation", "optimizer", "schedule", "clip", "seeds"))
)
OF_A_RUN: Conditions = {"slice_of_run": True}
SLICE = (
    Part("landscape"),
    *(Part(name, when={"network": True}) for name in ("cell", "task", "initialisation", "slice")),
    *(Part(name, when=OF_A_RUN) for name in ("optimizer", "schedule", "clip", "seeds", "updates")),
)


def traits(scene: Scene) -> dict[str, bool | str]:
    """The properties of a Scene that conditions can refer to."""
    landscape = scene.surface
    return {
        "network": scene.recurrent,
        "sliced": scene.sliced,
        "curve": landscape.curve,
        "typed": landscape.solved_at is not None,
        "projected": scene.recurrent or (scene.sliced and view_of(scene.landscape.view).run is not None),
        "kernel": not scene.no_kernel,
        "landscape_kernel": not landscape.no_kernel,
        "examples": landscape.examples > 0,
        "slice_of_run": scene.slice_of_run,
        "cloud": scene.cloud > 1,
        "study": landscape.study,
    }


def meets(found: Mapping[str, bool | str], conditions: Conditions) -> bool:
    """Whether a Scene with these traits meets all conditions. True and False match any truthy or falsy trait."""
    return all(
        bool(found[name]) == wanted if isinstance(wanted, bool) else found[name] == wanted
        for name, wanted in conditions.items()
    )


def values(scene: Scene, parts: Sequence[Part]) -> list[Any]:
    """The values of the parts that count, with their names."""
    found = traits(scene)
    return [(part.name, value(scene, part)) for part in parts if meets(found, part.when)]


def value(scene: Scene, part: Part) -> Any:
    """The value of one part, ready for JSON."""
    if part.name in FAMILIES:
        return choice(scene, part)
    if part.name == "window":
        return list(scene.resolved_window)
    if part.name == "start":
        # A coordinate that the sweep varies does not count.
        varied = varied_names(scene, part)
        return [x for name, x in zip(START, scene.resolved_start, strict=True) if name not in varied]
    if part.name == "height":
        return scene.resolved_height
    if part.name == "axes":
        return [(axis.name, axis.low, axis.high, axis.log) for axis in axes(scene)]
    return getattr(scene, part.name)


def choice(scene: Scene, part: Part) -> dict[str, Any]:
    """The chosen kind of a family with the parameters that count, such as the text of a task or a model's numbers."""
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
    text = {"text": encode_text(DefaultText.text).digest} if (part.name, entry.kind) == ("task", "characters") else {}
    own = {"stamp": view_of(chosen["view"]).stamp} if entry.kind == MODEL.kind and part.name == "landscape" else {}
    return {"kind": entry.kind, **chosen, **text, **own}


def varied_names(scene: Scene, part: Part) -> set[str]:
    """Dotted names of the quantities that the sweep varies, if the part leaves them out."""
    return {axis.name for axis in axes(scene)} if "axes" in part.without else set()
