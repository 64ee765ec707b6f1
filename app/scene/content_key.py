"""Keys: short names for what a frame hangs on, so that the same is made once and held by its name."""

import hashlib
import json
from typing import Any

from cliffscape.app.scene.schema import NET_FAMILIES, Scene
from cliffscape.landscapes.networks.tasks.text import Reading

# The slice that is laid through a training run, and hangs on all that the run does.
OF_A_RUN = "principal"


def digest(*recipe: Any) -> str:
    """A short name for everything a frame hangs on."""
    return hashlib.sha256(json.dumps(recipe, sort_keys=True, allow_nan=False).encode()).hexdigest()[:24]


def chosen(scene: Scene, *families: str) -> tuple[Any, ...]:
    """What was chosen of some families."""
    return tuple(getattr(scene, family).model_dump() for family in families)


def reading(scene: Scene) -> str:
    """The text that the Scene's task reads, if it reads one."""
    return Reading.text if scene.task.kind == "characters" else ""


def run_key(scene: Scene) -> str:
    """A training run, whatever slice it is looked at through and however far it goes."""
    families = ("landscape", "cell", "task", "initialisation", "optimizer", "schedule", "clip")
    return digest("run", chosen(scene, *families), scene.seeds, reading(scene))


def slice_key(scene: Scene) -> str:
    """A net's slice: the net, its weights, its minibatch, and the way the slice is laid."""
    run = (run_key(scene), scene.updates) if scene.slice.kind == OF_A_RUN else ()
    return digest("slice", chosen(scene, "landscape", *NET_FAMILIES), run, reading(scene))
