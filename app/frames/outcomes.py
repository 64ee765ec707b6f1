"""Outcomes of many runs: from every start on the window, or for every pair of values of two quantities."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from cliffscape.app.compute.cache import FrameGenerator, SizedCache
from cliffscape.app.compute.encoding import Frame
from cliffscape.app.compute.precision import for_picture
from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames.division.outcome_stages import MapPart, cell_stage, certainty_stage, sweep_seconds
from cliffscape.app.frames.division.shared_plane import shared_plane
from cliffscape.app.frames.division.stage import Actors, Division, compute_alone, count_parts
from cliffscape.app.frames.division.uncertain_cells import NUDGES, border_cells
from cliffscape.app.frames.kind import KINDS, Costs, frame_kind
from cliffscape.app.frames.outcome_cells import Axes, Cells, all_cells, cell_steps, distinct_shape
from cliffscape.app.frames.progress import SAY_SECONDS
from cliffscape.app.runs.pair import RUN_NAMES, RunName
from cliffscape.app.scene.content_key import digest
from cliffscape.app.scene.dependencies import SLICE, Part, on_condition, values
from cliffscape.app.scene.schema import Scene
from cliffscape.app.scene.sweep_axes import axes as chosen_axes
from cliffscape.landscapes.descent.axis import Axis
from cliffscape.landscapes.descent.outcome import OUTCOMES
from cliffscape.landscapes.descent.sweep import START

# Cells per side: 2ᵏ + 1, so that a map contains the cells of the coarser one. Networks have fewer, because one step of
# one run takes tenths of a millisecond.
LEVELS, NETWORK_LEVELS = (33, 65, 129, 257, 513), (9, 17, 33, 65)
# Where the coarsest map is beyond the budget, as with 100,000 steps from 64 starts per cell, a coarser one is sent.
COARSER = (17, 9)
# The most cells per side that the page computes itself, where it has a kernel.
IN_BROWSER = 129
# A further level on a GPU, except for networks.
GPU_LEVEL = 1025
# Most steps times lanes of a frame, by ``cell_steps``: about a minute with a compiler, or a second on a GPU.
BUDGET = 6e8
# Fewest cells per side of a map whose cells are tested for certainty. A coarser one is on screen for a moment only.
TESTED = 129
# More than all other frames, so that outcome maps are sent last.
COST = 100_000
CLOUD = on_condition({"cloud": True}, (Part("cloud_seed"), Part("window")))
NETWORK = on_condition({"sliced": True}, SLICE)


def sides(scene: Scene, gpu: bool = False) -> tuple[int, ...]:
    """Cells per side of the maps within the budget, or of a single coarse one. ``gpu`` adds a level."""
    known = NETWORK_LEVELS if scene.sliced else (*LEVELS, GPU_LEVEL) if gpu else LEVELS
    each = len(RUN_NAMES) * cell_steps(scene)
    within = tuple(side for side in known if side * side * each <= BUDGET)
    if within or scene.no_kernel:
        return within or known[:1]
    return (next((side for side in COARSER if side * side * each <= BUDGET), COARSER[-1]),)


def levels(scene: Scene, gpu: bool) -> Costs:
    """Cells per side. Each map takes four times as much work as the one before."""
    return {side: COST * 4**k for k, side in enumerate(sides(scene, gpu))}


@frame_kind(
    "outcomes",
    depends_on=("landscape", "optimizer", "schedule", "clip", "steps", "cloud", "window", *CLOUD, *NETWORK),
    levels=levels,
    when={"curve": False},
    on_request=True,
    table=True,
    divide=lambda *given: divide_map("outcomes", *given),
)
def outcomes_frame(scene: Scene, side: int, key: str, workspace: Workspace) -> FrameGenerator:
    """Both runs' outcomes from ``side`` by ``side`` starts on the window."""
    return (yield from outcome_map(scene, "outcomes", side, key, workspace))


# The values of the varied quantities do not count, so picking a run on the map does not change the map.
VARIED = tuple(Part(name, without=("axes",)) for name in ("landscape", "optimizer", "schedule", "clip", "start"))


@frame_kind(
    "sweep",
    depends_on=(*VARIED, "axes", "steps", "cloud", *CLOUD, *NETWORK),
    levels=levels,
    line="outcomes",
    on_request=True,
    table=True,
    divide=lambda *given: divide_map("sweep", *given),
)
def sweep_frame(scene: Scene, side: int, key: str, workspace: Workspace) -> FrameGenerator:
    """Both runs' outcomes for ``side`` by ``side`` values of the two quantities that the Scene varies."""
    return (yield from outcome_map(scene, "sweep", side, key, workspace))


def axes_of(scene: Scene, kind: str) -> Axes:
    """The axes of a map: those of the Scene's sweep if the kind depends on them, else those of the window."""
    if Part("axes") in KINDS[kind].depends_on:
        return chosen_axes(scene)
    left, right, bottom, top = scene.resolved_window
    return Axis(START[0], left, right), Axis(START[1], bottom, top)


def outcome_map(scene: Scene, kind: str, side: int, key: str, workspace: Workspace) -> FrameGenerator:
    """Both runs' outcomes over two axes. The cells of the coarser map are used if they are still cached."""
    actors = Actors(gpu=workspace.gpu)
    return (yield from compute_alone(map_stages(scene, kind, side, key, actors, workspace.cells), workspace))


def divide_map(kind: str, scene: Scene, side: int, key: str, actors: Actors, kept: SizedCache[Any]) -> Division | None:
    """The division of a map, if the finest one of the Scene is worth it: then coarser ones pass on their cells."""
    axes, finest = axes_of(scene, kind), sides(scene, actors.gpu)[-1]
    counts = {run: math.prod(distinct_shape(axes, run, finest)) for run in RUN_NAMES}
    if count_parts(sum(sweep_seconds(scene, run, count, actors) for run, count in counts.items()), actors) == 1:
        return None
    return map_stages(scene, kind, side, key, actors, kept)


