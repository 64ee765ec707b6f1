"""Ways to choose a slice through the parameters of a network, one decorated function each.

Every function is a generator that returns the ``Slice``. It yields None between pieces of work, so that a server can
stop there.
"""

from collections.abc import Generator, Sequence
from typing import Annotated

import torch
from torch import Tensor

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.declare import Range
from cliffscape.landscapes.networks import counter_rng
from cliffscape.landscapes.networks.gradient_flow import spectral_radii
from cliffscape.landscapes.networks.layout import Layout
from cliffscape.landscapes.slices.hessian import gradient, largest_eigenpairs, split_loss
from cliffscape.landscapes.slices.pca import principal_components
from cliffscape.landscapes.slices.plane import PARALLEL, SLICES, Facts, Slice, slicing
from cliffscape.landscapes.slices.subject import Subject
from cliffscape.landscapes.transform import norm

__all__ = ["SLICES", "Slice", "Subject"]

SliceGenerator = Generator[None, None, Slice]
Coordinate = Annotated[str, Range(1, 60)]

# The stream of a seed's random directions; streams 0 to 2 are the net's (weights, minibatches, fresh sequences).
DIRECTIONS = 3
# A run narrower than this share of its length counts as a line.
MIN_WIDTH = 1e-6
# Snapshots with larger entries count as infinite: sums of their squares overflow at about 1e308.
MAX_ENTRY = 1e150


@slicing(label="Two parameters", window=(-3, 3, -3, 3), start=(1.5, 1.5))
def coordinates(
    subject: Subject, first: Coordinate = "weight_hh[0,0]", second: Coordinate = "bias[0]"
) -> SliceGenerator:
    """Two parameters of the network, chosen by name. All others are fixed. The axes are the values of the two.

    Args:
        first: The parameter along x: a name with indices, such as weight_hh[0,0] or bias[3].
        second: The parameter along y.

    Formula: θ(x, y) = θ₀ with θ_i = x and θ_j = y
    Reference: Goodfellow, Bengio & Courville 2016, figure 10.17 (the weight and the bias of one unit)

    Raises:
        BoundError: there is no such parameter, or both names are the same parameter.
    """
    yield
    layout = subject.layout
    indices = [layout.index(first, "slice.first"), layout.index(second, "slice.second")]
    axes = (layout.coordinate(indices[0]), layout.coordinate(indices[1]))
    if indices[0] == indices[1]:
        raise BoundError("slice.second", axes[1], "different from slice.first")
    directions = torch.zeros(2, layout.size).to(subject.theta)
    directions[[0, 1], indices] = 1
    origin = subject.theta.clone()
    origin[indices] = 0
    return Slice(origin, directions, axes)


@slicing(label="Random directions", window=(-2, 2, -2, 2), start=(1.5, 0))
def random_directions(subject: Subject, seed: Annotated[int, Range(0, 9999)] = 0) -> SliceGenerator:
    """Two random directions. Each row of a direction is as long as the same row of the weights.

    A row holds the weights into one unit, for each gate; a bias vector is one row. A row of zeros stays zero. With
    most initialisations this leaves out the biases, as Li et al. do.

    Args:
        seed: Seed of the directions.

    Formula: d_row ← d_row/‖d_row‖ · ‖θ_row‖, d ~ N(0, 1)
    Reference: Li et al. 2018, section 4 (filter normalisation)
    """
    yield
    # Drawn on the CPU, so that the directions are the same on every device, to the last bit.
    drawn = counter_rng.normal(direction_key(seed), 2 * subject.layout.size).reshape(2, -1).to(subject.theta)
    rows = subject.layout.rows().to(drawn.device)
    scale = row_norms(subject.theta, rows) / row_norms(drawn, rows)
    return Slice(subject.theta, drawn * scale[:, rows], ("random direction 1", "random direction 2"))


def direction_key(seed: int) -> Tensor:
    """The key ``()`` of a seed's random directions."""
    return counter_rng.child(torch.tensor(seed), DIRECTIONS)


def row_norms(theta: Tensor, rows: Tensor) -> Tensor:
    """Euclidean norms ``(..., R)`` of the rows of theta ``(..., D)``; ``rows`` ``(D,)`` are the rows of coordinates."""
    squares = theta.new_zeros(*theta.shape[:-1], int(rows.max()) + 1)
    return torch.sqrt(squares.index_add(-1, rows, theta**2))


@slicing(label="Scaled recurrent matrix", window=(0, 3, -2, 2), start=(2.25, -0.5))
def scaled_recurrence(subject: Subject) -> SliceGenerator:
    """The scale of the recurrent matrix against the scale of the bias. Cliffs are easiest to see on this plane.

    Along x the matrix is scaled to a spectral radius (for a gated cell, the largest one of its gates). Along y the bias
    is scaled to a root mean square. If the bias is zero, a random direction replaces it, from the seed of the network.

    Formula: U = x U₀/ρ(U₀), b = y b₀/rms(b₀)
    Reference: Pascanu, Mikolov & Bengio 2013, figure 6, for a network of more than one unit

    Raises:
        BoundError: the recurrent matrix has spectral radius 0.
    """
    yield
    theta, layout = subject.theta, subject.net.layout
    radius = float(spectral_radii(subject.net, theta).max())
    if not radius > 1e-9:
        raise BoundError("slice", f"{radius:.2g}", "placed where weight_hh has a spectral radius greater than 0")
    names = [name for name in subject.net.cell.shapes(subject.net.task.inputs) if name.startswith("bias")]
    recurrent, biases = (
        parameter_mask(layout, ["weight_hh"]).to(theta.device),
        parameter_mask(layout, names).to(theta.device),
    )
    bias = theta * biases
    if not bool(bias.any()):
        bias = counter_rng.normal(direction_key(subject.seed), layout.size).to(theta) * biases
    bias = bias / torch.sqrt((bias**2).sum() / biases.sum())
    directions = torch.stack([theta * recurrent / radius, bias])
    axes = ("spectral radius", "bias RMS")
    return Slice(theta * ~(recurrent | biases), directions, axes, {"spectral_radius": radius})


