"""Headless runs: a Scene computed without a page, for facts and measurements."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from cliffscape.app.runs.network import SliceView, descend_slice, slice_view
from cliffscape.app.runs.pair import RunName, build_loss, run_name, transforms
from cliffscape.app.runs.table import run_scene
from cliffscape.app.runs.verdicts import Summary, summary
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.descent.descend import Record, descend
from cliffscape.landscapes.generators import run_to_end
from cliffscape.landscapes.loss import Loss


class HeadlessRun:
    """A Scene's trajectories, verdicts and surface, computed by PyTorch when they are first needed."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self._records: dict[RunName, Record] = {}
        self._summaries: dict[RunName, Summary] = {}
        # Measurements by name and arguments, so that each is computed once.
        self.results: dict[tuple[Any, ...], float] = {}

    def with_scene(self, scene: Scene) -> "HeadlessRun":
        """The headless run of another Scene."""
        return HeadlessRun(scene)

    def record(self, run: str) -> Record:
        """The trajectory of a run, even if the Scene does not show that run.

        Raises:
            BoundError: there is no such run.
        """
        name = run_name(run)
        if name not in self._records:
            # Both runs of a network are one batch.
            runs, view = ("both", self.view) if self.scene.sliced else (name, None)
            self._records |= run_scene(self.scene.model_copy(update={"runs": runs}), view)
        return self._records[name]

    def summary(self, run: str) -> Summary:
        """The summary of a run.

        Raises:
            BoundError: there is no such run.
        """
        name = run_name(run)
        if name not in self._summaries:
            view = self.view if self.scene.sliced else None
            self._summaries[name] = summary(self.scene, self.record(name), name, view)
        return self._summaries[name]

    @cached_property
    def view(self) -> SliceView:
        """The slice of a network."""
        return run_to_end(slice_view(self.scene))

    @cached_property
    def loss(self) -> Loss:
        """The loss ``(..., 2) -> (...)`` on the map."""
        return self.view.loss if self.scene.sliced else build_loss(self.scene)

    def value_and_gradient(self, point: Tensor) -> tuple[Tensor, Tensor]:
        """Loss ``(...)`` and gradient ``(..., 2)`` at points ``(..., 2)`` of the map."""
        return self.view.value_and_gradient(point) if self.scene.sliced else value_and_gradient(self.loss, point)

    def descend(self, run: str, start: Tensor, steps: int) -> Iterator[Record]:
        """Blocks of a run's descents from several starts ``(n, 2)``.

        Raises:
            BoundError: there is no such run.
        """
        optimizer, clip = transforms(self.scene, run_name(run))
        # A network has derivatives by hand, which are faster than autograd's.
        if self.scene.sliced:
            return descend_slice(self.view, start, optimizer, clip, steps)
        return descend(self.loss, start, optimizer, clip, steps)

    def row(self, run: str, step: int) -> int:
        """The row of a step, counted from the end if it is negative.

        Raises:
            BoundError: the run has fewer steps.
        """
        count = len(self.record(run).loss)
        if not -count <= step < count:
            raise BoundError("step", step, f"from {-count} to {count - 1} in a run of {count - 1} steps")
        return step % count

    def move(self, run: str, step: int) -> tuple[Tensor, Tensor, Tensor]:
        """The position before a step, the gradient there, and the step, each ``(2,)``.

        Raises:
            BoundError: no step is taken from there.
        """
        row, record = self.row(run, step), self.record(run)
        if row == len(record.loss) - 1:
            raise BoundError("step", step, f"at most {row - 1}, the last one that is taken")
        here = record.position[row]
        return here, self.value_and_gradient(here)[1], record.position[row + 1] - here

    def grid(self, side: int) -> tuple[Tensor, Tensor]:
        """Losses and gradient norms ``(side * side,)`` on a grid over the window, in chunks."""
        points = self.scene.resolved_window.grid(side, side).reshape(-1, 2)
        # In chunks, because autograd keeps all intermediate values.
        found = [self.value_and_gradient(rows) for rows in torch.split(points, 20_000)]
        losses, gradients = (torch.cat(parts) for parts in zip(*found, strict=True))
        return losses, torch.linalg.vector_norm(gradients, dim=-1)