def map_stages(scene: Scene, kind: str, side: int, key: str, actors: Actors, kept: SizedCache[Any]) -> Division:
    """The stages of a map: the outcomes of all cells, and tests of those at borders. ``kept`` are cells of maps."""
    axes, plane = axes_of(scene, kind), (yield from shared_plane(scene, actors))
    about = digest("cells", kind, values(scene, KINDS[kind].depends_on))
    coarse: dict[RunName, Cells] | None = kept.get((about, (side + 1) // 2))
    parts = {run: MapPart(scene, run, axes, side, plane) for run in RUN_NAMES}
    found: dict[RunName, Cells] = {}
    fresh = yield from cell_stage(parts, coarse is not None, key, actors)
    for run, (cells, _) in fresh.items():
        found[run] = all_cells(axes, run, side, cells, coarse[run] if coarse else None)
    kept.put((about, side), found)
    known = sides(scene, actors.gpu)
    uncertain: dict[RunName, Tensor] = {}
    if is_tested(scene, side, known[-1]):
        uncertain = yield from certainty_stage(parts, found, key, actors)
    frame = outcome_frame(scene, kind, axes, known[-1], key, found, uncertain)
    seconds = sum(seconds for _, seconds in fresh.values()) / actors.count
    per_cell = seconds / (side**2 - (0 if coarse is None else ((side + 1) // 2) ** 2))
    return replace(
        frame, fields={**frame.fields, **next_map(known, side, per_cell, moves_per_cell(scene, known, found))}
    )


def is_tested(scene: Scene, side: int, finest: int) -> bool:
    """Whether the cells of a map are tested for certainty. With several starts per cell, the shares tell it."""
    return scene.cloud == 1 and (side >= TESTED or side == finest)


def moves_per_cell(scene: Scene, known: Sequence[int], found: dict[RunName, Cells]) -> float:
    """About how many moved starts per cell the next finer map will test for certainty, from the borders of this one.

    A border may be everywhere, so it is not taken for a line, which would have half the share on the finer map.
    """
    side = math.isqrt(len(found["with"]["outcome"]))
    finer = next((one for one in known if one > side), 0)
    if not is_tested(scene, finer, known[-1]):
        return 0.0
    border = sum(len(border_cells(cells["outcome"], side)) for cells in found.values()) / len(found)
    return len(NUDGES) * border / side**2


def next_map(known: Sequence[int], side: int, seconds: float, moves: float = 0.0) -> dict[str, Any]:
    """The next finer map and about how long it will take, if that is long.

    ``seconds`` are those of a cell so far, of both runs together; ``moves`` are the starts that a cell has besides its
    own, on average.
    """
    finer = next((one for one in known if one > side), side)
    expected = (finer**2 * (1 + moves) - side**2) * seconds
    if finer == side or expected <= SAY_SECONDS:
        return {}
    return {"next": {"columns": finer, "seconds": round(expected)}}


def outcome_frame(
    scene: Scene,
    kind: str,
    axes: Axes,
    finest: int,
    key: str,
    found: dict[RunName, Cells],
    uncertain: dict[RunName, Tensor],
) -> Frame:
    """Cells of both runs as a frame: arrays ``(side, side)``, from the bottom. The finest map has ``finest``.

    ``uncertain`` are the cells whose outcome depends on the last bit of their start; a coarse map has none.
    """
    side = math.isqrt(len(found["with"]["outcome"]))
    differ = found["without"]["outcome"] != found["with"]["outcome"]
    fields = {
        "columns": side,
        "rows": side,
        "finest": finest,
        "axes": [axis_fields(axis, side) for axis in axes],
        "steps": scene.steps,
        "start": list(scene.resolved_start),
        "cloud": scene.cloud,
        "shares": {run: {**shares(cells), "runs": run_count(scene, run, axes, side)} for run, cells in found.items()},
        "differ": float(differ.double().mean()),
    }
    arrays = {
        f"{name}_{run}": column.numpy() if name == "outcome" else for_picture(column)
        for run, cells in found.items()
        for name, column in ((name, column.reshape(side, side)) for name, column in cells.items())
        # With a single start the outcome says whether it converged.
        if scene.cloud > 1 or name != "converged"
    }
    arrays |= {f"uncertain_{run}": cells.reshape(side, side).numpy() for run, cells in uncertain.items()}
    fields |= {"uncertain": {run: float(cells.double().mean()) for run, cells in uncertain.items()}}
    return Frame(kind, key, fields, arrays)


def run_count(scene: Scene, run: RunName, axes: Axes, side: int) -> int:
    """How many different runs the cells show: those that differ only in an idle axis share theirs."""
    return int(scene.cloud) * math.prod(distinct_shape(axes, run, side))


def axis_fields(axis: Axis, side: int) -> dict[str, Any]:
    """An axis for the page. It has the values of all cells, because a random stream depends on their last bits."""
    values = axis.values(side).tolist()
    return {"name": axis.name, "low": axis.low, "high": axis.high, "log": axis.log, "values": values}


def shares(cells: Cells) -> dict[str, Any]:
    """The share of cells with each outcome, and of runs that converge and that were ever thrown."""
    counted = torch.bincount(cells["outcome"].long(), minlength=len(OUTCOMES)).double() / len(cells["outcome"])
    converged, thrown = (float(cells[name].double().mean()) for name in ("converged", "thrown"))
    return {"outcomes": counted.tolist(), "converged": converged, "thrown": thrown}
