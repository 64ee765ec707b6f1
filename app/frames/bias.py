"""Frames of the bias over minibatch size: a kernel's address, or where there is none the vectors at the start."""

from typing import Any

import torch

from cliffscape.app.compute.cache import Work
from cliffscape.app.compute.encoding import Frame
from cliffscape.app.frames.surface import Workspace, addressed
from cliffscape.app.runs.pair import loss_of, transforms
from cliffscape.app.scene.kernel_recipe import recipe
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.analysis.clipping_bias import MEMORY, bias, minibatch_sizes
from cliffscape.landscapes.clips.minibatches import MeanLoss
from cliffscape.landscapes.loss import MINIBATCH


def on_server(scene: Scene) -> bool:
    """Whether the landscape has too many examples for a kernel."""
    return bool(scene.surface.no_kernel)


def depends_on(scene: Scene) -> tuple[Any, ...]:
    """What the frame depends on: of a kernel its recipe, of vectors the place and the numbers too."""
    if not on_server(scene):
        return (recipe(scene, "bias").query(),)
    return scene.landscape.model_dump(exclude={MINIBATCH}), scene.resolved_start, scene.clip.model_dump()


def bias_frame(scene: Scene, key: str, workspace: Workspace) -> Work:
    """The gradient, and the mean of clipped minibatches for every size that divides the examples, ``(S, 2)``."""
    if not on_server(scene):
        return (yield from addressed("bias", {"bias": recipe(scene, "bias")}, key, workspace))
    loss, clip = loss_of(scene), transforms(scene, "with")[1]
    theta = torch.tensor(scene.resolved_start, dtype=torch.float64)
    if clip.init(theta) or not isinstance(loss, MeanLoss):
        return Frame("bias", key, {"reason": MEMORY})
    yield None
    found = bias(loss, clip, theta)
    fields = {"sizes": list(minibatch_sizes(loss.count)), "start": list(scene.resolved_start)}
    return Frame("bias", key, fields, {"gradient": found.gradient.numpy(), "averages": found.averages.numpy()})
