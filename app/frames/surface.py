"""Rendering: from a Scene to frames, as generators that yield after every chunk of work."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import BaseModel
from torch import Tensor

from cliffscape.app.compute.cache import SizedCache, Work
from cliffscape.app.compute.chunking import Chunking
from cliffscape.app.compute.compiled import Routines
from cliffscape.app.compute.encoding import Frame
from cliffscape.app.runs.pair import RunName, descent, loss_of
from cliffscape.app.scene.kernel_recipe import Recipe, recipe
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.analysis.mesh import aligned_mesh, separate
from cliffscape.landscapes.backends.kernels import Kernel
from cliffscape.landscapes.backends.surface import Points, evaluate_points
from cliffscape.landscapes.loss import LANDSCAPES, by_autograd
from cliffscape.landscapes.tracing.trace import UntraceableError

# From so many points a side on, a surface is worth compiling for.
FINE = 257


def sized_cache(most: int) -> SizedCache[Any]:
    """A cache of things that know their size in bytes."""
    return SizedCache(most, lambda thing: int(thing.size()))


def cells_size(found: Mapping[str, Mapping[str, Tensor]]) -> int:
    """Bytes of both runs' cells."""
    return sum(column.nbytes for cells in found.values() for column in cells.values())


@dataclass(frozen=True)
class Workspace:
    """What rendering uses: the device, the pace of each landscape, and what was made before.

    That is kernels, slices, runs, cells of pictures of outcomes, and compiled routines.
    """

    device: torch.device
    kernels: SizedCache[Kernel]
    chunking: Chunking
    views: SizedCache[Any] = field(default_factory=lambda: sized_cache(64 << 20))
    runs: SizedCache[Any] = field(default_factory=lambda: sized_cache(256 << 20))
    memory: int = 512 << 20
    cells: SizedCache[Any] = field(default_factory=lambda: SizedCache(128 << 20, cells_size))
    routines: Routines = field(default_factory=Routines)

    def kernel(self, one: Recipe) -> Kernel:
        """The kernel of a recipe, traced if need be.

        Raises:
            UntraceableError: the landscape cannot be written as a scalar program.
        """
        kernel = self.kernels.get(one)
        if kernel is None:
            kernel = one.trace()
            self.kernels.put(one, kernel)
        return kernel


def kernel_frame(scene: Scene, key: str, workspace: Workspace) -> Work:
    """Where the Scene's kernels are: the two descents and the rule of outcomes."""
    recipes = {
        "without": recipe(scene, "descent", "none"),
        "with": recipe(scene, "descent"),
        "outcome": recipe(scene, "outcome"),
    }
    return (yield from addressed("kernel", recipes, key, workspace))


def outcome_frame(scene: Scene, key: str, workspace: Workspace) -> Work:
    """Where the rule of outcomes is: all that the browser computes of a landscape that stays on the server."""
    return (yield from addressed("kernel", {"outcome": recipe(scene, "outcome")}, key, workspace))


def curvature_frame(scene: Scene, key: str, workspace: Workspace) -> Work:
    """Where the curvature's kernel is: a frame of its own, since tracing it takes longer than all the others."""
    return (yield from addressed("curvature", {"curvature": recipe(scene, "curvature")}, key, workspace))


def addressed(kind: str, recipes: Mapping[str, Recipe], key: str, workspace: Workspace) -> Work:
    """A frame of kernels' addresses, or of the reason why there are none."""
    fields: dict[str, Any] = {}
    try:
        for name, one in recipes.items():
            kernel = workspace.kernel(one)
            fields[name] = {"url": one.url(kernel), "parameters": list(kernel.parameters)}
            yield None
    except UntraceableError as reason:
        fields = {"reason": str(reason)}
    return Frame(kind, key, fields)


def subject(scene: Scene) -> tuple[Any, ...]:
    """What the time per point hangs on: the landscape and its sizes."""
    return scene.landscape.kind, *recipe(scene, "curvature").structural


