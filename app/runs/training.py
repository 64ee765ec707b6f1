"""Training: both runs of a net, block by block, with all that is needed to go on later."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.runs.pair import RUN_NAMES, transforms
from cliffscape.app.scene.content_key import run_key
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.descent.descend import Carry, begin
from cliffscape.landscapes.networks.network import Net
from cliffscape.landscapes.networks.training import Progress, side_by_side, train
from cliffscape.landscapes.transform import Transform

# Sequences that no update has seen, on which errors are counted after every block.
FRESH = 200
# Memory for the parameters kept along a run, and how many there are at most.
SNAPSHOT_BYTES, SNAPSHOTS = 32 << 20, 100
LARGEST_BLOCK = 50
# Multiply-adds of a step of all runs from which a GPU is worth its calls: an H100 and a core are about even at eight
# runs of fifty units on twenty sequences (benchmarks/README.md).
WORTHWHILE = 2**19


@dataclass
class Run:
    """A training run as far as it has come: both runs ``(2, S, ...)`` from the same weights on the same minibatches.

    ``loss``, ``gradient_norm`` and ``clip_factor`` are ``(2, S)`` of every update, ``error`` ``(2, S)`` after the
    updates ``counted``. ``snapshots`` are the first seed's parameters ``(2, D)`` after the updates ``taken``.
    """

    net: Net
    seeds: Tensor
    optimizer: Transform
    clip: Transform
    batch_size: int
    carry: Carry
    every: int
    rows: list[NDArray[np.float32]] = field(default_factory=list)
    errors: list[NDArray[np.float32]] = field(default_factory=list)
    counted: list[int] = field(default_factory=list)
    snapshots: list[Tensor] = field(default_factory=list)
    taken: list[int] = field(default_factory=list)
    pace: float = 0.0

    @property
    def done(self) -> int:
        """How many updates were made."""
        return len(self.rows)

    def snap(self) -> None:
        """Keep the parameters; of every second one, where there are too many."""
        self.snapshots.append(self.carry.theta[:, 0].to("cpu", copy=True))
        self.taken.append(self.done)
        most = max(8, min(SNAPSHOTS, SNAPSHOT_BYTES // self.snapshots[0].nbytes))
        if len(self.taken) > most:
            self.snapshots, self.taken, self.every = self.snapshots[::2], self.taken[::2], self.every * 2

    def advance(self, updates: int, seconds: float) -> None:
        """A block of updates, up to ``updates`` in all, that takes about ``seconds``."""
        size = min(LARGEST_BLOCK, max(1, int(seconds * self.pace)), self.every - self.done % self.every)
        last = min(updates, self.done + size)
        began = time.perf_counter()
        arguments = (self.net, self.carry, self.seeds, self.optimizer, self.clip, last, self.batch_size)
        blocks: Iterator[Progress] = train(*arguments, block=size, fresh=FRESH, done=self.done)
        for block in blocks:
            self.carry = block.carry
            columns = torch.stack([block.loss, block.gradient_norm, block.clip_factor], 1).float()
            self.rows.extend(columns.cpu().numpy())
            self.errors.append(block.error.float().cpu().numpy())
            self.counted.append(self.done)
        self.pace = size / max(time.perf_counter() - began, 1e-9)
        if self.done % self.every == 0:
            self.snap()

    def positions(self, updates: int) -> tuple[Tensor, list[int]]:
        """The first seed's parameters ``(N, 2, D)`` up to ``updates``, and the number of updates before each."""
        kept = [k for k, at in enumerate(self.taken) if at <= updates]
        found, taken = [self.snapshots[k] for k in kept], [self.taken[k] for k in kept]
        if self.done <= updates and taken[-1] < self.done:
            found, taken = [*found, self.carry.theta[:, 0].cpu()], [*taken, self.done]
        return torch.stack(found), taken

    def size(self) -> int:
        """Bytes in memory, nearly."""
        tensors = (self.carry.theta, *self.carry.clip, *self.carry.optimizer, *self.snapshots)
        return sum(part.nbytes for part in tensors) + sum(row.nbytes for row in self.rows)


def run_of(scene: Scene, device: torch.device | str = "cpu") -> Run:
    """The Scene's run before its first update, on ``device`` if it is large enough for one."""
    net, chosen = scene.net, scene.parameters("landscape")
    # Seeds after the Scene's own: its first run starts from the very weights that the slice is laid through.
    work = len(RUN_NAMES) * scene.seeds * chosen["batch_size"] * net.layout.size
    seeds = chosen["seed"] + torch.arange(scene.seeds, device=device if work >= WORTHWHILE else "cpu")
    (optimizer, without), (_, clip) = (transforms(scene, run, net.layout.shapes) for run in RUN_NAMES)
    both = side_by_side(without, clip)
    start = net.initial(scene.build("initialisation"), seeds).expand(len(RUN_NAMES), -1, -1).clone()
    run = Run(net, seeds, optimizer, both, chosen["batch_size"], begin(start, both, optimizer), every=1)
    run.snap()
    return run


def known_run(scene: Scene, workspace: Workspace) -> Run:
    """The Scene's run as far as it has come: from memory, or before its first update.

    More updates go on with the same run. Fewer than were made are a run of their own: the longer one has kept fewer
    parameters by then, and has counted its errors elsewhere.
    """
    key = run_key(scene)
    run: Run | None = workspace.runs.get(key)
    if run is not None and run.done > scene.updates:
        key = shorter(scene)
        run = workspace.runs.get(key)
    if run is None:
        run = run_of(scene, workspace.device)
        workspace.runs.put(key, run)
    return run


def shorter(scene: Scene) -> str:
    """The key of a run that ends where a longer one went on."""
    return f"{run_key(scene)} {scene.updates}"


def advanced(run: Run, scene: Scene, workspace: Workspace) -> Iterator[None]:
    """Push a run on, chunk by chunk, up to the Scene's number of updates.

    Whoever wants the same run pushes on the same one. It stays in memory when it is left: to pause is to leave.
    """
    try:
        while run.done < scene.updates:
            run.advance(scene.updates, workspace.chunking.seconds)
            yield
    finally:
        # It has grown since.
        workspace.runs.put(shorter(scene) if workspace.runs.get(shorter(scene)) is run else run_key(scene), run)
