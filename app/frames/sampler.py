"""Sampler: how a surface is computed at many points, and the columns that it consists of."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass

import torch
from torch import Tensor

from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.loss import Loss


@dataclass(frozen=True)
class Sampler:
    """A function that samples a surface, and the sizes of its chunks.

    ``measure`` maps points ``(N, 2)`` to the columns ``names`` ``(N, K)``, perhaps in float32; ``exact`` does the same
    in float64. Times per point are stored under the key ``about``. The first chunk has ``opening`` points, and none
    has fewer than ``smallest``.
    """

    measure: Callable[[Tensor], Tensor]
    exact: Callable[[Tensor], Tensor]
    names: tuple[str, ...]
    about: Hashable
    bytes_per_point: int
    opening: int
    smallest: int


def value_and_norm(loss: Loss, points: Tensor) -> tuple[Tensor, Tensor]:
    """Loss and gradient norm ``(N,)`` at ``points`` ``(N, 2)``."""
    value, gradient = value_and_gradient(loss, points)
    return value, torch.linalg.vector_norm(gradient, dim=-1)


def finite_columns(short: Callable[[Tensor], Tensor], exact: Callable[[Tensor], Tensor], points: Tensor) -> Tensor:
    """The columns ``(N, K)`` in float64: from ``short``, or from ``exact`` where float32 gives Inf or NaN.

    The states of a ReLU network reach 1e100, where float32 has Inf, and Inf - Inf is NaN.
    """
    values = short(points).double()
    beyond = ~values.isfinite().all(-1)
    if bool(beyond.any()):
        values[beyond] = exact(points[beyond])
    return values
