"""Training: both training runs of a network, in blocks, with the state to continue them later."""

import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cliffscape.app.runs.pair import RUN_NAMES, transforms
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.descent.descend import Carry, carry_of, initial_carry
from cliffscape.landscapes.networks.cost import GRADIENT_RATE, multiply_adds
from cliffscape.landscapes.networks.network import Net
from cliffscape.landscapes.networks.training import Progress, side_by_side, train
from cliffscape.landscapes.transform import Transform

# Unseen sequences on which errors are counted. They take as long as some updates, so they are counted after 25 updates,
# or more often if those take longer than so many seconds for a single seed.
FRESH, COUNTS, COUNT_SECONDS = 200, (25, 5, 1), 0.25
# The seconds of an update that do not depend on the size of the network.
CALL_SECONDS = 1e-3
# Memory for the snapshots of a run's parameters, and their largest number.
SNAPSHOT_BYTES, SNAPSHOTS = 32 << 20, 100
# Multiply-adds per step of all runs from which a GPU is faster than a core. An H100 and a core are about equal at eight
# runs of fifty units on twenty sequences (benchmarks/README.md).
WORTHWHILE = 2**19


class RunState(NamedTuple):
    """A run without its network and rules, which the Scene has: what another process needs to continue it.

    ``rows`` ``(K, 3, 2, S)`` and ``errors`` ``(N, 2, S)``; everything is on the CPU.
    """

    carry: Carry
    every: int
    rows: NDArray[np.float64]
    errors: NDArray[np.float64]
    counted: list[int]
    snapshots: list[Tensor]
    taken: list[int]
    token: str


