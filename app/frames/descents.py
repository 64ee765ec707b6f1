"""Both runs' descent, computed on the server if the browser has no kernel."""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import torch
from numpy.typing import NDArray

from cliffscape.app.compute.cache import FrameGenerator
from cliffscape.app.compute.encoding import Frame
from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames.kind import Costs, frame_kind
from cliffscape.app.frames.progress import SHOW_SECONDS
from cliffscape.app.frames.source import source_of
from cliffscape.app.runs.pair import RUN_NAMES, Pair, build_pair
from cliffscape.app.scene.dependencies import SLICE, Part, on_condition
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.descent.descend import Record
from cliffscape.landscapes.optimizers.curvature_products import cost


def levels(scene: Scene, gpu: bool) -> Costs:
    """A single level. A step of a network costs a hundred times as much as one of a formula."""
    return {None: 1200 if scene.recurrent else 40}


@frame_kind(
    "pair",
    depends_on=(
        Part("landscape", when={"network": False}),
        *on_condition({"network": True}, SLICE),
        *("start", "optimizer", "schedule", "clip", "steps"),
    ),
    levels=levels,
    when={"kernel": False},
    line="descents",
)
def pair_frame(scene: Scene, _: None, key: str, workspace: Workspace) -> FrameGenerator:
    """Both descents. Early frames show the first steps; the last adds gradients, and the curvatures at the end."""
    source = yield from source_of(scene, workspace)
    both = build_pair(scene)
    blocks: list[Record] = []
    shown = turn = time.monotonic()
    for block in source.descent(both):
        blocks.append(block)
        now = time.monotonic()
        rows = sum(len(one.loss) for one in blocks)
        # One row is no line to draw, and the last frame has all rows.
        if now - shown > SHOW_SECONDS and 1 < rows <= scene.steps:
            grown = trajectories(blocks, scene, key)
            yield replace(grown, fields={**grown.fields, "partial": True})
            shown = turn = time.monotonic()
        elif now - turn > workspace.chunking.seconds:
            yield None
            turn = time.monotonic()
    whole = trajectories(blocks, scene, key)
    curvatures = yield from source.curvatures(blocks[-1].position[-1])
    known = {} if curvatures is None else dict(zip(("flattest", "sharpness"), curvatures.mT.numpy(), strict=True))
    arrays = {**whole.arrays, **arrows(both), **known}
    return Frame("pair", key, whole.fields, arrays)


def arrows(both: Pair) -> dict[str, NDArray[Any]]:
    """Gradients, and the input and output of the clip, ``(2, rows)`` by name, for the page's lens."""
    found = zip(("gradient", "raw", "clipped"), map(torch.stack, zip(*both.history, strict=True)), strict=True)
    return {
        f"{name}_{axis}": part[..., k].mT.contiguous().numpy() for name, part in found for k, axis in enumerate("xy")
    }


def trajectories(blocks: Sequence[Record], scene: Scene, key: str) -> Frame:
    """The steps so far as columns ``(2, rows)``; the first row is the run without clipping."""
    whole = Record(*(torch.cat(column) for column in zip(*blocks, strict=True)))
    x, y = whole.position.unbind(-1)
    columns = {"x": x, "y": y, **whole._asdict()}
    del columns["position"]
    fields = {"runs": list(RUN_NAMES), "steps": len(x) - 1, "start": list(scene.resolved_start)}
    price = cost(scene.build("optimizer"), 2)
    fields |= {"cost": price._asdict()} if price.matrix else {}
    return Frame("pair", key, fields, {name: column.mT.contiguous().numpy() for name, column in columns.items()})