def parameter_mask(layout: Layout, names: Sequence[str]) -> Tensor:
    """Which coordinates ``(D,)`` of theta belong to the named parameters."""
    return layout.pack({name: torch.full(shape, name in names) for name, shape in layout.shapes.items()})


@slicing(label="Gradient and curvature", window=(-2, 2, -2, 2), start=(0, 0))
def curvature(subject: Subject) -> SliceGenerator:
    """The plane of the gradient and of the direction with the largest curvature, the leading Hessian eigenvector.

    The x axis is the leading eigenvector. The y axis is the part of the gradient that is orthogonal to it. Both have
    length 1. The first step of gradient descent on this plane is the same as in the whole space. If the gradient is
    zero or parallel to the eigenvector, the y axis is the second eigenvector. With a learning rate above 2/λ, gradient
    descent cannot converge in a valley of sharpness λ.

    Formula: H v = λ v with the largest λ; x along v, y along g − (g·v) v
    Reference: Pascanu, Mikolov & Bengio 2013, section 2.3; Cohen et al. 2021 (2/λ); Golub & Van Loan 2013 (Lanczos)

    Raises:
        BoundError: gradient or Hessian are not finite.
    """
    parts = split_loss(subject)
    slope = yield from gradient(parts, subject.theta)
    values, vectors = yield from largest_eigenpairs(parts, subject.theta)
    if not bool(slope.isfinite().all() and values.isfinite().all()):
        raise BoundError("slice", "Inf or NaN", "placed where the gradient and the curvature of the loss are finite")
    gradient_norm = norm(slope)[0]
    along = torch.where(gradient_norm > 0, slope / gradient_norm, torch.zeros_like(slope))
    share = along @ vectors[0]
    # The sign of an eigenvector is arbitrary. It is chosen so that the loss increases to the right.
    first = vectors[0] * torch.where(share < 0, -1.0, 1.0)
    beside = along - (along @ first) * first
    seen = float(norm(beside)) >= PARALLEL
    second = beside / norm(beside) if seen else vectors[1]
    axes = ("leading eigenvector", "orthogonal gradient" if seen else "second eigenvector")
    sharpness = float(values[0])
    # If every curvature is negative, there is no limit on the learning rate.
    limit = {"sharpness_limit": 2 / sharpness} if sharpness > 0 else {}
    facts = {"gradient_norm": float(gradient_norm), "alignment": float(share.abs()), **limit}
    return Slice(subject.theta, torch.stack([first, second]), axes, {"eigenvalues": values.tolist(), **facts})


@slicing(label="Principal directions of a run", window=(-1.2, 1.2, -1.2, 1.2), start=(1, 0), of_run=True)
def principal(subject: Subject) -> SliceGenerator:
    """The first two principal directions of a training run, through its last point.

    Snapshots with infinite or extremely large values are left out. The last remaining snapshot is the origin. One unit
    is the largest distance of the run from the origin along either direction, so the whole run is in the window. The
    run itself does not lie on the plane: the two directions do not explain all of its variance.

    Formula: d₁, d₂ = eigenvectors of Σ (θ_k − θ̄)(θ_k − θ̄)ᵀ, scaled to the run's extent; θ(x, y) = θ_N + x d₁ + y d₂
    Reference: Li et al. 2018, section 7; Lorch 2016

    Raises:
        BoundError: there is no run, or fewer than three of its snapshots are finite and differ.
    """
    yield
    if subject.snapshots is None:
        raise BoundError("slice", "no run", "placed through the snapshots of a training run")
    finite = torch.linalg.vector_norm(subject.snapshots, torch.inf, dim=-1) < MAX_ENTRY
    snapshots = subject.snapshots if bool(finite.all()) else subject.snapshots[finite]
    if len(snapshots) < 3:
        bound = "placed through a run with at least 3 finite snapshots"
        raise BoundError("slice", f"{len(snapshots)} of {len(finite)}", bound)
    yield
    directions, path, variances, total = yield from principal_components(snapshots)
    if not float(variances[1]) > MIN_WIDTH**2 * float(variances[0]):
        bound = f"placed through snapshots that differ in two directions by more than {MIN_WIDTH} of the run's length"
        raise BoundError("slice", "one direction", bound)
    path = path - path[-1]
    # The sign of a principal direction is arbitrary. It is chosen so that the run starts at the upper right.
    signs = torch.where(path[0] < 0, -1.0, 1.0)
    reach = path.abs().max()
    facts: Facts = {
        "explained_variance": (variances / total).tolist(),
        "unit_length": float(reach),
        "run_start": (signs * path[0] / reach).tolist(),
    }
    spanned = (directions * (signs * reach).unsqueeze(-1)).to(subject.theta)
    return Slice(snapshots[-1].to(subject.theta), spanned, ("principal direction 1", "principal direction 2"), facts)
