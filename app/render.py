"""Rendering: from a Scene to frames, as generators that yield after every chunk of work."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor

from app.cache import Held, Work
from app.frames import Frame
from app.pace import Pace
from app.recipes import Recipe, recipe
from app.schema import Scene
from landscapes.clips import CLIPS, Transform
from landscapes.descent import Record, descend
from landscapes.landscape import value_and_gradient
from landscapes.mesh import aligned_mesh
from landscapes.optimizers import OPTIMIZERS
from landscapes.tracing import UntraceableError

Twin = Literal["without", "with"]
# Steps between two looks at the clock: the longest sequence takes a few milliseconds a step in PyTorch.
BLOCK = 4


@dataclass(frozen=True)
class Tools:
    """What rendering uses: the device, sources of kernels traced before, and the pace of each landscape."""

    device: torch.device
    sources: Held
    pace: Pace


def kernel_frame(scene: Scene, key: str, tools: Tools) -> Work:
    """Where the Scene's kernels are: the two descents, the curvature and the rule of fates."""
    fields: dict[str, Any] = {}
    recipes = {
        "without": recipe(scene, "descent", "none"),
        "with": recipe(scene, "descent"),
        "fate": recipe(scene, "fate"),
        "curvature": recipe(scene, "curvature"),
    }
    try:
        for name, one in recipes.items():
            kernel = one.trace()
            tools.sources.put(one, kernel.source.encode())
            fields[name] = {"url": one.url(kernel), "parameters": list(kernel.parameters)}
            yield
    except UntraceableError as reason:
        fields = {"reason": str(reason)}
    return Frame("kernel", key, fields)


def kernel_source(one: Recipe, tools: Tools) -> Generator[bytes | None, None, None]:
    """The JavaScript of a kernel."""
    source = tools.sources.get(one)
    if source is None:
        source = one.trace().source.encode()
        tools.sources.put(one, source)
    yield source


def subject(scene: Scene) -> tuple[Any, ...]:
    """What the time per point hangs on: the landscape and its sizes."""
    return scene.landscape.kind, *recipe(scene, "curvature").structural


def surface_frame(scene: Scene, side: int, key: str, tools: Tools) -> Work:
    """Loss and gradient norm on a ``side`` by ``side`` grid over the window."""
    loss = scene.surface.loss(**scene.parameters("landscape"))
    window = scene.rectangle
    points = window.grid(side, side, tools.device).reshape(-1, 2)
    columns: list[tuple[Tensor, Tensor]] = []
    done = 0
    while done < len(points):
        count = tools.pace.points(subject(scene))
        rows = points[done : done + count]
        with tools.pace.timing(subject(scene), len(rows)):
            value, gradient = value_and_gradient(loss, rows)
            columns.append((picture(value), picture(torch.linalg.vector_norm(gradient, dim=-1))))
        done += len(rows)
        yield
    values, norms = (torch.cat(parts).reshape(side, side).numpy() for parts in zip(*columns, strict=True))
    minima = np.array(scene.surface.minima(**scene.parameters("landscape")), dtype=np.float64).reshape(-1, 2)
    fields = {"window": list(window), "columns": side, "rows": side}
    return Frame("surface", key, fields, {"loss": values, "gradient_norm": norms, "minima": minima})


def picture(values: Tensor) -> Tensor:
    """Numbers for a picture: float32 in main memory; what does not fit becomes infinite."""
    return values.to("cpu", torch.float32)


def scale(scene: Scene) -> str:
    """How heights are drawn: ``linear`` or ``log``."""
    return scene.surface.height if scene.height == "auto" else scene.height


def relief_frame(scene: Scene, side: int, key: str, tools: Tools) -> Work:
    """A mesh of ``side`` lines that follows the walls of the surface."""
    loss = scene.surface.loss(**scene.parameters("landscape"))
    window, count = scene.rectangle, tools.pace.points(subject(scene))
    for made in aligned_mesh(loss, window, side, side, scale(scene), tools.device, count):
        if made is None:
            yield
        else:
            at, value = made
    x, y = (picture(part).numpy() for part in at.unbind(-1))
    fields = {"window": list(window), "lines": side, "count": side, "height": scale(scene)}
    return Frame("relief", key, fields, {"x": x, "y": y, "loss": picture(value).numpy()})


def transforms(scene: Scene, lane: Twin) -> tuple[Transform, Transform]:
    """Optimizer and clip of a lane."""
    optimizer = OPTIMIZERS[scene.optimizer.kind].function(**scene.parameters("optimizer"))
    if lane == "without":
        return optimizer, CLIPS["none"].function()
    return optimizer, CLIPS[scene.clip.kind].function(**scene.parameters("clip"))


def descent(scene: Scene, lane: Twin, device: torch.device) -> Generator[None, None, Record]:
    """The trajectory of one lane, ``(steps + 1, ...)``."""
    loss = scene.surface.loss(**scene.parameters("landscape"))
    start = torch.tensor(scene.beginning, dtype=torch.float64, device=device)
    blocks = []
    for block in descend(loss, start, *transforms(scene, lane), scene.steps, BLOCK):
        blocks.append(block)
        yield
    return Record(*(torch.cat(column).cpu() for column in zip(*blocks, strict=True)))


def trajectory_frame(scene: Scene, lane: Twin, key: str, tools: Tools) -> Work:
    """One lane's trajectory, computed by PyTorch."""
    record = yield from descent(scene, lane, tools.device)
    x, y = record.position.unbind(-1)
    columns = {"x": x, "y": y, **record._asdict()}
    del columns["position"]
    return Frame("trajectory", key, {"lane": lane}, {name: column.numpy() for name, column in columns.items()})
