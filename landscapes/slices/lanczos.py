"""Leading eigenpairs of a symmetric matrix that is known only by its products with vectors."""

from collections.abc import Callable, Generator

import torch
from torch import Tensor

from cliffscape.landscapes.networks import counter_rng

# Products (b, D) with the rows of a block (b, D), float64; a generator of None, so that a long one may stop half way.
Product = Callable[[Tensor], Generator[None, None, Tensor]]
Pairs = tuple[Tensor, Tensor]

# Vectors shorter than this share of the largest eigenvalue are rounding error.
NOTHING = 1e-10


def leading_eigenpairs(
    product: Product,
    size: int,
    count: int = 2,
    tolerance: float = 1e-5,
    most: int = 300,
    device: torch.device | str = "cpu",
) -> Generator[None, None, Pairs]:
    """The ``count`` largest eigenvalues, largest first, and their unit eigenvectors ``(count, size)``, in float64.

    Block Lanczos: the basis grows by its newest rows' products, made orthogonal to every row before them, and the
    pairs are those of the matrix seen through the basis. So no eigenvalue comes back as a ghost of itself, and since a
    block has ``count`` rows, one that is truly repeated is found as often as it is there.

    It stops where each pair's residual, over the distance to the next eigenvalue seen, bounds its vector's error by
    ``tolerance`` (Davis & Kahan 1970), or at a basis of ``most`` rows. Values and vectors are NaN where a product is
    not finite. A matrix of fewer rows than ``count`` has as many pairs as rows.

    Reference: Golub & Van Loan 2013, section 10.3
    """
    count = min(count, size)
    basis = torch.zeros(0, size, dtype=torch.float64, device=device)
    images, rows, scale = basis, basis.new_zeros(count, size), 1.0
    while True:
        rows = orthonormalise(rows, basis, scale)
        image = yield from product(rows)
        if not bool(image.isfinite().all()):
            return basis.new_full((count,), torch.nan), basis.new_full((count, size), torch.nan)
        basis, images = torch.cat([basis, rows]), torch.cat([images, image])
        values, turn = ritz_pairs(basis, images)
        scale, vectors = float(values.abs().max()), turn[:count] @ basis
        residual = torch.linalg.vector_norm(turn[:count] @ images - values[:count, None] * vectors, dim=-1)
        if len(basis) == size or len(basis) >= most or has_converged(values, residual, tolerance):
            return values[:count], vectors
        rows = image[: size - len(basis)]


def ritz_pairs(basis: Tensor, images: Tensor) -> Pairs:
    """Eigenvalues ``(k,)``, largest first, and eigenvectors ``(k, k)`` as rows, of the matrix within the basis."""
    small = basis @ images.mT
    values, turn = torch.linalg.eigh((small + small.mT) / 2)
    return values.flip(0), turn.mT.flip(0)


def orthonormalise(rows: Tensor, basis: Tensor, scale: float) -> Tensor:
    """``rows`` made orthogonal to ``basis`` and to each other; where nothing is left of one, a random row instead."""
    found = basis
    for row in rows:
        rest, attempt = project_out(row, found), 0
        while not float(torch.linalg.vector_norm(rest)) > NOTHING * scale:
            key = counter_rng.child(torch.tensor(len(found)), attempt)
            # Drawn on the CPU: the same start on every device.
            rest, attempt = project_out(counter_rng.normal(key, rows.shape[-1]).to(rows), found), attempt + 1
        # Once more: of a short rest much would be rounding (Parlett 1998: twice is enough).
        rest = project_out(rest / torch.linalg.vector_norm(rest), found)
        found = torch.cat([found, (rest / torch.linalg.vector_norm(rest)).unsqueeze(0)])
    return found[len(basis) :]


def project_out(row: Tensor, basis: Tensor) -> Tensor:
    """``row`` ``(D,)`` without its components along the rows of ``basis`` ``(k, D)``."""
    return row - (basis @ row) @ basis


def has_converged(values: Tensor, residual: Tensor, tolerance: float) -> bool:
    """Whether the leading pairs are known well enough; ``values`` are all that are seen, largest first."""
    count = len(residual)
    if len(values) <= count:
        return False
    gaps = -values[: count + 1].diff()
    nearest = torch.minimum(gaps, torch.cat([gaps.new_full((1,), torch.inf), gaps[:-1]]))
    # A repeated eigenvalue has no gap: any vector of its plane will do, and a tiny residual says it is there.
    close = (residual <= tolerance * nearest) | (residual <= NOTHING * values.abs().max())
    return bool(close.all())
