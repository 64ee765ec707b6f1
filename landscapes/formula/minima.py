"""Minima of a formula: found by damped Newton steps from a grid, and polished by Newton steps."""

from collections.abc import Generator
from typing import NamedTuple

import torch
from torch import Tensor

from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.loss import Loss

SIDE = 9  # starts per side of the grid
POLISH = 3  # undamped steps at the end
# Of the norm of the gradient, per unit of curvature and coordinate: what rounding leaves at a minimum.
ROUNDING = 1e-14
# Minima closer to each other than this share of their distance from the origin are one.
SAME = 1e-6
MOST_OF_A_VALLEY, MOST_ISOLATED = 30, 500
FARTHEST = 1e3  # from the origin
GRAIN = 1e-9  # of the largest curvature: a smaller one is rounding
DAMPING, LESS, MORE = 1e-3, 0.2, 8.0
PATIENCE = 4  # steps that lower no loss, before the search ends


def quadratic_model(loss: Loss, theta: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Losses ``(N,)``, gradients ``(N, D)`` and Hessians ``(N, D, D)`` at points ``(N, D)``."""

    def slope(point: Tensor, axis: int) -> Tensor:
        return value_and_gradient(loss, point)[1][..., axis]

    axes = range(theta.shape[-1])
    rows = [value_and_gradient(lambda point, k=axis: slope(point, k), theta)[1] for axis in axes]  # type: ignore[misc]
    value, gradient = value_and_gradient(loss, theta)
    return value, gradient, torch.stack(rows, -2)


def newton_step(gradient: Tensor, hessian: Tensor, damping: Tensor) -> Tensor:
    """The steps ``(N, D)`` to the minimum of the quadratic model; ``damping`` ``(N,)`` shortens them.

    Where the curvature is negative, the step goes downhill too.
    """
    known = hessian.isfinite().all(-1).all(-1)
    curvature, axes = torch.linalg.eigh(torch.where(known[:, None, None], hessian, torch.zeros_like(hessian)))
    size = curvature.abs()
    along = (axes.mT @ gradient.unsqueeze(-1)).squeeze(-1)
    steepest = size.amax(-1, keepdim=True)
    step = -along / (size + damping.unsqueeze(-1) * (steepest + along.abs()) + 1e-300)
    taken: Tensor = axes @ step.unsqueeze(-1)
    return taken.squeeze(-1)


def lowest_points(loss: Loss, starts: Tensor, steps: int) -> Generator[None, None, Tensor]:
    """The points ``(N, D)`` that ``steps`` damped Newton steps reach from ``starts``; no step raises the loss.

    Yields after every step.
    """
    theta, damping = starts, torch.full_like(starts[:, 0], DAMPING)
    value, gradient, hessian = quadratic_model(loss, theta)
    idle = 0
    for _ in range(steps):
        yield
        proposed = theta + newton_step(gradient, hessian, damping)
        found = quadratic_model(loss, proposed)
        better = (found[0] < value) & found[1].isfinite().all(-1) & (proposed.abs().amax(-1) <= FARTHEST)
        theta = torch.where(better[:, None], proposed, theta)
        value = torch.where(better, found[0], value)
        gradient = torch.where(better[:, None], found[1], gradient)
        hessian = torch.where(better[:, None, None], found[2], hessian)
        damping = torch.where(better, damping * LESS, damping * MORE)
        idle = 0 if better.any() else idle + 1
        if idle == PATIENCE:
            break
    return theta


def polish(loss: Loss, theta: Tensor) -> Generator[None, None, Tensor]:
    """Points after a few undamped Newton steps; a step that makes the gradient longer is not taken."""
    for _ in range(POLISH):
        yield
        _, gradient, hessian = quadratic_model(loss, theta)
        proposed = theta + newton_step(gradient, hessian, torch.zeros_like(theta[:, 0]))
        shorter = value_and_gradient(loss, proposed)[1].norm(dim=-1) < gradient.norm(dim=-1)
        theta = torch.where(shorter[:, None], proposed, theta)
    return theta


class Minima(NamedTuple):
    """Different minima ``(K, D)`` and their losses ``(K,)``, the lowest first.

    ``isolated`` ``(K,)`` are those around which the loss rises in every direction.
    """

    points: Tensor
    losses: Tensor
    isolated: Tensor


def search_minima(loss: Loss, starts: Tensor, steps: int) -> Generator[None, None, Minima]:
    """The minima that are found from the ``starts`` ``(N, D)``. Yields after every step of the search.

    At a minimum the gradient is as small as rounding allows, and no curvature is negative. A curvature of 0 is that of
    a valley, or of a loss that falls towards infinity, so such points count only among the starts. So do points from
    which Newton's step is long: there, gradient and curvature fade together. In a valley only some of the minima are
    found.
    """
    theta = yield from polish(loss, (yield from lowest_points(loss, starts, steps)))
    value, gradient, hessian = quadratic_model(loss, theta)
    known = value.isfinite() & hessian.isfinite().all(-1).all(-1)
    theta, value, gradient, hessian = (one[known] for one in (theta, value, gradient, hessian))
    curvature = torch.linalg.eigvalsh(hessian)
    largest = curvature.abs().amax(-1)
    flat = gradient.norm(dim=-1) <= ROUNDING * (1 + largest) * (1 + theta.abs().amax(-1))
    left = newton_step(gradient, hessian, torch.zeros_like(value)).norm(dim=-1)
    isolated = (curvature[:, 0] > GRAIN * largest) & (left <= SAME * (1 + theta.norm(dim=-1)))
    valley = (curvature[:, 0] >= -GRAIN * largest) & (theta.abs() <= starts.abs().amax(0)).all(-1)
    kept = flat & (isolated | valley) & (theta.abs().amax(-1) <= FARTHEST)
    found = Minima(theta[kept] + 0.0, value[kept], isolated[kept])  # adding zero turns -0.0 into 0.0
    return different(found)


def different(found: Minima) -> Minima:
    """The minima, the lowest first, without those close to another one; of a valley only some, evenly spread."""
    order = found.losses.argsort(stable=True)
    kept: list[int] = []
    for k in order.tolist():
        point = found.points[k]
        near = SAME * (1 + point.abs().max())
        if all((point - found.points[j]).abs().max() > near for j in kept):
            kept.append(k)
    alone = [k for k in kept if found.isolated[k]][:MOST_ISOLATED]
    valley = [k for k in kept if not found.isolated[k]]
    spread = {*alone, *valley[:: -(-len(valley) // MOST_OF_A_VALLEY) or 1]}
    rows = [k for k in kept if k in spread]
    return Minima(found.points[rows], found.losses[rows], found.isolated[rows])


def together(one: Minima, other: Minima) -> Minima:
    """The minima of two searches."""
    return different(Minima(*(torch.cat(columns) for columns in zip(one, other, strict=True))))
