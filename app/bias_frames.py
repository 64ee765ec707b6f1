"""Frames of the bias over minibatch size: a kernel's address, or where there is none the vectors at the start."""

from typing import Any

import torch

from app.cache import Work
from app.frames import Frame
from app.recipes import recipe
from app.render import Tools, addressed
from app.schema import Scene
from app.twins import loss_of, transforms
from landscapes.bias import MEMORY, bias, sizes
from landscapes.landscape import MINIBATCH
from landscapes.minibatches import MeanLoss


def on_server(scene: Scene) -> bool:
    """Whether the landscape has too many examples for a kernel."""
    return bool(scene.surface.no_kernel)


def hangs_on(scene: Scene) -> tuple[Any, ...]:
    """What the frame depends on: of a kernel its recipe, of vectors the place and the numbers too."""
    if not on_server(scene):
        return (recipe(scene, "bias").query(),)
    return scene.landscape.model_dump(exclude={MINIBATCH}), scene.beginning, scene.clip.model_dump()


def bias_frame(scene: Scene, key: str, tools: Tools) -> Work:
    """The gradient, and the mean of clipped minibatches for every size that divides the examples, ``(S, 2)``."""
    if not on_server(scene):
        return (yield from addressed("bias", {"bias": recipe(scene, "bias")}, key, tools))
    loss, clip = loss_of(scene), transforms(scene, "with")[1]
    theta = torch.tensor(scene.beginning, dtype=torch.float64)
    if clip.init(theta) or not isinstance(loss, MeanLoss):
        return Frame("bias", key, {"reason": MEMORY})
    yield None
    found = bias(loss, clip, theta)
    fields = {"sizes": list(sizes(loss.count)), "start": list(scene.beginning)}
    return Frame("bias", key, fields, {"gradient": found.gradient.numpy(), "averages": found.averages.numpy()})
