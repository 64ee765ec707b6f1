"""The subject of a slice through a module: its loss and parameters as ``networks/model.py`` describes a model."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from cliffscape.landscapes.loss import Loss
from cliffscape.landscapes.models.module_loss import ModuleLoss
from cliffscape.landscapes.networks.layout import Layout


@dataclass(frozen=True)
class ModuleSubject:
    """A module at its own parameters ``theta`` ``(D,)``, and optionally the ``snapshots`` ``(N, D)`` of a run."""

    found: ModuleLoss
    snapshots: Tensor | None = None

    @property
    def theta(self) -> Tensor:
        """The model's own parameters."""
        return self.found.parameters.theta

    @property
    def layout(self) -> Layout:
        """Names and shapes of the parameters."""
        return self.found.parameters.layout

    @property
    def loss(self) -> Loss:
        """The mean loss of the batches, of theta ``(..., D)``."""
        losses = [over_rows(loss) for loss in self.found.losses()]

        def loss(theta: Tensor) -> Tensor:
            found = [one(theta) for one in losses]
            return sum(found[1:], found[0]) / len(found)

        return loss

    @property
    def multiplications(self) -> int:
        """About how many multiplications the loss of one example takes. The examples of a batch are not known."""
        return self.layout.size

    def split(self, size: int) -> Sequence[tuple[Loss, float]]:
        """The loss of every batch with its share; batches are not divided."""
        losses = self.found.losses()
        return [(over_rows(loss), 1 / len(losses)) for loss in losses]


def over_rows(loss: Loss) -> Loss:
    """A loss of theta ``(D,)`` as one of theta ``(..., D)``, one row after the other."""

    def rows(theta: Tensor) -> Tensor:
        flat = theta.reshape(-1, theta.shape[-1])
        return torch.stack([loss(row) for row in flat]).reshape(theta.shape[:-1])

    return rows
