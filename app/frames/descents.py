"""Frames of both runs' descent where the browser has no kernel: of a net, or with an entry that has none."""

import time
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from numpy.typing import NDArray

from cliffscape.app.compute.cache import Work
from cliffscape.app.compute.encoding import Frame
from cliffscape.app.frames.network import SHOW_SECONDS, view_of
from cliffscape.app.frames.surface import Workspace
from cliffscape.app.runs.network import descent_on_slice
from cliffscape.app.runs.pair import RUN_NAMES, Pair, build_loss, build_pair, pair_descent
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.descent.descend import Record
from cliffscape.landscapes.loss import Loss, sharpness
from cliffscape.landscapes.optimizers.curvature_products import cost


def net_pair_frame(scene: Scene, _: None, key: str, workspace: Workspace) -> Work:
    """Both runs' descent on a net's slice."""
    view = yield from view_of(scene, workspace)
    both = build_pair(scene)
    return (yield from grown(descent_on_slice(scene, view, both), both, view.loss, scene, key, workspace))


def pair_frame(scene: Scene, key: str, workspace: Workspace) -> Work:
    """Both runs' descent on a landscape of two parameters."""
    both, loss = build_pair(scene), build_loss(scene)
    return (yield from grown(pair_descent(scene, both), both, loss, scene, key, workspace))


def grown(descent: Iterator[Record], both: Pair, loss: Loss, scene: Scene, key: str, workspace: Workspace) -> Work:
    """A descent shown as it grows; the whole one with gradients before and after the clip, and the ends' sharpness."""
    blocks: list[Record] = []
    shown = turn = time.monotonic()
    for block in descent:
        blocks.append(block)
        now = time.monotonic()
        rows = sum(len(one.loss) for one in blocks)
        if now - shown > SHOW_SECONDS and 1 < rows <= scene.steps:
            yield trajectories(blocks, scene, key)
            shown = turn = time.monotonic()
        elif now - turn > workspace.chunking.seconds:
            yield None
            turn = time.monotonic()
    whole = trajectories(blocks, scene, key)
    ends = blocks[-1].position[-1]
    yield None
    return Frame(
        "pair", key, whole.fields, {**whole.arrays, **arrows(both), "sharpness": sharpness(loss, ends).numpy()}
    )


def arrows(both: Pair) -> dict[str, NDArray[Any]]:
    """Gradients, and what the clip was given and left of it, ``(2, rows)`` by name, for the page's lens."""
    found = zip(("gradient", "raw", "clipped"), map(torch.stack, zip(*both.history, strict=True)), strict=True)
    return {
        f"{name}_{axis}": part[..., k].mT.contiguous().numpy() for name, part in found for k, axis in enumerate("xy")
    }


def trajectories(blocks: Sequence[Record], scene: Scene, key: str) -> Frame:
    """The steps so far as columns ``(2, rows)``, without clipping first."""
    whole = Record(*(torch.cat(column) for column in zip(*blocks, strict=True)))
    x, y = whole.position.unbind(-1)
    columns = {"x": x, "y": y, **whole._asdict()}
    del columns["position"]
    fields = {"runs": list(RUN_NAMES), "steps": len(x) - 1, "start": list(scene.resolved_start)}
    price = cost(scene.build("optimizer"), 2)
    fields |= {"cost": price._asdict()} if price.matrix else {}
    return Frame("pair", key, fields, {name: column.mT.contiguous().numpy() for name, column in columns.items()})
