"""Repeated composition: one smooth layer applied several times, as a surface and along a line."""

import math
from collections.abc import Iterator
from typing import Annotated

import torch
from torch import Tensor

from cliffscape.landscapes.declare import PresetFact, Range, descent_preset
from cliffscape.landscapes.loss import landscape

# Units, and the largest number of layers, in the book's figure.
UNITS, LAYERS = 100, 5


@landscape(
    label="Repeated composition",
    group="Cliffs",
    main="repetitions",
    windows={"descent": (-3.0, 3.0, -3.0, 3.0), "near": (-0.8, 0.8, -0.8, 0.8)},
    start=(0.9, 1.4),
    height="linear",
    study="composition",
    presets=(
        descent_preset(
            "Book figure 10.15",
            "Together, five smooth layers give a rough surface. The book shows the output along a line after each "
            "layer.",
            0.3,
            0.2,
            60,
            (PresetFact("five smooth layers", "median_extrema(layers=5)", least=7, most=9),),
        ),
    ),
)
def repeated_composition(
    theta: Tensor,
    hidden_units: Annotated[int, Range(2, 16, structural=True, symbol="n")] = 10,
    repetitions: Annotated[int, Range(1, 6, structural=True, symbol="T")] = 5,
    gain: Annotated[float, Range(0.1, 5, symbol="g")] = 3.0,
    seed: Annotated[int, Range(0, 9999, structural=True)] = 0,
) -> Tensor:
    """One random tanh layer applied several times, as a function of two random directions of its input.

    Args:
        hidden_units: The size of the layer.
        repetitions: How many times the layer is applied.
        gain: The scale of the weights; below 1 the surface stays smooth, above 1 it folds.
        seed: Seed of the weights, the two directions and the projection.

    Formula: h ← tanh(W h), Wᵢⱼ ~ N(0, g²/n), h₀ = √n (x d₁ + y d₂); the height is p·h
    Reference: Goodfellow, Bengio & Courville 2016, figure 10.15
    """
    *_, last = layer_heights(theta, hidden_units, repetitions, gain, seed)
    return last


def layer_heights(
    theta: Tensor, hidden_units: int, repetitions: int, gain: float | Tensor, seed: int
) -> Iterator[Tensor]:
    """Heights ``(...)`` at ``theta`` ``(..., 2)`` after 0, 1, ..., ``repetitions`` layers."""
    generator = torch.Generator().manual_seed(seed)
    normal = torch.randn(hidden_units + 3, hidden_units, generator=generator, dtype=torch.float64).to(theta.device)
    # The first three rows are the two directions and the projection; the others are the layer.
    weights = normal[3:] / math.sqrt(hidden_units)
    first, second, projection = torch.nn.functional.normalize(normal[:3], dim=-1).unbind(0)
    x, y = theta.unbind(-1)
    state = math.sqrt(hidden_units) * (x.unsqueeze(-1) * first + y.unsqueeze(-1) * second)
    scale = (gain + torch.zeros_like(x)).unsqueeze(-1)
    yield (state * projection).sum(-1)
    for _ in range(repetitions):
        state = torch.tanh(scale * (state.unsqueeze(-2) * weights).sum(-1))
        yield (state * projection).sum(-1)


def heights_along_line(places: Tensor, gain: float, seed: int) -> Tensor:
    """Heights ``(layers + 1, N)`` along the first direction at ``places`` ``(N,)``, as the book draws them."""
    line = torch.stack([places, torch.zeros_like(places)], -1)
    return torch.stack(list(layer_heights(line, UNITS, LAYERS, gain, seed)))


def count_extrema(values: Tensor) -> Tensor:
    """How often ``values`` ``(..., N)`` turn from rising to falling or back, ``(...)``."""
    rising = values.diff().sign()
    return (rising[..., 1:] * rising[..., :-1] < 0).sum(-1)
