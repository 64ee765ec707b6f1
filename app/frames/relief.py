"""The relief: a mesh that follows the walls of the surface."""

import torch

from cliffscape.app.compute.cache import FrameGenerator
from cliffscape.app.compute.encoding import Frame
from cliffscape.app.compute.precision import for_picture
from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames.kind import frame_kind
from cliffscape.app.frames.source import size_of
from cliffscape.app.frames.surface import MEAN_LOSS
from cliffscape.app.runs.pair import build_loss
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.analysis.mesh import aligned_mesh, separate_shares
from cliffscape.landscapes.derivatives import value_and_gradient


# The page draws a network's relief from the grid of its surface: a point costs too much to be computed twice.
@frame_kind(
    "relief",
    depends_on=(MEAN_LOSS, "window", "height"),
    levels={65: 400, 129: 600},
    when={"sliced": False, "curve": False},
    line="pictures",
)
def relief_frame(scene: Scene, side: int, key: str, workspace: Workspace) -> FrameGenerator:
    """A mesh of ``side`` lines with ``side`` points each; ``across`` and ``upward`` are shares of the window."""
    loss, window, height = build_loss(scene), scene.resolved_window, scene.resolved_height
    count = workspace.chunking.points(size_of(scene))
    for mesh in aligned_mesh(loss, window, side, side, height, workspace.device, count):
        if mesh is None:
            yield None
        else:
            points, value = mesh
    yield None
    gradient = value_and_gradient(loss, points.reshape(-1, 2))[1].reshape(points.shape)
    # Shares of the window: coordinates such as 4.2 leave a window of width 1e-8 only a few values in float32.
    across, upward = separate_shares(points, window).to("cpu", torch.float32).unbind(-1)
    norm = torch.linalg.vector_norm(gradient, dim=-1)
    fields = {"window": list(window), "lines": side, "count": side, "height": height}
    places = {"across": across.contiguous().numpy(), "upward": upward.contiguous().numpy()}
    return Frame("relief", key, fields, {**places, "loss": for_picture(value), "gradient_norm": for_picture(norm)})