def measure_of(scene: Scene, side: int, workspace: Workspace) -> tuple[bool, Callable[[Tensor], tuple[Tensor, ...]]]:
    """Loss and gradient norm at points ``(N, 2)``: by a compiled routine (and whether it is), else by autograd.

    A compiled routine is begun for a fine picture, which shows that somebody stays to look around.
    """
    chosen = scene.parameters("landscape")
    about = Points(scene.landscape.kind, {name: chosen[name] for name in scene.surface.structural})
    compiled = workspace.routines.get(about, begin=side >= FINE)
    if compiled is not None:
        values = {f"landscape.{name}": value for name, value in chosen.items()}
        return True, partial(evaluate_points, compiled, values=values)
    loss = scene.surface.loss(**chosen)

    def in_pytorch(points: Tensor) -> tuple[Tensor, ...]:
        value, gradient = by_autograd(loss, points)
        return value, torch.linalg.vector_norm(gradient, dim=-1)

    return False, in_pytorch


def surface_frame(scene: Scene, side: int, key: str, workspace: Workspace) -> Work:
    """Loss and gradient norm on a ``side`` by ``side`` grid over the window."""
    compiled, measure = measure_of(scene, side, workspace)
    about = (*subject(scene), compiled)
    window = scene.resolved_window
    points = window.grid(side, side, workspace.device).reshape(-1, 2)
    columns: list[tuple[Tensor, ...]] = []
    done = 0
    while done < len(points):
        rows = points[done : done + workspace.chunking.points(about)]
        with workspace.chunking.timing(about, len(rows)):
            columns.append(tuple(picture(column) for column in measure(rows)))
        done += len(rows)
        yield None
    values, norms = (torch.cat(parts).reshape(side, side).numpy() for parts in zip(*columns, strict=True))
    minima = known_minima(scene.landscape)
    fields = {"window": list(window), "columns": side, "rows": side}
    return Frame("surface", key, fields, {"loss": values, "gradient_norm": norms, "minima": minima})


@lru_cache(maxsize=64)
def known_minima(landscape: BaseModel) -> NDArray[np.float64]:
    """Known minima ``(k, 2)`` of a landscape as chosen; a valley found by bisection takes 30 ms, so once is enough."""
    entry = LANDSCAPES[landscape.model_dump()["kind"]]
    points = entry.minima(**landscape.model_dump(exclude={"kind"}))
    return np.array(points, dtype=np.float64).reshape(-1, 2)


def picture(values: Tensor) -> Tensor:
    """Numbers for a picture: float32 in main memory; what does not fit becomes infinite."""
    return values.to("cpu", torch.float32)


def scale(scene: Scene) -> str:
    """How heights are drawn: ``linear`` or ``log``."""
    return scene.surface.height if scene.height == "auto" else scene.height


def relief_frame(scene: Scene, side: int, key: str, workspace: Workspace) -> Work:
    """A mesh of ``side`` lines that follows the walls of the surface."""
    loss = loss_of(scene)
    window, count = scene.resolved_window, workspace.chunking.points(subject(scene))
    for made in aligned_mesh(loss, window, side, side, scale(scene), workspace.device, count):
        if made is None:
            yield None
        else:
            at, value = made
    yield None
    gradient = by_autograd(loss, at.reshape(-1, 2))[1].reshape(at.shape)
    x, y = (picture(part).numpy() for part in separate(at, window).unbind(-1))
    steepness = picture(torch.linalg.vector_norm(gradient, dim=-1)).numpy()
    fields = {"window": list(window), "lines": side, "count": side, "height": scale(scene)}
    return Frame("relief", key, fields, {"x": x, "y": y, "loss": picture(value).numpy(), "gradient_norm": steepness})


def trajectory_frame(scene: Scene, run: RunName, key: str) -> Work:
    """One run's trajectory, computed by PyTorch."""
    record = yield from descent(scene, run)
    x, y = record.position.unbind(-1)
    columns = {"x": x, "y": y, **record._asdict()}
    del columns["position"]
    return Frame("trajectory", key, {"run": run}, {name: column.numpy() for name, column in columns.items()})
