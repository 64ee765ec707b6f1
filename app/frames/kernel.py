"""Addresses of kernels: the programs that the browser runs, traced from PyTorch when they are first requested."""

from collections.abc import Mapping
from typing import Any

from cliffscape.app.compute.cache import FrameGenerator
from cliffscape.app.compute.encoding import Frame
from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames.kind import frame_kind
from cliffscape.app.scene.dependencies import Part, on_condition
from cliffscape.app.scene.kernel_recipe import Recipe, recipe
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.tracing.trace import UntraceableError

# Kinds, and the parameters that shape the computation; all other parameters are arguments of a kernel.
SHAPE = Part("landscape", only="structural")
DESCENT = (SHAPE, Part("optimizer", only="structural"), Part("clip", only="structural"), Part("schedule", only="kind"))


@frame_kind("kernel", depends_on=on_condition({"kernel": True}, DESCENT), levels={None: 20}, line="pictures")
def kernel_frame(scene: Scene, _: None, key: str, workspace: Workspace) -> FrameGenerator:
    """Kernels of both descents and of the outcome rule; only of the rule if the server computes the descents."""
    recipes = {"outcome": recipe(scene, "outcome")}
    if not scene.no_kernel:
        recipes = {"without": recipe(scene, "descent", "none"), "with": recipe(scene, "descent"), **recipes}
    return (yield from kernel_addresses("kernel", recipes, key, workspace))


@frame_kind("curvature", depends_on=(SHAPE,), levels={None: 160}, when={"landscape_kernel": True}, line="pictures")
def curvature_frame(scene: Scene, _: None, key: str, workspace: Workspace) -> FrameGenerator:
    """The kernel of the curvature: a separate frame, because tracing it takes longer than both descents' kernels."""
    return (yield from kernel_addresses("curvature", {"curvature": recipe(scene, "curvature")}, key, workspace))


@frame_kind("sweep_kernel", depends_on=DESCENT, levels={None: 100}, when={"kernel": True}, on_request=True)
def sweep_kernel_frame(scene: Scene, _: None, key: str, workspace: Workspace) -> FrameGenerator:
    """Kernels of both runs of a sweep, with which the page computes outcome maps."""
    recipes = {"without": recipe(scene, "sweep", "none"), "with": recipe(scene, "sweep")}
    return (yield from kernel_addresses("sweep_kernel", recipes, key, workspace))


def kernel_addresses(kind: str, recipes: Mapping[str, Recipe], key: str, workspace: Workspace) -> FrameGenerator:
    """A frame with the addresses of kernels, or with the reason why there are none."""
    fields: dict[str, Any] = {}
    try:
        for name, one in recipes.items():
            kernel = workspace.kernel(one)
            fields[name] = {"url": one.url(kernel), "parameters": list(kernel.parameters)}
            # Each kernel takes a turn, because tracing one takes tens of milliseconds.
            yield None
    except UntraceableError as reason:
        fields = {"reason": str(reason)}
    return Frame(kind, key, fields)
