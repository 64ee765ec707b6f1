"""The plane of a network's slice, which is built once and then used by the parts of a frame in every process."""

from collections.abc import Generator
from functools import partial
from typing import Any

from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames.division.stage import Actors, Stage, StagePart, TrainedSeeds
from cliffscape.app.frames.source import FrameSource, SliceSource, source_of, view_of
from cliffscape.app.runs.network import View, build_subject, on_gpu
from cliffscape.app.scene.content_key import slice_key
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.slices.plane import Slice


def shared_plane(scene: Scene, actors: Actors) -> Generator[Stage, list[Any], Slice | None]:
    """The plane of the Scene's slice, from a stage of its own; None if every part finds its source itself.

    Building a plane may take seconds, and one through a training run needs the run, which one actor has.
    """
    if actors.count == 1 or not scene.recurrent:
        return None
    trained = TrainedSeeds(scene) if scene.slice_of_run else None
    (found,) = yield Stage([StagePart(partial(build_plane, scene), trained)])
    plane: Slice = found
    return plane


def build_plane(scene: Scene, workspace: Workspace) -> Generator[Any, None, Slice]:
    """The plane, as a part."""
    view = yield from view_of(scene, workspace)
    return view.slice


def source_with(scene: Scene, plane: Slice | None, workspace: Workspace) -> Generator[Any, None, FrameSource]:
    """The Scene's source, whose plane was built elsewhere if it is given."""
    if plane is None:
        return (yield from source_of(scene, workspace))
    view: View | None = workspace.views.get(slice_key(scene))
    if view is None:
        view = on_gpu(View(build_subject(scene), plane), workspace.device, workspace.memory)
        workspace.views.put(slice_key(scene), view)
    return SliceSource(scene, workspace, view)
