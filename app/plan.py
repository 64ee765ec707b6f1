"""The plan: which frames a Scene is made of, cheapest first, and the key of each."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from app import render
from app.cache import Work
from app.recipes import recipe
from app.render import Tools
from app.schema import Scene

Kind = Literal["kernel", "curvature", "surface", "relief", "trajectory"]
EVERY: tuple[Kind, ...] = get_args(Kind)
# What a page asks for: it computes trajectories itself.
KINDS: tuple[Kind, ...] = ("kernel", "curvature", "surface", "relief")
# Cheapest first: a coarse picture takes 10 ms, kernels up to 100 ms the first
# time and the curvature 250. The map is never delayed by
# the relief: its picture is sharp before the mesh is begun, and finest after it.
ORDER: tuple[tuple[Kind, Any], ...] = (
    ("surface", 33),
    ("kernel", None),
    ("trajectory", "without"),
    ("trajectory", "with"),
    ("surface", 129),
    ("surface", 257),
    ("curvature", None),
    ("relief", 65),
    ("relief", 129),
    ("surface", 513),
)


@dataclass(frozen=True)
class Part:
    """One frame to be: its kind, the key it is known by, and the work that makes it."""

    kind: Kind
    key: str
    begin: Callable[[Tools], Work]


def digest(*recipe: Any) -> str:
    """A short name for everything a frame hangs on."""
    return hashlib.sha256(json.dumps(recipe, sort_keys=True, allow_nan=False).encode()).hexdigest()[:24]


def part(scene: Scene, kind: Kind, level: Any) -> Part:
    """One frame of the Scene; ``level`` is points per side, or the lane of a trajectory."""
    landscape = scene.landscape.model_dump()
    if kind == "kernel":
        key = digest(kind, recipe(scene, "descent").query())
        return Part(kind, key, lambda tools: render.kernel_frame(scene, key, tools))
    if kind == "curvature":
        key = digest(kind, recipe(scene, "curvature").query())
        return Part(kind, key, lambda tools: render.curvature_frame(scene, key, tools))
    if kind == "surface":
        key = digest(kind, landscape, scene.rectangle, level)
        return Part(kind, key, lambda tools: render.surface_frame(scene, level, key, tools))
    if kind == "relief":
        key = digest(kind, landscape, scene.rectangle, level, render.scale(scene))
        return Part(kind, key, lambda tools: render.relief_frame(scene, level, key, tools))
    clip = scene.clip.model_dump() if level == "with" else None
    key = digest(kind, landscape, scene.beginning, scene.optimizer.model_dump(), clip, scene.steps, level)
    return Part(kind, key, lambda _: render.trajectory_frame(scene, level, key))


def plan(scene: Scene, kinds: Sequence[Kind] = KINDS, have: Sequence[str] = ()) -> list[Part]:
    """The Scene's frames of these kinds, without those the client holds."""
    parts = [part(scene, kind, level) for kind, level in ORDER if kind in kinds]
    return [one for one in parts if one.key not in have]


def opening(scene: Scene) -> list[Part]:
    """The frames that a page is born with."""
    return [part(scene, "kernel", None), part(scene, "surface", 33)]
