"""Leading eigenpairs of a symmetric matrix that is given only by its products with vectors."""

from collections.abc import Callable, Generator

import torch
from torch import Tensor

from cliffscape.landscapes.networks import counter_rng
from cliffscape.landscapes.transform import norm

# Products (b, D) with the rows of a block (b, D), float64. A generator of None, so that a long product can be stopped.
Product = Callable[[Tensor], Generator[None, None, Tensor]]
Pairs = tuple[Tensor, Tensor]

# Vectors shorter than this share of the largest eigenvalue are rounding error.
ROUNDING = 1e-10
# Sums of products with larger entries could overflow.
LARGEST = 1e300


def leading_eigenpairs(
    product: Product,
    size: int,
    count: int = 2,
    tolerance: float = 1e-5,
    max_rows: int = 300,
    device: torch.device | str = "cpu",
) -> Generator[None, None, Pairs]:
    """The ``count`` largest eigenvalues, largest first, and their unit eigenvectors ``(count, size)``, in float64.

    Block Lanczos with full reorthogonalisation: every iteration adds the products of the newest rows to the basis, made
    orthogonal to all previous rows, and the pairs are the Ritz pairs of the matrix in this basis. Reorthogonalisation
    prevents spurious copies of an eigenvalue. Since a block has ``count`` rows, a repeated eigenvalue is found with its
    multiplicity, up to ``count``.

    It stops when the residual of each pair, divided by the gap to the nearest other Ritz value, bounds the error of its
    vector by ``tolerance`` (Davis & Kahan 1970), or when the basis has ``max_rows`` rows. Values and vectors are NaN if
    a product is not finite, or has entries above 1e300. A matrix with fewer rows than ``count`` has as many pairs as
    rows.

    Reference: Golub & Van Loan 2013, section 10.3
    """
    count = min(count, size)
    basis = torch.zeros(0, size, dtype=torch.float64, device=device)
    images, rows, scale = basis, basis.new_zeros(count, size), 1.0
    while True:
        rows = orthonormalise(rows, basis, scale)
        image = yield from product(rows)
        if not bool((image.abs() < LARGEST).all()):
            return basis.new_full((count,), torch.nan), basis.new_full((count, size), torch.nan)
        basis, images = torch.cat([basis, rows]), torch.cat([images, image])
        values, rotation = ritz_pairs(basis, images)
        scale, vectors = float(values.abs().max()), rotation[:count] @ basis
        residual = norm(rotation[:count] @ images - values[:count, None] * vectors)[:, 0]
        if len(basis) == size or len(basis) >= max_rows or has_converged(values, residual, tolerance):
            return values[:count], vectors
        rows = image[: size - len(basis)]


def ritz_pairs(basis: Tensor, images: Tensor) -> Pairs:
    """Eigenvalues ``(k,)``, largest first, and eigenvectors ``(k, k)`` as rows, of the matrix in the basis."""
    small = basis @ images.mT
    # Symmetric up to rounding; ``eigh`` would read only one triangle.
    values, rotation = torch.linalg.eigh((small + small.mT) / 2)
    return values.flip(0), rotation.mT.flip(0)


def orthonormalise(rows: Tensor, basis: Tensor, scale: float) -> Tensor:
    """``rows`` made orthonormal to ``basis`` and to each other; a row in their span is replaced by a random one."""
    found = basis
    for row in rows:
        rest, shortest, attempt = project_out(row, found), ROUNDING * scale, 0
        while not float(norm(rest)) > shortest:
            key = counter_rng.child(torch.tensor(len(found)), attempt)
            # Drawn on the CPU, so that every device has the same start.
            drawn = counter_rng.normal(key, rows.shape[-1]).to(rows)
            # Its length has nothing to do with the eigenvalues, which can be 1e200.
            rest, shortest, attempt = project_out(drawn, found), ROUNDING * float(norm(drawn)), attempt + 1
        # A second time, since a short remainder is mostly rounding error (Parlett 1998: twice is enough).
        rest = project_out(rest / norm(rest), found)
        found = torch.cat([found, (rest / norm(rest)).unsqueeze(0)])
    return found[len(basis) :]


def project_out(row: Tensor, basis: Tensor) -> Tensor:
    """``row`` ``(D,)`` without its components along the rows of ``basis`` ``(k, D)``."""
    return row - (basis @ row) @ basis


def has_converged(values: Tensor, residual: Tensor, tolerance: float) -> bool:
    """Whether the leading pairs are accurate to ``tolerance``; ``values`` are all Ritz values, largest first."""
    count = len(residual)
    if len(values) <= count:
        return False
    gaps = -values[: count + 1].diff()
    nearest = torch.minimum(gaps, torch.cat([gaps.new_full((1,), torch.inf), gaps[:-1]]))
    # A repeated eigenvalue has no gap. Any vector of its eigenspace is correct, so a tiny residual is enough.
    close = (residual <= tolerance * nearest) | (residual <= ROUNDING * values.abs().max())
    return bool(close.all())
