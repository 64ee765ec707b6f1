"""The relief: a mesh that follows the walls of the surface."""

import torch

from cliffscape.app.compute.cache import Work
from cliffscape.app.compute.encoding import Frame
from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames.kind import frame_kind
from cliffscape.app.frames.subject import size_of
from cliffscape.app.frames.surface import MEAN_LOSS, picture
from cliffscape.app.runs.pair import build_loss
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.analysis.mesh import aligned_mesh, separate
from cliffscape.landscapes.loss import by_autograd


# The page draws a network's relief from the grid of its surface: a point costs too much to be computed twice.
@frame_kind(
    "relief",
    depends_on=(MEAN_LOSS, "window", "height"),
    levels={65: 400, 129: 600},
    when={"network": False},
)
def relief_frame(scene: Scene, side: int, key: str, workspace: Workspace) -> Work:
    """A mesh of ``side`` lines with ``side`` points each."""
    loss, window, height = build_loss(scene), scene.resolved_window, scene.resolved_height
    count = workspace.chunking.points(size_of(scene))
    for mesh in aligned_mesh(loss, window, side, side, height, workspace.device, count):
        if mesh is None:
            yield None
        else:
            points, value = mesh
    yield None
    gradient = by_autograd(loss, points.reshape(-1, 2))[1].reshape(points.shape)
    x, y = (picture(part).numpy() for part in separate(points, window).unbind(-1))
    norms = picture(torch.linalg.vector_norm(gradient, dim=-1)).numpy()
    fields = {"window": list(window), "lines": side, "count": side, "height": height}
    return Frame("relief", key, fields, {"x": x, "y": y, "loss": picture(value).numpy(), "gradient_norm": norms})
