"""Evidence: what is known of a Scene once it has been run without a page."""

from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from cliffscape.app.runs.network import View, viewed
from cliffscape.app.runs.pair import TWINS, Twin, loss_of
from cliffscape.app.runs.table import drained, run
from cliffscape.app.runs.verdicts import Summary, summary
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.descent.descend import Record
from cliffscape.landscapes.loss import Loss, by_autograd


class EvidenceError(ValueError):
    """Something that the Scene has not: a lane, a row; the message says what must be asked for instead."""


class Evidence:
    """A Scene's trajectories, verdicts and surface, computed by PyTorch when they are first asked for."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self._records: dict[Twin, Record] = {}
        self.measured: dict[tuple[Any, ...], float] = {}

    def of(self, lane: str) -> Record:
        """A lane's trajectory, whichever lanes the Scene shows.

        Raises:
            EvidenceError: there is no such lane.
        """
        twin = next((known for known in TWINS if known == lane), None)
        if twin is None:
            raise EvidenceError(f"lane must be one of {', '.join(TWINS)}, got {lane!r}")
        if twin not in self._records:
            self._records |= run(self.scene.model_copy(update={"lanes": twin}))
        return self._records[twin]

    def summary(self, lane: str) -> Summary:
        """What became of a lane.

        Raises:
            EvidenceError: there is no such lane.
        """
        return summary(self.scene, self.of(lane))

    @cached_property
    def view(self) -> View:
        """A net's slice."""
        return drained(viewed(self.scene))

    @cached_property
    def loss(self) -> Loss:
        """The loss ``(..., 2) -> (...)`` on the map."""
        return self.view.loss if self.scene.recurrent else loss_of(self.scene)

    def value_and_gradient(self, point: Tensor) -> tuple[Tensor, Tensor]:
        """Loss ``(...)`` and gradient ``(..., 2)`` at points ``(..., 2)`` of the map."""
        return self.view.value_and_gradient(point) if self.scene.recurrent else by_autograd(self.loss, point)

    def row(self, lane: str, step: int) -> int:
        """The row of a step, counted from the end where it is negative.

        Raises:
            EvidenceError: the run has fewer steps.
        """
        count = len(self.of(lane).loss)
        if not -count <= step < count:
            raise EvidenceError(f"step must be from {-count} to {count - 1} in a run of {count - 1} steps, got {step}")
        return step % count

    def move(self, lane: str, step: int) -> tuple[Tensor, Tensor, Tensor]:
        """Where a step leaves from, the gradient there, and the step, each ``(2,)``.

        Raises:
            EvidenceError: no step is taken from there.
        """
        row, record = self.row(lane, step), self.of(lane)
        if row == len(record.loss) - 1:
            raise EvidenceError(f"step must be at most {row - 1}, from which one is taken, got {step}")
        here = record.position[row]
        return here, self.value_and_gradient(here)[1], record.position[row + 1] - here

    def grid(self, side: int) -> tuple[Tensor, Tensor]:
        """Losses and gradient norms ``(side * side,)`` on a grid over the window, in chunks."""
        points = self.scene.rectangle.grid(side, side).reshape(-1, 2)
        found = [self.value_and_gradient(rows) for rows in torch.split(points, 20_000)]
        losses, gradients = (torch.cat(parts) for parts in zip(*found, strict=True))
        return losses, torch.linalg.vector_norm(gradients, dim=-1)
