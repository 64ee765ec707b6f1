"""Files of a Scene's runs: tables in CSV, JSON and NPZ, and the PyTorch script, named after landscape and outcome."""

from collections.abc import Callable, Generator, Mapping
from typing import NamedTuple

from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.exports.script import check_writable, run_script
from cliffscape.app.runs import table
from cliffscape.app.runs.files import csv_metadata
from cliffscape.app.runs.network import View, network_descent, on_gpu, slice_view
from cliffscape.app.runs.pair import run_pair
from cliffscape.app.runs.table import Summaries, Trajectories
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.slices.plane import Slice


class Descents(NamedTuple):
    """The runs of a Scene, and the plane on which those of a network are."""

    trajectories: Trajectories
    summaries: Summaries
    plane: Slice | None


Content = Callable[[Scene, Descents], bytes]


def compute_descents(scene: Scene, workspace: Workspace | None = None) -> Generator[None, None, Descents]:
    """The runs of a Scene; yields after every few steps. With a ``workspace`` where it computes those of networks."""
    view = (yield from slice_view(scene)) if scene.sliced else None
    if isinstance(view, View) and workspace is not None:
        view = on_gpu(view, workspace.device, workspace.memory)
    both = yield from run_pair(scene) if view is None else network_descent(scene, view)
    trajectories = table.of_pair(scene, both)
    plane = None if view is None else view.slice
    return Descents(trajectories, table.summaries(scene, trajectories, view), plane)


def to_csv(scene: Scene, found: Descents) -> bytes:
    """The table of ``cliffscape run``, with the Scene's link in a comment above the header line."""
    return csv_metadata(scene) + table.to_csv(scene, found.trajectories, found.summaries)


CONTENTS: Mapping[str, Content] = {
    "csv": to_csv,
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


def file_name(scene: Scene, found: Descents, extension: str) -> str:
    """The name of a file: the landscape and the outcome of the first run, such as ``one-unit-rnn-thrown.csv``."""
    outcome = next(iter(found.summaries.values())).outcome
    return f"{scene.landscape.kind}-{outcome}".replace("_", "-") + f".{extension}"
