"""One frame kind of a reader's own: a decorated generator."""

import torch

from cliffscape.app.compute.cache import FrameGenerator
from cliffscape.app.compute.encoding import Frame
from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames.kind import frame_kind
from cliffscape.app.runs.pair import build_loss
from cliffscape.app.scene.dependencies import Part
from cliffscape.app.scene.schema import Scene


@frame_kind(
    "losses_ahead",
    depends_on=("landscape", "start", Part("optimizer", only="kind", when={"examples": True})),
    levels={3: 1, 9: 4},
    when={"network": False},
    on_request=True,
)
def losses_ahead(scene: Scene, count: int, key: str, workspace: Workspace) -> FrameGenerator:
    """The loss at ``count`` points from the start to one unit right of it."""
    yield None
    x, y = scene.resolved_start
    across = torch.linspace(x, x + 1, count, dtype=torch.float64)
    losses = build_loss(scene)(torch.stack([across, torch.full_like(across, y)], -1))
    return Frame("losses_ahead", key, {"points": count}, {"loss": losses.numpy()})
