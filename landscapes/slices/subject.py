"""The subject of a slice: a recurrent network at given parameters, with a batch and optionally a training run."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from cliffscape.landscapes.loss import Loss
from cliffscape.landscapes.networks.layout import Layout
from cliffscape.landscapes.networks.network import Net
from cliffscape.landscapes.networks.tasks.task import Batch


@dataclass(frozen=True)
class Subject:
    """What a slice passes through: ``net`` at ``theta`` ``(D,)``, its loss on ``batch``, and optionally a run.

    ``seed`` is the seed of the net. ``snapshots`` ``(N, D)`` are the parameters along a training run, in order.
    """

    net: Net
    theta: Tensor
    batch: Batch
    seed: int = 0
    snapshots: Tensor | None = None

    @property
    def loss(self) -> Loss:
        """The loss on the batch, of theta ``(..., D)``."""
        return self.net.loss(self.batch)

    def to(self, device: torch.device | str, dtype: torch.dtype) -> "Subject":
        """The same subject on another device or in another type; targets that are classes stay int64."""
        inputs, targets = self.batch
        kind = dtype if targets.is_floating_point() else targets.dtype
        batch = Batch(inputs.to(device, dtype), targets.to(device, kind))
        snapshots = None if self.snapshots is None else self.snapshots.to(device, dtype)
        return replace(self, theta=self.theta.to(device, dtype), batch=batch, snapshots=snapshots)

    @property
    def layout(self) -> Layout:
        """Names and shapes of the parameters."""
        return self.net.layout

    @property
    def multiplications(self) -> int:
        """About how many multiplications the loss of one sequence takes."""
        return self.batch.inputs.shape[-3] * self.layout.size

    def split(self, size: int) -> list[tuple[Loss, float]]:
        """The losses on at most ``size`` sequences each, with their shares of the batch."""
        inputs, targets = self.batch
        parts = zip(torch.split(inputs, size, -2), torch.split(targets, size, -1), strict=True)
        return [(self.net.loss(Batch(*part)), part[1].shape[-1] / inputs.shape[-2]) for part in parts]
