"""The bias over minibatch size: a kernel's address, or the vectors at the start if there is no kernel."""

import torch

from cliffscape.app.compute.cache import FrameGenerator
from cliffscape.app.compute.encoding import Frame
from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames.kernel import kernel_addresses
from cliffscape.app.frames.kind import frame_kind
from cliffscape.app.runs.pair import build_loss, transforms
from cliffscape.app.scene.dependencies import Part, on_condition
from cliffscape.app.scene.kernel_recipe import recipe
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.analysis.clipping_bias import MEMORY, bias, minibatch_sizes
from cliffscape.landscapes.clips.minibatches import MeanLoss
from cliffscape.landscapes.loss import MINIBATCH

WITH_KERNEL = (Part("landscape", only="structural", without=(MINIBATCH,)), Part("clip", only="kind"))
ON_SERVER = (Part("landscape", without=(MINIBATCH,)), Part("clip"), Part("start"))


@frame_kind(
    "bias",
    depends_on=(
        *on_condition({"landscape_kernel": True}, WITH_KERNEL),
        *on_condition({"landscape_kernel": False}, ON_SERVER),
    ),
    levels={None: 30},
    when={"examples": True},
)
def bias_frame(scene: Scene, _: None, key: str, workspace: Workspace) -> FrameGenerator:
    """The gradient, and the mean of clipped minibatches for every size that divides the examples, ``(S, 2)``."""
    if not scene.surface.no_kernel:
        return (yield from kernel_addresses("bias", {"bias": recipe(scene, "bias")}, key, workspace))
    loss, clip = build_loss(scene), transforms(scene, "with")[1]
    theta = torch.tensor(scene.resolved_start, dtype=torch.float64)
    if clip.init(theta) or not isinstance(loss, MeanLoss):
        return Frame("bias", key, {"reason": MEMORY})
    yield None
    found = bias(loss, clip, theta)
    fields = {"sizes": list(minibatch_sizes(loss.count)), "start": list(scene.resolved_start)}
    return Frame("bias", key, fields, {"gradient": found.gradient.numpy(), "averages": found.averages.numpy()})
