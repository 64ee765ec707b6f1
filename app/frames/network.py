"""Frames of a recurrent network: its slice, pictures of it, and why the wall is there."""

import time
from collections.abc import Generator
from functools import partial
from typing import TypeVar

import torch
from torch import Tensor

from cliffscape.app.compute.cache import Work
from cliffscape.app.compute.encoding import Frame
from cliffscape.app.compute.generators import with_progress
from cliffscape.app.frames.surface import Workspace, picture
from cliffscape.app.runs.network import View, build_view, to_float32
from cliffscape.app.runs.training import advance_run, load_run
from cliffscape.app.scene.content_key import OF_A_RUN, slice_key
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.networks.gradient_flow import jacobian_singular_values, spectral_radii, state_gradients
from cliffscape.landscapes.slices.memory import losses_within

# A hand that drags sees what there is of a path this often; so does an eye that waits for a picture.
SHOW_SECONDS = 0.1
# Points in the first chunk: of the largest net one takes a twentieth of a second.
OPENING = 8
T = TypeVar("T")


def view_of(scene: Scene, workspace: Workspace) -> Generator[Frame | None, None, View]:
    """The Scene's view, from memory or made piece by piece; a slice of a run waits for the run, and says how long."""
    key = slice_key(scene)
    known: View | None = workspace.views.get(key)
    if known is None:
        run = None
        if scene.slice.kind == OF_A_RUN:
            run = load_run(scene, workspace)
            for _chunk in advance_run(run, scene, workspace):
                yield progress(key, 0, run.done / scene.updates)
        known = yield from announced(build_view(scene, run), key, 0)
        workspace.views.put(key, known)
    return known


def slice_frame(scene: Scene, _: None, key: str, workspace: Workspace) -> Work:
    """What is known about the slice: its axes, the net's size, and facts such as eigenvalues."""
    view = yield from view_of(scene, workspace)
    net = view.subject.net
    fields = {
        "axes": list(view.slice.axes),
        "facts": dict(view.slice.facts),
        "parameters": net.layout.size,
        "baseline": net.task.baseline,
        "coordinates": {name: list(shape) for name, shape in net.layout.shapes.items()},
    }
    return Frame("slice", key, fields)


def announced(work: Generator[float | None, None, T], key: str, side: int) -> Generator[Frame | None, None, T]:
    """``work``, which yields the share it has done (None where that is unknown), with progress frames."""
    return (yield from with_progress(work, partial(progress, key, side), SHOW_SECONDS))


def progress(key: str, side: int, share: float | None) -> Frame:
    """How much of a picture of so many columns is done; of a slice or a run that it waits for, with 0 columns."""
    return Frame("progress", key, {"columns": side, "share": None if share is None else round(share, 4)})


def surface_frame(scene: Scene, side: int, key: str, workspace: Workspace) -> Work:
    """Loss, and gradient norm where it is the colour, on a ``side`` by ``side`` grid over the window."""
    view = yield from view_of(scene, workspace)
    seen, points = (
        to_float32(view, workspace.device),
        scene.resolved_window.grid(side, side, workspace.device).reshape(-1, 2).float(),
    )
    about = (slice_key(scene), scene.colour)
    measure = steepness if scene.colour == "gradient_norm" else height
    chunks: list[Tensor] = []
    done, began, shown = 0, time.monotonic(), time.monotonic()
    most = partial(workspace.chunking.points, about, OPENING)
    for values in losses_within(workspace.memory, seen.bytes_per_point(), partial(measure, seen), points, most):
        chunks.append(picture(values))
        done += len(values)
        now = time.monotonic()
        workspace.chunking.learn(about, len(values), now - began, smallest=1)
        yield progress(key, side, done / len(points)) if now - shown > SHOW_SECONDS else None
        began, shown = time.monotonic(), (now if now - shown > SHOW_SECONDS else shown)
    arrays = dict(zip(("loss", "gradient_norm"), torch.cat(chunks).reshape(side, side, -1).unbind(-1), strict=False))
    fields = {"window": list(scene.resolved_window), "columns": side, "rows": side, "axes": list(view.slice.axes)}
    return Frame("surface", key, fields, {name: array.contiguous().numpy() for name, array in arrays.items()})


def height(view: View, points: Tensor) -> Tensor:
    """The loss ``(N, 1)`` at ``points`` ``(N, 2)``."""
    return view.value(points).unsqueeze(-1)


def steepness(view: View, points: Tensor) -> Tensor:
    """The loss and the norm of its gradient ``(N, 2)`` at ``points`` ``(N, 2)``."""
    value, gradient = view.value_and_gradient(points)
    return torch.stack([value, torch.linalg.vector_norm(gradient, dim=-1)], -1)


def flow_frame(scene: Scene, _: None, key: str, workspace: Workspace) -> Work:
    """Why the wall is there: what becomes of gradients on their way back through time, at the start."""
    view = yield from view_of(scene, workspace)
    subject = view.subject
    theta = view.slice.lift(torch.tensor(scene.resolved_start, dtype=torch.float64))
    norms = state_gradients(subject.net, theta, subject.batch)
    yield None
    values = jacobian_singular_values(subject.net, theta, subject.batch.inputs[:, :1])
    yield None
    arrays = {"state_gradients": norms, "singular_values": values, "spectral_radii": spectral_radii(subject.net, theta)}
    return Frame("flow", key, {"start": list(scene.resolved_start)}, {name: a.numpy() for name, a in arrays.items()})
