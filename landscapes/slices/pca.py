"""Principal components of a run's snapshots, by way of their small Gram matrix."""

from collections.abc import Generator
from typing import NamedTuple

import torch
from torch import Tensor

from cliffscape.landscapes.slices.lanczos import leading_eigenpairs

# Multiplications in one go: some 10 ms on one core.
PIECE = 50_000_000


class Components(NamedTuple):
    """``directions`` ``(2, D)`` of length 1, ``coordinates`` ``(N, 2)`` of the snapshots about their mean, and the
    ``variances`` ``(2,)`` along the directions, and the ``total`` variance."""

    directions: Tensor
    coordinates: Tensor
    variances: Tensor
    total: float


def principal_components(snapshots: Tensor) -> Generator[None, None, Components]:
    """The first two principal components of snapshots ``(N, D)``, all finite.

    Only a few columns of the run are copied at a time. Directions are NaN where there is no variance along them.
    Reference: Jolliffe 2002, section 3.5 (by the Gram matrix; Turk & Pentland 1991)
    """
    count = len(snapshots)
    width = max(1, PIECE // count**2)
    gram = torch.zeros(count, count, dtype=torch.float64, device=snapshots.device)
    for columns in torch.split(snapshots, width, 1):
        offsets = centre(columns)
        gram += offsets @ offsets.mT
        yield

    def product(rows: Tensor) -> Generator[None, None, Tensor]:
        yield
        return rows @ gram

    values, vectors = yield from leading_eigenpairs(product, count, tolerance=1e-9, device=gram.device)
    lengths = values.clamp_min(0).sqrt()
    directions = []
    for columns in torch.split(snapshots, width, 1):
        directions.append(vectors @ centre(columns) / lengths.unsqueeze(-1))
        yield
    return Components(torch.cat(directions, 1), (vectors * lengths.unsqueeze(-1)).mT, values, float(gram.trace()))


def centre(columns: Tensor) -> Tensor:
    """Columns ``(N, c)`` about their means, in float64."""
    exact = columns.double()
    return exact - exact.mean(0)
