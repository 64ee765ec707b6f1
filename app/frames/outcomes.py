"""Frames of outcomes: what becomes of both runs from every start on the window, or for every pair of two quantities."""

import math
from collections.abc import Generator
from functools import partial
from typing import Any

import torch

from cliffscape.app.compute.cache import Work
from cliffscape.app.compute.encoding import Frame
from cliffscape.app.compute.generators import map_yields
from cliffscape.app.frames.network import announced, view_of
from cliffscape.app.frames.outcome_cells import Axes, Cells, run_cells
from cliffscape.app.frames.surface import Workspace
from cliffscape.app.runs.network import View
from cliffscape.app.runs.pair import RUN_NAMES, RunName
from cliffscape.app.scene.content_key import chosen, digest, slice_key
from cliffscape.app.scene.schema import Scene
from cliffscape.app.scene.sweep_axes import axes as chosen_axes
from cliffscape.landscapes.descent.outcome import OUTCOMES
from cliffscape.landscapes.descent.sweep import START, Axis

# Cells per side. Of a net a step of one run takes tenths of a millisecond.
LEVELS, NET_LEVELS = (33, 65, 129, 257, 513), (9, 17, 33, 65)
# On a GPU one more refinement of what is no net.
GPU_LEVEL = 1025
# Single steps of single runs in one frame: about a minute where there is a compiler, or a second on a GPU. A net's
# step counts as many.
BUDGET, NET_WEIGHT = 6e8, 1000
RUN = ("landscape", "optimizer", "schedule", "clip")


def axes_of(scene: Scene, kind: str) -> Axes:
    """The axes of a frame: the window's for ``outcomes``, the Scene's own for ``sweep``."""
    if kind == "sweep":
        return chosen_axes(scene)
    left, right, bottom, top = scene.resolved_window
    return Axis(START[0], left, right), Axis(START[1], bottom, top)


def levels(scene: Scene, gpu: bool = False) -> tuple[int, ...]:
    """Cells per side of the pictures that are within the budget; always the coarsest one. ``gpu`` adds its own."""
    known = NET_LEVELS if scene.recurrent else (*LEVELS, GPU_LEVEL) if gpu else LEVELS
    weight = NET_WEIGHT if scene.recurrent else max(1, scene.surface.examples)
    each = len(RUN_NAMES) * scene.steps * scene.cloud * weight
    return tuple(side for side in known if side == known[0] or side * side * each <= BUDGET)


def depends_on(scene: Scene, kind: str) -> tuple[Any, ...]:
    """What a picture of outcomes depends on, at any level."""
    axes = axes_of(scene, kind)
    varied = {axis.name for axis in axes}
    ranges = [(axis.name, axis.low, axis.high, axis.log) for axis in axes]
    start = [value for name, value in zip(START, scene.resolved_start, strict=True) if name not in varied]
    # What varies has no value of its own: a run picked on the map is on the same map.
    fixed = [
        [(name, value) for name, value in sorted(one.items()) if f"{family}.{name}" not in varied]
        for family, one in zip(RUN, chosen(scene, *RUN), strict=True)
    ]
    spread = (scene.cloud, scene.cloud_seed, scene.resolved_window) if scene.cloud > 1 else ()
    net = slice_key(scene) if scene.recurrent else ""
    return fixed, scene.steps, ranges, start, spread, net


def outcomes_frame(scene: Scene, kind: str, side: int, key: str, workspace: Workspace) -> Work:
    """Both runs' outcomes on ``side`` by ``side`` cells; word now and then of how far it is."""
    axes, about = axes_of(scene, kind), digest("cells", kind, *depends_on(scene, kind))
    view = (yield from view_of(scene, workspace)) if scene.recurrent else None
    coarse: dict[RunName, Cells] | None = workspace.cells.get((about, (side + 1) // 2))
    found = yield from announced(both_cells(scene, axes, side, coarse, view, workspace), key, side)
    workspace.cells.put((about, side), found)
    return framed(scene, kind, axes, levels(scene, workspace.device.type == "cuda")[-1], key, found)


def both_cells(
    scene: Scene, axes: Axes, side: int, coarse: dict[RunName, Cells] | None, view: View | None, workspace: Workspace
) -> Generator[float, None, dict[RunName, Cells]]:
    """Both runs' cells, as ``run_cells`` makes them; yields the share of the work that is done."""
    found: dict[RunName, Cells] = {}
    # The run with clipping first: a clip that cannot be swept says so at once.
    for number, run in enumerate(reversed(RUN_NAMES)):
        work = run_cells(scene, run, axes, side, coarse[run] if coarse else None, view, workspace)
        found[run] = yield from map_yields(work, partial(share_of_all, number))
    return found


def share_of_all(number: int, share: float) -> float:
    """The share of the work on all runs, with run ``number`` at ``share`` of its own."""
    return (number + share) / len(RUN_NAMES)


def framed(scene: Scene, kind: str, axes: Axes, finest: int, key: str, found: dict[RunName, Cells]) -> Frame:
    """Cells of both runs as a frame: arrays ``(side, side)``, from the bottom; up to ``finest`` will follow."""
    side = math.isqrt(len(found["with"]["outcome"]))
    differ = found["without"]["outcome"] != found["with"]["outcome"]
    fields = {
        "columns": side,
        "rows": side,
        "finest": finest,
        "axes": [{"name": axis.name, "low": axis.low, "high": axis.high, "log": axis.log} for axis in axes],
        "steps": scene.steps,
        "start": list(scene.resolved_start),
        "cloud": scene.cloud,
        "shares": {run: shares(cells) for run, cells in found.items()},
        "differ": float(differ.double().mean()),
    }
    arrays = {
        f"{name}_{run}": column.reshape(side, side).numpy()
        for run, cells in found.items()
        for name, column in cells.items()
        # Of a single start its outcome says whether it converged.
        if scene.cloud > 1 or name != "converged"
    }
    return Frame(kind, key, fields, arrays)


def shares(cells: Cells) -> dict[str, Any]:
    """Numbers for words: the share of cells of every outcome, and of runs that converge and that were ever thrown."""
    counted = torch.bincount(cells["outcome"].long(), minlength=len(OUTCOMES)).double() / len(cells["outcome"])
    converged, thrown = (float(cells[name].double().mean()) for name in ("converged", "thrown"))
    return {"outcomes": counted.tolist(), "converged": converged, "thrown": thrown}
