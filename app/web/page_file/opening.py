"""What a page of its own starts with: its Scene, its part of the catalogue, and frames with the kernels that they name.

The page asks for nothing later, so everything is here that it can need.
"""

import base64
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from cliffscape.app.compute.encoding import encode
from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames.plan import plan
from cliffscape.app.frames.source import known_minima
from cliffscape.app.scene import kernel_recipe
from cliffscape.app.scene.metadata import version
from cliffscape.app.scene.schema import FAMILIES, KERNEL_FAMILIES, Scene
from cliffscape.app.web.catalogue import catalogue
from cliffscape.landscapes.backends.kernels import Kernel
from cliffscape.landscapes.backends.surface import SurfaceRecipe
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.generators import map_yields

# The kinds of frames that name kernels, by which the page computes.
KINDS = ("kernel", "curvature", "sweep_kernel", "bias")
FIXED = "It shapes the kernels of this file, so it cannot be changed here."


@dataclass(frozen=True)
class Opening:
    """The values that the page starts with, and the sources of kernels by the name that ``values`` refer to."""

    values: Mapping[str, Any]
    kernels: Mapping[str, str]


def check_computable(scene: Scene) -> None:
    """Check that kernels compute all of a Scene.

    Raises:
        BoundError: an entry of the Scene has no kernel for the browser.
    """
    for family in KERNEL_FAMILIES:
        entry = scene.entry(family)
        if entry.no_kernel:
            reason = entry.no_kernel[0].lower() + entry.no_kernel[1:].rstrip(".")
            raise BoundError(family, entry.label, f"one that a page without a server can compute: {reason}")


def compute_opening(scene: Scene, workspace: Workspace, with_relief: bool = False) -> Generator[None, None, Opening]:
    """What the page of a Scene starts with. Yields between pieces of work.

    Raises:
        BoundError: an entry of the Scene has no kernel for the browser.
        UntraceableError: the landscape cannot be written as a scalar program.
    """
    check_computable(scene)
    kernels: dict[str, str] = {}

    def address_of(kernel: Kernel) -> str:
        kernels[kernel.hash] = kernel.source
        return f"kernel:{kernel.hash}"

    frames = []
    for part in plan(scene, KINDS):
        frame = yield from map_yields(part.begin(workspace), lambda _: None)
        fields = dict(frame.fields)
        for name, field in fields.items():
            if isinstance(field, dict) and "url" in field:
                query = dict(parse_qsl(urlsplit(field["url"]).query))
                fields[name] = {**field, "url": address_of(workspace.kernel(kernel_recipe.read(query)))}
        frames.append({"kind": frame.kind, "key": frame.key, **fields})
    relief = (yield from compute_relief(scene, workspace)) if with_relief else ""
    chosen = scene.parameters("landscape")
    structural = {name: chosen[name] for name in scene.surface.structural}
    surface = address_of(SurfaceRecipe(scene.landscape.kind, structural).kernel())
    minima: dict[str, Any] = {name: points.tolist() for name, points in known_minima(scene.landscape).items()}
    minima["solved"] = scene.surface.solved_loss(**chosen)
    values = {
        # A cloud of starts is computed by the server.
        "scene": scene.model_copy(update={"cloud": 1}).model_dump(mode="json"),
        "catalogue": catalogue_of(scene),
        "version": version(),
        "frames": frames,
        "relief": relief,
        "surface": {"kernel": surface, **minima},
    }
    return Opening(values, kernels)


def compute_relief(scene: Scene, workspace: Workspace) -> Generator[None, None, str]:
    """The finest mesh of the relief, as text."""
    finest = plan(scene, ["relief"])[-1]
    return base64.b64encode(encode((yield from map_yields(finest.begin(workspace), lambda _: None)))).decode()


def catalogue_of(scene: Scene) -> dict[str, Any]:
    """The catalogue with the Scene's own entries only. What shapes a kernel is locked."""
    whole = catalogue(scene)
    own = {family: [own_entry(whole[family], getattr(scene, family).kind)] for family in FAMILIES}
    # The server computes studies.
    own["landscape"][0]["study"] = ""
    formulas = {
        text: {**one, "parameters": [with_lock(parameter) for parameter in one["parameters"]]}
        for text, one in whole["formulas"].items()
    }
    return {**whole, **own, "formulas": formulas, "sweep": [{**one, "locked": True} for one in whole["sweep"]]}


def own_entry(entries: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    """The entry of a kind."""
    found = next(entry for entry in entries if entry["kind"] == kind)
    return {**found, "parameters": [with_lock(one) for one in found["parameters"]]}


def with_lock(parameter: dict[str, Any]) -> dict[str, Any]:
    """A parameter, locked if it is structural."""
    if not parameter["structural"]:
        return parameter
    return {**parameter, "locked": True, "sentence": f"{parameter['sentence']} {FIXED}"}
