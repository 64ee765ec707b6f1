"""Nets: what a Scene of a recurrent network stands for, as tensors, and the slice it is seen through."""

from collections.abc import Generator
from typing import Any, NamedTuple

import torch
from torch import Tensor

from app.schema import NET_FAMILIES, Scene
from app.twins import TWINS, transforms
from landscapes.descent import Record, descend
from landscapes.landscape import Loss
from landscapes.recurrent.task import Batch
from landscapes.recurrent.training import side_by_side
from landscapes.slices import SLICES, Slice, Subject

# Steps between two looks at the clock: one of a long net takes tens of milliseconds.
BLOCK = 1


class View(NamedTuple):
    """A net on its minibatch, and the slice it is seen through: float64, on the CPU."""

    subject: Subject
    slice: Slice

    @property
    def loss(self) -> Loss:
        """The loss on the slice ``(..., 2) -> (...)``."""
        return self.slice.loss(self.subject.loss)

    def size(self) -> int:
        """Bytes in memory, nearly."""
        parts = (self.subject.theta, self.slice.origin, self.slice.directions, *self.subject.batch)
        return sum(part.nbytes for part in parts)


def picture_loss(view: View, device: torch.device) -> Loss:
    """The loss on the slice in float32 on ``device``, for pictures."""

    def moved(part: Tensor) -> Tensor:
        return part.to(device, torch.float32 if part.is_floating_point() else part.dtype)

    batch = Batch(*map(moved, view.subject.batch))
    return view.slice.to(device, torch.float32).loss(view.subject.net.loss(batch))


def subject(scene: Scene) -> Subject:
    """The chosen net, its initial weights and its minibatch: the same to the last bit on every server."""
    made: Subject = scene.surface.function(**scene.parameters("landscape"))(scene.net, scene.made("initialisation"))
    return made


def ingredients(scene: Scene) -> tuple[Any, ...]:
    """What a net's slice hangs on, for keys: the net, its weights, its minibatch, and the choice of the slice."""
    return tuple(getattr(scene, family).model_dump() for family in ("landscape", *NET_FAMILIES))


def viewed(scene: Scene) -> Generator[None, None, View]:
    """The Scene's net through its slice; yields after every piece of work."""
    seen = subject(scene)
    yield None
    found = yield from SLICES[scene.slice.kind].function(seen, **scene.parameters("slice"))
    return View(seen, found)


def descent_on_slice(scene: Scene, view: View) -> Generator[Record, None, None]:
    """Both lanes' descent on the slice, ``(1, 2, ...)`` after every step: two free numbers, not the net's training.

    On the CPU and side by side, whichever lanes are shown: a step costs the same for two, and rounding may not hang
    on what is looked at.
    """
    (optimizer, without), (_, clip) = (transforms(scene, lane) for lane in TWINS)
    start = torch.tensor(scene.beginning, dtype=torch.float64).expand(len(TWINS), 2)
    yield from descend(view.loss, start, optimizer, side_by_side(without, clip), scene.steps, BLOCK)


def descent_of_net(scene: Scene) -> Generator[None, None, Record]:
    """Both lanes' trajectories ``(steps + 1, 2, ...)``; yields after every piece of work."""
    view = yield from viewed(scene)
    blocks = []
    for block in descent_on_slice(scene, view):
        blocks.append(block)
        yield None
    return Record(*(torch.cat(column) for column in zip(*blocks, strict=True)))
