"""Files of a Scene's runs: tables in CSV, JSON and NPZ, and the PyTorch script; and their names."""

from collections.abc import Callable, Generator, Mapping
from typing import NamedTuple

from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.exports.file_name import file_name
from cliffscape.app.exports.script import check_writable, run_script
from cliffscape.app.frames.source import view_of
from cliffscape.app.runs import table
from cliffscape.app.runs.network import SliceView, network_descent, slice_view
from cliffscape.app.runs.pair import run_pair
from cliffscape.app.runs.table import Summaries, Trajectories
from cliffscape.app.scene.requirements import SERVER_STEPS
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.slices.plane import Slice


class Descents(NamedTuple):
    """The runs of a Scene, and the plane on which those of a network are."""

    trajectories: Trajectories
    summaries: Summaries
    plane: Slice | None


Content = Callable[[Scene, Descents], bytes]


def compute_descents(scene: Scene, workspace: Workspace | None = None) -> Generator[object, None, Descents]:
    """The runs of a Scene; yields after every few steps. A ``workspace`` says where those of networks are computed."""
    view = (yield from find_view(scene, workspace)) if scene.sliced else None
    both = yield from run_pair(scene) if view is None else network_descent(scene, view)
    trajectories = table.of_pair(scene, both)
    plane = None if view is None else view.slice
    return Descents(trajectories, table.summaries(scene, trajectories, view), plane)


def find_view(scene: Scene, workspace: Workspace | None) -> Generator[object, None, SliceView]:
    """The view of the Scene's network or model. A ``workspace`` may have it already, with its training run."""
    if workspace is not None and scene.recurrent:
        return (yield from view_of(scene, workspace))
    return (yield from slice_view(scene))


def compute_file_name(
    scene: Scene, extension: str, part: str = "", workspace: Workspace | None = None
) -> Generator[object, None, str]:
    """The name of a file without runs. It has no outcome if that takes too long for a name: of a long run, or of a
    training run that no ``workspace`` has.
    """
    if scene.steps > SERVER_STEPS or (scene.slice_of_run and workspace is None):
        return file_name(scene, "", extension, part)
    return file_name(scene, outcome_of((yield from compute_descents(scene, workspace))), extension, part)


def outcome_of(found: Descents) -> str:
    """The outcome of the first run, after which files are named."""
    return next(iter(found.summaries.values())).outcome


CONTENTS: Mapping[str, Content] = {
    "csv": lambda scene, found: table.to_csv(scene, found.trajectories, found.summaries),
    "json": lambda scene, found: table.to_json(scene, found.trajectories, found.summaries),
    "npz": lambda scene, found: table.to_npz(scene, found.trajectories, found.summaries),
    "py": lambda scene, found: run_script(scene, found.plane).encode(),
}


def check_exportable(scene: Scene, extension: str) -> None:
    """Raise an error if a Scene has no such file, before its runs are computed.

    Raises:
        BoundError: the script cannot be written with PyTorch alone.
    """
    if extension == "py":
        check_writable(scene)
