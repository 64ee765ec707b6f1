"""Run: the experiment of a link, computed in this process."""

from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from cliffscape.app.lessons.collection import LessonCollection
from cliffscape.app.linked_scene import linked_scene
from cliffscape.app.notebook.result import Result
from cliffscape.app.runs import table
from cliffscape.app.runs.network import SliceView, slice_view
from cliffscape.app.runs.pair import build_loss
from cliffscape.app.scene.links import parse_link
from cliffscape.app.scene.schema import Scene
from cliffscape.app.settings import Settings
from cliffscape.landscapes.bound_error import must_be
from cliffscape.landscapes.generators import run_to_end
from cliffscape.landscapes.slices.memory import losses_within

# Points per side of the surface. One of a network takes milliseconds.
SIDE, NETWORK_SIDE = 129, 25
# Points of a curve.
ALONG = 1025
# Points that are computed at once.
CHUNK = 2500


def run(link: str = "", *, lessons: str | Path | None = None) -> Result:
    """Compute the runs of a link: the address of the page, or the part of it after the ``?``.

    As on the page, a link without an experiment is the opening page's, and a lesson's name is the lesson's experiment.
    ``lessons`` is a folder of your own lessons. Diverged runs are results too, with Inf or NaN in their arrays.

    Raises:
        LinkError: something in the link is unknown or out of bounds.
        BoundError: the link names a lesson, and the folder of lessons does not exist.
        TypeError: the link is no text.
    """
    if not isinstance(link, str):
        raise TypeError(must_be("link", type(link).__name__, "the address of an experiment, or the part after its ?"))
    settings = Settings(lessons_folder=Path(lessons) if lessons is not None else None)
    query, _ = parse_link(link)
    scene = linked_scene(query, partial(LessonCollection, settings))
    view = run_to_end(slice_view(scene)) if scene.sliced else None
    trajectories = table.run_scene(scene, view)
    return Result(scene, trajectories, table.summaries(scene, trajectories, view), partial(surface, scene, view))


def surface(scene: Scene, view: SliceView | None) -> Tensor:
    """The loss ``(rows, columns)`` on a grid over the Scene's window, from the bottom; a curve has one row."""
    side = SIDE if view is None else NETWORK_SIDE
    columns, rows = (ALONG, 1) if scene.surface.curve else (side, side)
    points = scene.resolved_window.grid(columns, rows).reshape(-1, 2)
    with torch.no_grad():
        if view is None:
            chunks = list(map(build_loss(scene), torch.split(points, CHUNK)))
        else:
            memory = Settings().memory_bytes
            chunks = list(losses_within(memory, view.bytes_per_point(), view.value, points, lambda: CHUNK))
    return torch.cat(chunks).reshape(rows, columns)