@dataclass
class TrainingRun:
    """The present state of both runs ``(2, S, ...)``, which have the same initial weights and minibatches.

    ``rows`` are loss, gradient norm and clip factor ``(3, 2, S)`` of every update, in float64: where a run diverges is
    read from them, and a loss of 1e39 is no divergence. ``errors`` are ``(2, S)`` after the updates ``counted``: every
    ``counted_every`` of them, and the last ones of each request. ``snapshots`` are the first seed's parameters
    ``(2, D)`` after the updates ``taken``. ``token`` is random: a page sees by it whether a run goes on or was started
    anew, with the same results. ``part`` names the seeds of a run that has only some of its Scene's.
    """

    net: Net
    seeds: Tensor
    optimizer: Transform
    clip: Transform
    batch_size: int
    carry: Carry
    every: int
    counted_every: int
    part: str = ""
    rows: list[NDArray[np.float64]] = field(default_factory=list)
    errors: list[NDArray[np.float64]] = field(default_factory=list)
    counted: list[int] = field(default_factory=list)
    snapshots: list[Tensor] = field(default_factory=list)
    taken: list[int] = field(default_factory=list)
    pace: float = 0.0
    token: str = field(default_factory=lambda: secrets.token_hex(8))

    @property
    def done(self) -> int:
        """The number of updates so far."""
        return len(self.rows)

    def take_snapshot(self) -> None:
        """Store a snapshot of the parameters; with too many snapshots, drop every second one."""
        self.snapshots.append(self.carry.theta[:, 0].to("cpu", copy=True))
        self.taken.append(self.done)
        most = max(8, min(SNAPSHOTS, SNAPSHOT_BYTES // self.snapshots[0].nbytes))
        if len(self.taken) > most:
            self.snapshots, self.taken, self.every = self.snapshots[::2], self.taken[::2], self.every * 2

    def advance(self, updates: int, seconds: float) -> None:
        """Make a block of updates, up to ``updates`` in total, that takes about ``seconds``."""
        left = [every - self.done % every for every in (self.every, self.counted_every)]
        size = min(max(1, int(seconds * self.pace)), updates - self.done, *left)
        last = self.done + size
        counts = last == updates or last % self.counted_every == 0
        began = time.perf_counter()
        arguments = (self.net, self.carry, self.seeds, self.optimizer, self.clip, last, self.batch_size)
        blocks: Iterator[Progress] = train(*arguments, block=size, fresh=FRESH if counts else 0, done=self.done)
        for block in blocks:
            self.carry = block.carry
            columns = torch.stack([block.loss, block.gradient_norm, block.clip_factor], 1)
            self.rows.extend(columns.cpu().numpy())
            if counts:
                self.errors.append(block.error.double().cpu().numpy())
                self.counted.append(self.done)
        self.pace = size / max(time.perf_counter() - began, 1e-9)
        if self.done % self.every == 0:
            self.take_snapshot()

    def positions(self, updates: int) -> tuple[Tensor, list[int]]:
        """The first seed's parameters ``(N, 2, D)`` up to ``updates``, and the number of updates before each."""
        kept = [k for k, at in enumerate(self.taken) if at <= updates]
        found, taken = [self.snapshots[k] for k in kept], [self.taken[k] for k in kept]
        if self.done <= updates and taken[-1] < self.done:
            found, taken = [*found, self.carry.theta[:, 0].cpu()], [*taken, self.done]
        return torch.stack(found), taken

    def state(self) -> RunState:
        """A copy of the present state, after at least one block."""
        carry = move_carry(self.carry, "cpu")
        rows = np.stack(self.rows)
        errors = np.stack(self.errors) if self.errors else rows[:0, 0]
        lists = [*self.counted], [*self.snapshots], [*self.taken]
        return RunState(carry, self.every, rows, errors, *lists, self.token)

    def resume(self, state: RunState) -> None:
        """Continue from ``state``."""
        self.carry = move_carry(state.carry, self.carry.theta.device)
        self.every, self.token, self.counted = state.every, state.token, [*state.counted]
        self.rows, self.errors = list(state.rows), list(state.errors)
        self.snapshots, self.taken = [*state.snapshots], [*state.taken]

    def size(self) -> int:
        """Approximate bytes in memory."""
        tensors = (self.carry.theta, *self.carry.clip, *self.carry.optimizer, *self.snapshots)
        return sum(part.nbytes for part in tensors) + sum(row.nbytes for row in self.rows)


def move_carry(carry: Carry, device: torch.device | str) -> Carry:
    """A copy of the carry on a device."""
    return carry_of({name: tensor.to(device, copy=True) for name, tensor in carry.tensors().items()})


def predicted_seconds(scene: Scene) -> float:
    """About how long an update of one seed takes on one core, without products of curvature."""
    call = multiply_adds(scene.net, scene.parameters("landscape")["batch_size"]) / GRADIENT_RATE
    return len(RUN_NAMES) * call + CALL_SECONDS


def seeds_name(seeds: range) -> str:
    """The name of a part of a run: which of the Scene's seeds it has, counted from 0."""
    return f"seeds {seeds.start} to {seeds.stop - 1}"


def initial_run(scene: Scene, device: torch.device | str = "cpu", seeds: range | None = None) -> TrainingRun:
    """The Scene's run before its first update, on ``device`` if the run is large enough for a GPU.

    With ``seeds`` it has only these of the Scene's seeds, counted from 0; they have the same bits as in the whole run.
    """
    net, chosen = scene.net, scene.parameters("landscape")
    # Seeds count up from the Scene's own, so that the first run starts from the weights of the slice.
    work = len(RUN_NAMES) * scene.seeds * chosen["batch_size"] * net.layout.size
    every = chosen["seed"] + torch.arange(scene.seeds, device=device if work >= WORTHWHILE else "cpu")
    own = slice(None) if seeds is None else slice(seeds.start, seeds.stop)
    # Those of all seeds: PyTorch's decompositions of several matrices at once depend on their number in the last bit.
    weights = net.initial(scene.build("initialisation"), every)[own]
    (optimizer, without), (_, clip) = (transforms(scene, run, net.layout.shapes) for run in RUN_NAMES)
    both = side_by_side(without, clip)
    start = weights.expand(len(RUN_NAMES), -1, -1).clone()
    carry = initial_carry(start, both, optimizer)
    # The same for any number of seeds, so that parts of a run count after the same updates.
    most = COUNT_SECONDS / predicted_seconds(scene)
    often = next((count for count in COUNTS if count <= most), 1)
    part = "" if seeds is None else seeds_name(seeds)
    run = TrainingRun(net, every[own], optimizer, both, chosen["batch_size"], carry, 1, often, part)
    run.take_snapshot()
    return run
