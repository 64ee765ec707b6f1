"""Placement: the key under which the actors of a cluster are ranked for a piece of work."""

from collections.abc import Sequence
from typing import NamedTuple

from cliffscape.app.frames.division.stage import StagePart
from cliffscape.app.frames.kind import KINDS
from cliffscape.app.runs.stored_training import part_key
from cliffscape.app.runs.training import seeds_name
from cliffscape.app.scene.content_key import digest, run_key, slice_key
from cliffscape.app.scene.dependencies import SHAPE, values
from cliffscape.app.scene.kernel_recipe import Recipe
from cliffscape.app.scene.schema import Scene


class Placement(NamedTuple):
    """What an actor holds in its caches: a training run or some of its seeds, a slice, or kernels of a landscape.

    Work with a ``run`` goes where the run began.
    """

    key: str
    run: str = ""


def placement(scene: Scene, kinds: Sequence[str]) -> Placement:
    """The placement of a Scene's frames of these kinds."""
    if scene.recurrent and (scene.slice_of_run or any(KINDS[kind].trains for kind in kinds)):
        return Placement(run_key(scene), run_key(scene))
    return Placement(slice_key(scene) if scene.sliced else digest("shape", values(scene, SHAPE)))


def part_placement(part: StagePart, scene: Scene, kind: str) -> Placement:
    """The placement of a part of a frame: that of the seeds that it trains, or that of the frame without its run."""
    if part.trained is None:
        return Placement(placement(scene, [kind]).key)
    seeds = part.trained.seeds
    key = part_key(part.trained.scene, "" if seeds is None else seeds_name(seeds))
    return Placement(key, key)


def recipe_placement(recipe: Recipe) -> Placement:
    """The placement of a kernel: that of the landscape's frames, if it has one."""
    return Placement(digest("shape", [("landscape", {"kind": recipe.landscape, **dict(recipe.structural)})]))
