"""The models of ``models.py``, and two packages from PyPI that evaluate the same kind of plane."""

import copy
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, scaled_dot_product_attention

Walk = Callable[[], Any]


class Convolutions(nn.Module):
    """Two convolutions with batch norm, and a linear layer, on images of 16 by 16."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        first, second = channels, 2 * channels
        self.layers = nn.Sequential(
            *(nn.Conv2d(1, first, 3, padding=1), nn.BatchNorm2d(first), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Conv2d(first, second, 3, padding=1), nn.BatchNorm2d(second), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Flatten(), nn.Linear(16 * second, 10)),
        )

    def forward(self, images: Tensor) -> Tensor:
        return self.layers(images)


class Block(nn.Module):
    """Attention and a perceptron, each after a norm and with a residual connection."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.inputs, self.output = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.first_norm, self.second_norm = nn.LayerNorm(width), nn.LayerNorm(width)
        self.perceptron = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, hidden: Tensor) -> Tensor:
        count, length, width = hidden.shape
        parts = self.inputs(self.first_norm(hidden)).reshape(count, length, 3, self.heads, width // self.heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        mixed = scaled_dot_product_attention(query, key, value, is_causal=True)
        hidden = hidden + self.output(mixed.transpose(1, 2).reshape(count, length, width))
        return hidden + self.perceptron(self.second_norm(hidden))


class Transformer(nn.Module):
    """Two blocks that predict the next of 64 characters."""

    def __init__(self, width: int, length: int) -> None:
        super().__init__()
        self.characters, self.places = nn.Embedding(64, width), nn.Parameter(0.02 * torch.randn(length, width))
        self.blocks = nn.Sequential(*(Block(width, 2) for _ in range(2)))
        self.norm, self.scores = nn.LayerNorm(width), nn.Linear(width, 64)

    def forward(self, text: Tensor) -> Tensor:
        return self.scores(self.norm(self.blocks(self.characters(text) + self.places))).transpose(1, 2)


class Problem(NamedTuple):
    """A model in eval mode, and one batch."""

    name: str
    model: nn.Module
    inputs: Tensor
    targets: Tensor


def problems() -> list[Problem]:
    """The models with their batches. The first convolution and the first transformer have bounds."""
    torch.manual_seed(0)
    found = []
    for channels, count in ((8, 64), (16, 64), (8, 16)):
        name = f"convolutions, {channels} and {2 * channels} channels, {count} images"
        model, images = Convolutions(channels).eval(), torch.randn(count, 1, 16, 16)
        found.append(Problem(name, model, images, torch.randint(10, (count,))))
    for width, count, length in ((16, 4, 16), (32, 4, 16), (32, 16, 32)):
        name = f"transformer, width {width}, {count} texts of {length}"
        texts = torch.randint(64, (2, count, length))
        found.append(Problem(name, Transformer(width, length).eval(), *texts))
    return found


def plain_loop(problem: Problem, points: Tensor, rows: Mapping[str, tuple[Tensor, Tensor, Tensor]]) -> Walk:
    """The loop that a user writes: new parameters for every point, and the loss without a graph."""
    model = copy.deepcopy(problem.model)

    def walk() -> list[float]:
        losses = []
        with torch.no_grad():
            for x, y in points.tolist():
                for name, parameter in model.named_parameters():
                    origin, first, second = rows[name]
                    parameter.data = origin + x * first + y * second
                losses.append(cross_entropy(model(problem.inputs), problem.targets).item())
        return losses

    return walk


def forward_passes(problem: Problem, count: int) -> Walk:
    """So many losses at the same parameters: the floor of every loop over points."""

    def walk() -> None:
        with torch.no_grad():
            for _ in range(count):
                cross_entropy(problem.model(problem.inputs), problem.targets).item()

    return walk


def loss_landscapes_walk(problem: Problem, side: int) -> Walk:
    """The walk of loss-landscapes over its own ``random_plane``. With filters it divides by the norm of zero biases."""
    import loss_landscapes  # noqa: PLC0415 - only where it is installed
    from loss_landscapes.metrics import Loss  # noqa: PLC0415

    model = copy.deepcopy(problem.model)
    metric = Loss(nn.CrossEntropyLoss(), problem.inputs, problem.targets)
    return lambda: loss_landscapes.random_plane(model, metric, 1, side, "model")


def loss_landscape_3d_walk(problem: Problem, side: int, rows: Mapping[str, tuple[Tensor, Tensor, Tensor]]) -> Walk:
    """The walk of loss-landscape-3d over our plane."""
    from loss_landscape_3d.calculator import LossLandscapeCalculator  # noqa: PLC0415 - only where it is installed

    model, edge = copy.deepcopy(problem.model), np.linspace(-1, 1, side)
    calculator = LossLandscapeCalculator(model, [(problem.inputs, problem.targets)], nn.CrossEntropyLoss())
    first, second = ({name: row[k] for name, row in rows.items()} for k in (1, 2))
    centre = copy.deepcopy(model.state_dict())
    return lambda: calculator.calculate(edge, edge, first, second, centre).T
