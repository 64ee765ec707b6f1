"""Principal components of a run's snapshots, from their small Gram matrix."""

from collections.abc import Generator
from typing import NamedTuple

import torch
from torch import Tensor

from cliffscape.landscapes.slices.lanczos import leading_eigenpairs

# Multiplications between two places to stop: about 10 ms on one core.
PIECE_MULTIPLICATIONS = 50_000_000


class Components(NamedTuple):
    """``directions`` ``(2, D)`` of length 1, ``coordinates`` ``(N, 2)`` of the snapshots about their mean, and the
    ``variances`` ``(2,)`` along the directions, and the ``total`` variance."""

    directions: Tensor
    coordinates: Tensor
    variances: Tensor
    total: float


def principal_components(snapshots: Tensor) -> Generator[None, None, Components]:
    """The first two principal components of snapshots ``(N, D)``, all finite.

    Only a few columns of the run are converted to float64 at a time. Directions without variance are NaN.
    Reference: Jolliffe 2002, section 3.5 (by the Gram matrix; Turk & Pentland 1991)
    """
    count = len(snapshots)
    width = max(1, PIECE_MULTIPLICATIONS // count**2)
    gram = torch.zeros(count, count, dtype=torch.float64, device=snapshots.device)
    for columns in torch.split(snapshots, width, 1):
        offsets = centre(columns)
        gram += offsets @ offsets.mT
        yield

    def product(rows: Tensor) -> Generator[None, None, Tensor]:
        yield
        return rows @ gram

    # A Gram matrix of N snapshots is small, unlike the D x D covariance, and both have the same positive eigenvalues.
    values, vectors = yield from leading_eigenpairs(product, count, tolerance=1e-9, device=gram.device)
    lengths = values.clamp_min(0).sqrt()
    directions = []
    for columns in torch.split(snapshots, width, 1):
        directions.append(vectors @ centre(columns) / lengths.unsqueeze(-1))
        yield
    return Components(torch.cat(directions, 1), (vectors * lengths.unsqueeze(-1)).mT, values, float(gram.trace()))


def centre(columns: Tensor) -> Tensor:
    """Columns ``(N, c)`` minus their means, in float64."""
    exact = columns.double()
    return exact - exact.mean(0)
