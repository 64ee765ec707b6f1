"""The source of the frames of a Scene: a landscape of two parameters, or a network seen through a slice.

Every frame kind works on this one interface, so none has a second generator for networks.
"""

from collections.abc import Callable, Generator, Hashable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import BaseModel
from torch import Tensor

from cliffscape.app.compute.batches import Batch, Member
from cliffscape.app.compute.encoding import Frame
from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames.progress import progress, report_progress
from cliffscape.app.frames.sampler import Sampler, finite_columns, value_and_norm
from cliffscape.app.runs.network import SliceView, View, build_view, convert, on_gpu, slice_view
from cliffscape.app.runs.pair import RunName, build_loss, build_pair, pair_descent
from cliffscape.app.runs.pair_batch import PairBatch, batch_key, max_pairs
from cliffscape.app.runs.pair_steps import SinglePair, Steps, descend_pair, with_arrows
from cliffscape.app.runs.stored_training import advance_run, load_run
from cliffscape.app.runs.sweep_recipe import NetworkSweepRecipe, sweep_recipe
from cliffscape.app.scene.content_key import slice_key
from cliffscape.app.scene.kernel_recipe import recipe
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.backends.surface import SurfaceRecipe, evaluate_points
from cliffscape.landscapes.derivatives import curvatures
from cliffscape.landscapes.descent.outcome import RunResult
from cliffscape.landscapes.descent.sweep import Lanes, Stepper, sweep
from cliffscape.landscapes.loss import LANDSCAPES, Loss

# A surface with this many points per side, or more, is worth compiling a routine.
FINE = 257
# Lanes per batch of a sweep. A GPU takes a whole map at once. This many lanes of a network take a step in 50 ms.
GPU_BATCH = 1 << 20
NETWORK_BATCH, GPU_NETWORK_BATCH = 32, 2048
# A batch of pairs of runs, or of one pair.
Pairs = Batch[Scene, PairBatch | SinglePair]


