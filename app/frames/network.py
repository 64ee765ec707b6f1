"""Facts about the slice of a network or a model, and the flow of a network's gradients back through time."""

import torch

from cliffscape.app.compute.cache import FrameGenerator
from cliffscape.app.compute.encoding import Frame
from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames.kind import frame_kind
from cliffscape.app.frames.source import view_of
from cliffscape.app.runs.network import View, slice_view
from cliffscape.app.scene.dependencies import SLICE, Part
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.networks.gradient_flow import jacobian_singular_values, spectral_radii, state_gradients


@frame_kind("slice", depends_on=SLICE, levels={None: 1000}, when={"sliced": True}, line="pictures")
def slice_frame(scene: Scene, _: None, key: str, workspace: Workspace) -> FrameGenerator:
    """Facts about the slice: its axes, the size of the model, and numbers such as eigenvalues."""
    view = yield from view_of(scene, workspace) if scene.recurrent else slice_view(scene)
    layout = view.subject.layout
    fields = {"axes": list(view.slice.axes), "facts": dict(view.slice.facts), "parameters": layout.size}
    if isinstance(view, View):
        shapes = {name: list(shape) for name, shape in layout.shapes.items()}
        fields |= {"baseline": view.subject.net.task.baseline, "coordinates": shapes}
    return Frame("slice", key, fields)


@frame_kind(
    "gradient_flow",
    depends_on=(*SLICE, Part("start")),
    levels={None: 1400},
    when={"network": True},
    line="descents",
)
def gradient_flow_frame(scene: Scene, _: None, key: str, workspace: Workspace) -> FrameGenerator:
    """How gradients grow or shrink back through time, at the start. Their growth is what makes a wall."""
    view = yield from view_of(scene, workspace)
    subject = view.subject
    theta = view.slice.lift(torch.tensor(scene.resolved_start, dtype=torch.float64))
    norms = state_gradients(subject.net, theta, subject.batch)
    yield None
    values = yield from jacobian_singular_values(subject.net, theta, subject.batch.inputs[:, :1])
    yield None
    arrays = {"state_gradients": norms, "singular_values": values, "spectral_radii": spectral_radii(subject.net, theta)}
    fields = {"start": list(scene.resolved_start)}
    return Frame("gradient_flow", key, fields, {name: array.numpy() for name, array in arrays.items()})
