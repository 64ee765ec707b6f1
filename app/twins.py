"""Twins: the two lanes of a Scene, from one start, without clipping and with it."""

from collections.abc import Generator
from typing import Literal, get_args

import torch

from app.schema import Scene
from landscapes.clips import CLIPS, Transform
from landscapes.descent import Record, descend
from landscapes.schedules import scheduled

Twin = Literal["without", "with"]
TWINS: tuple[Twin, ...] = get_args(Twin)
# Steps between two looks at the clock: the longest sequence takes a few milliseconds a step in PyTorch.
BLOCK = 4


def chosen(scene: Scene) -> tuple[Twin, ...]:
    """The lanes that the Scene shows."""
    return tuple(twin for twin in TWINS if scene.lanes in ("both", twin))


def transforms(scene: Scene, lane: Twin) -> tuple[Transform, Transform]:
    """Optimizer and clip of a lane."""
    optimizer = scheduled(scene.made("optimizer"), scene.made("schedule"))
    if lane == "without":
        return optimizer, CLIPS["none"].function()
    return optimizer, CLIPS[scene.clip.kind].function(**scene.parameters("clip"))


def descent(scene: Scene, lane: Twin) -> Generator[None, None, Record]:
    """The trajectory of one lane, ``(steps + 1, ...)``; yields after every few steps.

    Always on the CPU: one point at a time keeps no GPU busy (an H100 takes twice as long), and a Scene's
    trajectory is then the same to the last bit on every server.
    """
    loss = scene.surface.loss(**scene.parameters("landscape"))
    start = torch.tensor(scene.beginning, dtype=torch.float64)
    blocks = []
    for block in descend(loss, start, *transforms(scene, lane), scene.steps, BLOCK):
        blocks.append(block)
        yield
    return Record(*(torch.cat(column) for column in zip(*blocks, strict=True)))