class FrameSource(Protocol):
    """What a frame needs of a landscape or a slice."""

    @property
    def loss(self) -> Loss:
        """The loss ``(..., 2) -> (...)``, in float64 on the CPU."""

    @property
    def tells_progress(self) -> bool:
        """Whether its surfaces take so long that progress is reported."""

    @property
    def device(self) -> torch.device:
        """Where the lanes of its sweeps are."""

    def sampler(self, side: int) -> Sampler:
        """The sampler of a surface with ``side`` points per side."""

    def about(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """Fields and arrays that accompany a surface: names of the axes, or known minima."""

    def descents(self, member: Member[Scene]) -> AbstractContextManager[Pairs]:
        """A batch with both runs' descent, which other requests may share."""

    def curvatures(self, points: Tensor) -> Generator[None, None, Tensor | None]:
        """Smallest and largest curvature ``(n, 2)`` at points ``(n, 2)``, or None if they would take too long."""

    def sweep(self, run: RunName, lanes: Lanes) -> tuple[Generator[int, None, RunResult], Callable[[], Hashable]]:
        """The sweep of one run over ``lanes``, and a function that gives the key of its current time per step."""


@dataclass(frozen=True)
class LandscapeSource:
    """A landscape of two parameters."""

    scene: Scene
    workspace: Workspace
    tells_progress = False

    @property
    def device(self) -> torch.device:
        """That of the workspace."""
        return self.workspace.device

    @property
    def loss(self) -> Loss:
        """The loss of the chosen parameters."""
        return build_loss(self.scene)

    def sampler(self, side: int) -> Sampler:
        """Loss and gradient norm: by a compiled routine if there is one, else by autograd.

        Only a fine surface requests a routine: it is computed last, so the visitor has stayed with the landscape.
        """
        scene, chosen = self.scene, self.scene.parameters("landscape")
        points = SurfaceRecipe(scene.landscape.kind, {name: chosen[name] for name in scene.surface.structural})
        compiled = self.workspace.routines.get(points, begin=side >= FINE)
        take: Callable[[Tensor], tuple[Tensor, ...]]
        if compiled is not None:
            values = {f"landscape.{name}": value for name, value in chosen.items()}
            take = partial(evaluate_points, compiled, values=values)
        else:
            take = partial(value_and_norm, scene.surface.loss(**chosen))
        names = ("loss", "gradient_norm")
        about = (*size_of(scene), compiled is not None)
        measure = lambda rows: torch.stack(take(rows), -1)  # noqa: E731
        return Sampler(measure, measure, names, about, 1, 2048, 256)

    def about(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """Known minima ``(k, 2)``; those of a formula are a frame of their own, since their search takes long."""
        return {}, {} if self.scene.surface.solved_at else known_minima(self.scene.landscape)

    def descents(self, member: Member[Scene]) -> AbstractContextManager[Pairs]:
        """A batch of one, since a step takes a hundredth of a network's."""

        def descend() -> Iterator[Steps]:
            both = build_pair(self.scene)
            yield from with_arrows(both, pair_descent(self.scene, both.optimizer, both.clip))

        return self.workspace.batches.join(member, member, 1, lambda: SinglePair(descend))

    def curvatures(self, points: Tensor) -> Generator[None, None, Tensor | None]:
        """By autograd, in one go."""
        yield from ()
        return torch.stack(curvatures(self.loss, points[..., : self.scene.surface.dimension]), -1)

    def sweep(self, run: RunName, lanes: Lanes) -> tuple[Generator[int, None, RunResult], Callable[[], Hashable]]:
        """The sweep of one run. It starts in PyTorch, until a compiled routine is ready."""
        chosen, names = sweep_recipe(self.scene, run, [*lanes.own]), tuple(lanes.own)

        def find_stepper() -> Stepper | None:
            return self.workspace.routines.get(chosen, names)

        def about() -> Hashable:
            return "outcomes", chosen.identity, names, find_stepper() is None

        # 0 is the default, which suits a processor.
        batch = GPU_BATCH if self.workspace.gpu else 0
        turn = lambda: self.workspace.chunking.points(about())  # noqa: E731
        return sweep(chosen, lanes, self.scene.steps, find_stepper, turn, batch), about


@dataclass(frozen=True)
class SliceSource:
    """A network or a model of the user's own, seen through a slice."""

    scene: Scene
    workspace: Workspace
    view: SliceView
    tells_progress = True
    # A view takes points on the CPU, even if a GPU measures them.
    device = torch.device("cpu")

    @property
    def loss(self) -> Loss:
        """The loss on the slice."""
        return self.view.loss

    def sampler(self, side: int) -> Sampler:
        """Loss, and the gradient norm only if it is the colour: backpropagation takes as long as the loss again."""
        scene, device = self.scene, self.workspace.device
        short, full = (convert(self.view, device, dtype) for dtype in (torch.float32, torch.float64))
        steep = scene.colour == "gradient_norm"
        names = ("loss", "gradient_norm") if steep else ("loss",)
        columns = slice_steepness if steep else slice_height
        exact = partial(columns, full)
        measure = exact if short is full else partial(finite_columns, partial(columns, short), exact)
        # One point of the largest network takes 0.05 s, so a chunk may be a single point.
        return Sampler(measure, exact, names, (slice_key(scene), scene.colour), full.bytes_per_point(), full.opening, 1)

    def about(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """Names of the slice's axes."""
        return {"axes": list(self.view.slice.axes)}, {}

    def descents(self, member: Member[Scene]) -> AbstractContextManager[Pairs]:
        """A batch of descents on the slice."""
        most = max_pairs(self.scene, self.view, self.workspace.memory)
        if most == 1:
            alone = partial(SinglePair, partial(descend_pair, self.view, self.scene))
            return self.workspace.batches.join(member, member, 1, alone)
        begin = partial(PairBatch, self.view, self.workspace.cores, self.scene.steps)
        return self.workspace.batches.join(batch_key(self.scene), member, most, begin)

    def curvatures(self, points: Tensor) -> Generator[None, None, Tensor | None]:
        """In pieces; they take as long as many steps."""
        return self.view.curvatures(points)

    def sweep(self, run: RunName, lanes: Lanes) -> tuple[Generator[int, None, RunResult], Callable[[], Hashable]]:
        """The sweep of one run, in as many lanes as fit into memory; a turn takes some tenths of a second at most."""
        most = self.view.lanes(self.scene.build("optimizer"), self.workspace.memory)
        about = ("outcomes", slice_key(self.scene), run)
        batch = min(most, NETWORK_BATCH if self.view.gpu is None else GPU_NETWORK_BATCH)
        turn = lambda: min(most, self.workspace.chunking.points(about, batch))  # noqa: E731
        recipe = NetworkSweepRecipe(self.scene, run, self.view, self.workspace.cores)
        return sweep(recipe, lanes, self.scene.steps, turn=turn, batch=batch), lambda: about


def source_of(scene: Scene, workspace: Workspace) -> Generator[Frame | None, None, FrameSource]:
    """The Scene's source. Building a slice may take seconds, and longer if it needs a training run."""
    if not scene.sliced:
        return LandscapeSource(scene, workspace)
    build = view_of(scene, workspace) if scene.recurrent else slice_view(scene)
    return SliceSource(scene, workspace, (yield from build))


def view_of(scene: Scene, workspace: Workspace) -> Generator[Frame | None, None, View]:
    """The network and its slice, from the cache or built in pieces. A slice of a run first continues the run."""
    key = slice_key(scene)
    view: View | None = workspace.views.get(key)
    if view is None:
        run = None
        if scene.slice_of_run:
            run = load_run(scene, workspace)
            for _chunk in advance_run(run, scene, workspace):
                yield progress(key, 0, run.done / scene.updates)
        built = yield from report_progress(build_view(scene, run), key, 0)
        view = on_gpu(built, workspace.device, workspace.memory)
        workspace.views.put(key, view)
    return view


def size_of(scene: Scene) -> tuple[Any, ...]:
    """What the time per point depends on: the landscape and its structural parameters."""
    return scene.landscape.kind, *recipe(scene, "curvature").structural


def slice_height(view: SliceView, points: Tensor) -> Tensor:
    """The loss ``(N, 1)`` at ``points`` ``(N, 2)``."""
    return view.value(points.to(view.slice.origin)).unsqueeze(-1)


def slice_steepness(view: SliceView, points: Tensor) -> Tensor:
    """The loss and the norm of its gradient ``(N, 2)`` at ``points`` ``(N, 2)``."""
    value, gradient = view.value_and_gradient(points.to(view.slice.origin))
    return torch.stack([value, torch.linalg.vector_norm(gradient, dim=-1)], -1)


@lru_cache(maxsize=1024)
def known_minima(landscape: BaseModel) -> dict[str, NDArray[np.float64]]:
    """Known minima ``(k, 2)``, the lowest and others; cached, because finding a valley takes 30 ms."""
    chosen = landscape.model_dump()
    entry = LANDSCAPES[chosen.pop("kind")]
    found = {"minima": entry.minima(**chosen), "local_minima": entry.local_minima(**chosen)}
    return {name: np.array(points, dtype=np.float64).reshape(-1, 2) for name, points in found.items()}
