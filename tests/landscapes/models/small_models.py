"""Small models with their batches, for tests."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy as entropy_of
from torch.utils.checkpoint import checkpoint

from cliffscape.landscapes.models.model_view import ModelView
from cliffscape.landscapes.models.slice_model import slice_model


def cross_entropy(model: nn.Module, batch: tuple[Tensor, Tensor]) -> Tensor:
    """The loss of a classifier."""
    return entropy_of(model(batch[0]), batch[1])


def points(count: int, size: float = 0.5) -> Tensor:
    """Random points ``(count, 2)`` of a plane."""
    return size * torch.randn(count, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def classifier() -> nn.Module:
    """A convolution with batch norm and dropout, in train mode."""
    torch.manual_seed(0)
    layers = (nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.Tanh(), nn.Flatten(), nn.Dropout(0.3), nn.Linear(48, 3))
    return nn.Sequential(*layers)


def pictures() -> list[tuple[Tensor, Tensor]]:
    """Two batches for the classifier."""
    generator = torch.Generator().manual_seed(1)
    sizes = {"generator": generator}
    return [(torch.randn(8, 1, 6, 6, **sizes), torch.randint(3, (8,), **sizes)) for _ in range(2)]


def perceptron() -> nn.Module:
    """A small network without buffers or random numbers."""
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 3))


class Checkpointed(nn.Module):
    """The perceptron, whose first layer is computed again for its gradient."""

    def __init__(self, use_reentrant: bool = False) -> None:
        super().__init__()
        self.layers, self.use_reentrant = perceptron(), use_reentrant

    def forward(self, inputs: Tensor) -> Tensor:
        """The outputs of the perceptron."""
        first, tanh, last = self.layers
        return last(checkpoint(lambda rows: tanh(first(rows)), inputs, use_reentrant=self.use_reentrant))


def vectors() -> list[tuple[Tensor, Tensor]]:
    """A batch for the perceptron."""
    generator = torch.Generator().manual_seed(1)
    return [(torch.randn(8, 4, generator=generator), torch.randint(3, (8,), generator=generator))]


def perceptron_view(directions: Any = "random", **more: Any) -> ModelView:
    """A view of the perceptron."""
    return slice_model(perceptron(), cross_entropy, vectors(), directions, **more)
