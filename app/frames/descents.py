"""Both runs' descent, computed on the server if the browser has no kernel."""

import time
from dataclasses import replace
from typing import Any

from numpy.typing import NDArray

from cliffscape.app.compute.batches import Member
from cliffscape.app.compute.cache import LATER, FrameGenerator
from cliffscape.app.compute.encoding import Frame
from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames.kind import Costs, frame_kind
from cliffscape.app.frames.progress import SHOW_SECONDS
from cliffscape.app.frames.source import source_of
from cliffscape.app.runs.pair import RUN_NAMES
from cliffscape.app.runs.pair_steps import Steps
from cliffscape.app.scene.dependencies import SLICE, Part, on_condition
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.optimizers.curvature_products import cost

# Seconds between two partial results of descents that are computed together. The page may send a newer request once it
# has shown something, and requests that never end would take the time of those that do.
SHOW_SHARED_SECONDS = 1.0


def levels(scene: Scene, gpu: bool) -> Costs:
    """A single level. A step of a network costs a hundred times as much as one of a formula."""
    return {None: 1200 if scene.sliced else 40}


@frame_kind(
    "pair",
    depends_on=(
        Part("landscape", when={"sliced": False}),
        *on_condition({"sliced": True}, SLICE),
        *("start", "optimizer", "schedule", "clip", "steps"),
    ),
    levels=levels,
    when={"kernel": False},
    line="descents",
)
def pair_frame(scene: Scene, _: None, key: str, workspace: Workspace) -> FrameGenerator:
    """Both descents. Early frames show the first steps; the last adds the curvatures at the end.

    The curvatures of a network take as long as many steps. So all steps are sent before, and the curvatures are
    computed when no short work waits. Somebody who drags the start has sent a newer request by then.
    """
    source = yield from source_of(scene, workspace)
    member = Member(scene)
    with source.descents(member) as batch:
        # Other requests whose turn comes now can join.
        yield None
        shown = turn = time.monotonic()
        while not member.finished:
            batch.advance()
            now, rows = time.monotonic(), batch.work.done(member)
            wait = SHOW_SECONDS if len(batch.active) == 1 else SHOW_SHARED_SECONDS
            # One row is no line to draw, and the last frame has all rows.
            if now - shown > wait and 1 < rows <= scene.steps:
                yield partial_frame(batch.work.steps_of(member), scene, key)
                shown = turn = time.monotonic()
            elif now - turn > workspace.chunking.seconds:
                yield None
                turn = time.monotonic()
        steps = batch.work.steps_of(member)
    if scene.sliced:
        yield partial_frame(steps, scene, key)
        yield LATER
    curvatures = yield from source.curvatures(steps.record.position[-1])
    names = ("flattest", "sharpness")
    known = {} if curvatures is None else dict(zip(names, curvatures.mT.contiguous().numpy(), strict=True))
    frame = trajectories(steps, scene, key)
    return replace(frame, arrays={**frame.arrays, **known})


def partial_frame(steps: Steps, scene: Scene, key: str) -> Frame:
    """The steps so far; the page says that more will follow."""
    grown = trajectories(steps, scene, key)
    return replace(grown, fields={**grown.fields, "partial": True})


def arrows(steps: Steps) -> dict[str, NDArray[Any]]:
    """Gradients, and the input and output of the clip, ``(2, rows)`` by name, for the page's lens."""
    return {
        f"{name}_{axis}": getattr(steps, name)[..., k].mT.contiguous().numpy()
        for name in ("gradient", "raw", "clipped")
        for k, axis in enumerate("xy")
    }


def trajectories(steps: Steps, scene: Scene, key: str) -> Frame:
    """The steps so far as columns ``(2, rows)``; the first row is the run without clipping."""
    x, y = steps.record.position.unbind(-1)
    columns = {"x": x, "y": y, **steps.record._asdict()}
    del columns["position"]
    fields = {"runs": list(RUN_NAMES), "steps": len(x) - 1, "start": list(scene.resolved_start)}
    price = cost(scene.build("optimizer"), scene.surface.dimension)
    fields |= {"cost": price._asdict()} if price.matrix else {}
    rows = {name: column.mT.contiguous().numpy() for name, column in columns.items()}
    return Frame("pair", key, fields, {**rows, **arrows(steps)})
