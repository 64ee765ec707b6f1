"""The plan: which frames a Scene is made of, cheapest first, and the key of each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from cliffscape.app.compute.cache import Work
from cliffscape.app.frames import bias, descents, network, outcomes, studies, surface, training
from cliffscape.app.frames.surface import Workspace
from cliffscape.app.scene.content_key import chosen, digest, run_key, slice_key
from cliffscape.app.scene.kernel_recipe import recipe
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.loss import MINIBATCH

Kind = Literal[
    "kernel",
    "curvature",
    "bias",
    "surface",
    "relief",
    "trajectory",
    "slice",
    "pair",
    "flow",
    "training",
    "projection",
    "study",
    "outcomes",
    "sweep",
]
EVERY: tuple[Kind, ...] = get_args(Kind)
# What a page asks for: of a landscape that has kernels it computes trajectories itself. Nobody trains unasked, and
# a study is for those who open it.
KINDS: tuple[Kind, ...] = ("kernel", "curvature", "bias", "surface", "relief", "slice", "pair", "flow")
# What becomes of many starts, or of many choices; only where it is asked for.
MAPS: tuple[Kind, ...] = ("outcomes", "sweep")
# Cheapest first: a coarse picture takes 10 ms, kernels up to 100 ms the first time and the curvature 250. The map is
# never delayed by the relief: its picture is sharp before the mesh is begun, and finest after it.
ORDER: tuple[tuple[Kind, Any], ...] = (
    ("surface", 33),
    ("kernel", None),
    ("bias", None),
    ("pair", None),
    ("trajectory", "without"),
    ("trajectory", "with"),
    ("surface", 129),
    ("surface", 257),
    ("curvature", None),
    ("study", None),
    ("relief", 65),
    ("relief", 129),
    ("surface", 513),
)
# Of a recurrent network: a point of its surface takes milliseconds, so both runs come before a fine picture.
NET_ORDER: tuple[tuple[Kind, Any], ...] = (
    ("kernel", None),
    ("slice", None),
    ("surface", 17),
    ("pair", None),
    ("surface", 33),
    ("flow", None),
    ("surface", 65),
    ("surface", 129),
    ("training", None),
    ("projection", None),
)


FRAMES: Mapping[Kind, Callable[[Scene, Any, str, Workspace], Work]] = {
    "slice": network.slice_frame,
    "surface": network.surface_frame,
    "pair": descents.net_pair_frame,
    "flow": network.flow_frame,
    "training": training.training_frame,
    "projection": training.projection_frame,
}


@dataclass(frozen=True)
class Part:
    """One frame to be: its kind, the key it is known by, the work that makes it, and whether that may take minutes."""

    kind: Kind
    key: str
    begin: Callable[[Workspace], Work]
    long: bool = False


def part(scene: Scene, kind: Kind, level: Any) -> Part:
    """One frame of the Scene; ``level`` is points per side, or the run of a trajectory."""
    if kind == "kernel" and scene.no_kernel:
        return outcome_part(scene)
    if kind in MAPS:
        return map_part(scene, kind, level)
    key = digest(kind, *depends_on(scene, kind, level))
    begin: Mapping[Kind, Callable[[Workspace], Work]] = {
        "kernel": lambda workspace: surface.kernel_frame(scene, key, workspace),
        "curvature": lambda workspace: surface.curvature_frame(scene, key, workspace),
        "bias": lambda workspace: bias.bias_frame(scene, key, workspace),
        "surface": lambda workspace: surface.surface_frame(scene, level, key, workspace),
        "relief": lambda workspace: surface.relief_frame(scene, level, key, workspace),
        "pair": lambda workspace: descents.pair_frame(scene, key, workspace),
        "trajectory": lambda _: surface.trajectory_frame(scene, level, key),
        "study": lambda _: studies.study_frame(scene, key),
    }
    return Part(kind, key, begin[kind])


def depends_on(scene: Scene, kind: Kind, level: Any) -> tuple[Any, ...]:
    """What a frame of a landscape of two parameters depends on."""
    if kind in ("kernel", "curvature"):
        return (recipe(scene, "descent" if kind == "kernel" else "curvature").query(),)
    if kind == "bias":
        return bias.depends_on(scene)
    if kind == "study":
        return studies.depends_on(scene)
    landscape = scene.landscape.model_dump()
    # However the examples share minibatches, their mean is the same.
    seen = scene.landscape.model_dump(exclude={MINIBATCH})
    if kind == "surface":
        return seen, scene.resolved_window, level
    if kind == "relief":
        return seen, scene.resolved_window, level, surface.scale(scene)
    clip = None if level == "without" else scene.clip.model_dump()
    return landscape, scene.resolved_start, chosen(scene, "optimizer", "schedule"), clip, scene.steps, level


def map_part(scene: Scene, kind: Kind, level: int) -> Part:
    """One picture of outcomes, ``level`` cells a side."""
    key = digest(kind, level, *outcomes.depends_on(scene, kind))
    return Part(kind, key, lambda workspace: outcomes.outcomes_frame(scene, kind, level, key, workspace), long=True)


def outcome_part(scene: Scene) -> Part:
    """The rule of outcomes: all that the browser computes where descents stay on the server."""
    key = digest("kernel", "outcome")
    return Part("kernel", key, lambda workspace: surface.outcome_frame(scene, key, workspace))


def net_part(scene: Scene, kind: Kind, level: Any) -> Part:
    """One frame of a recurrent network's Scene."""
    if kind in MAPS:
        return map_part(scene, kind, level)
    if kind == "kernel":
        return outcome_part(scene)
    seen, run = slice_key(scene), run_key(scene)
    steep = scene.colour == "gradient_norm"
    walk = (scene.resolved_start, chosen(scene, "optimizer", "schedule", "clip"), scene.steps)
    depends_on: Mapping[Kind, Any] = {
        "slice": (),
        "surface": (seen, scene.resolved_window, level, steep),
        "pair": (seen, walk),
        "flow": (seen, scene.resolved_start),
        "training": (run, scene.updates),
        "projection": (seen, run, scene.updates),
    }
    key = seen if kind == "slice" else digest(kind, depends_on[kind])
    begin = FRAMES[kind]
    return Part(kind, key, lambda workspace: begin(scene, level, key, workspace), long=True)


def has_frame(scene: Scene, kind: Kind) -> bool:
    """Whether the Scene has frames of this kind: descents come from the server, or their kernels do."""
    if kind == "curvature":
        return not scene.surface.no_kernel
    if kind == "study":
        return scene.landscape.kind in studies.STUDIES
    if kind == "bias":
        return scene.surface.examples > 0
    return kind != "pair" or bool(scene.no_kernel)


def plan(scene: Scene, kinds: Sequence[Kind] = KINDS, have: Sequence[str] = (), gpu: bool = False) -> list[Part]:
    """The Scene's frames of these kinds, without those the client holds; with those that only a GPU makes in time."""
    order, make = (NET_ORDER, net_part) if scene.recurrent else (ORDER, part)
    finer = [(kind, level) for level in outcomes.levels(scene, gpu) for kind in MAPS]
    parts = [make(scene, kind, level) for kind, level in (*order, *finer) if kind in kinds and has_frame(scene, kind)]
    return [one for one in parts if one.key not in have]


def opening(scene: Scene) -> list[Part]:
    """The frames that a page is born with; a net's slice may take seconds to lay, and the page does not wait."""
    if scene.recurrent:
        return [net_part(scene, "kernel", None)]
    return [part(scene, "kernel", None), part(scene, "surface", 33)]
