"""Placement: the key under which the actors of a cluster are ranked for a piece of work."""

from collections.abc import Sequence
from typing import NamedTuple

from cliffscape.app.frames.kind import KINDS
from cliffscape.app.scene.content_key import digest, run_key, slice_key
from cliffscape.app.scene.dependencies import Part, values
from cliffscape.app.scene.kernel_recipe import Recipe
from cliffscape.app.scene.schema import Scene

# What a kernel and a surface are traced from.
SHAPE = (Part("landscape", only="structural"),)


class Placement(NamedTuple):
    """What an actor holds in its caches: a training run, a slice, or kernels of a landscape. Runs are not divided."""

    key: str
    run: str = ""


def placement(scene: Scene, kinds: Sequence[str]) -> Placement:
    """The placement of a Scene's frames of these kinds."""
    if scene.recurrent and (scene.slice_of_run or any(KINDS[kind].trains for kind in kinds)):
        return Placement(run_key(scene), run_key(scene))
    return Placement(slice_key(scene) if scene.sliced else digest("shape", values(scene, SHAPE)))


def recipe_placement(recipe: Recipe) -> Placement:
    """The placement of a kernel: that of the landscape's frames, if it has one."""
    return Placement(digest("shape", [("landscape", {"kind": recipe.landscape, **dict(recipe.structural)})]))
