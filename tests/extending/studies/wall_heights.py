"""One study of a reader's own: a decorated generator."""

import torch

from cliffscape.app.compute.cache import FrameGenerator
from cliffscape.app.compute.encoding import Frame
from cliffscape.app.frames.studies.registry import study
from cliffscape.app.runs.pair import build_loss
from cliffscape.app.scene.schema import Scene


@study("wall_heights", depends_on=("start",))
def wall_heights_frame(scene: Scene, key: str) -> FrameGenerator:
    """The loss at the start and at its mirror image on the other wall."""
    yield None
    x, y = scene.resolved_start
    losses = build_loss(scene)(torch.tensor([[x, y], [-x, y]], dtype=torch.float64))
    fields = {"study": "wall_heights", "sentences": ["Both walls of the trench are equally high."]}
    return Frame("study", key, fields, {"loss": losses.numpy()})
