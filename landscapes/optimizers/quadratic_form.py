"""Quadratic forms of two variables, and solving with them to working precision, even if their scales differ widely."""

import math
from typing import NamedTuple

import torch
from torch import Tensor

from cliffscape.landscapes.transform import Product, norm

# A matrix whose determinant is below this multiple of its rounding error is singular to working precision.
ROUNDING = 4 * torch.finfo(torch.float64).eps


class Form(NamedTuple):
    """((a, b), (b, c)) in its own axes, each ``(..., 1)``, and the lengths of the two rows that it was summed from."""

    a: Tensor
    b: Tensor
    c: Tensor
    first: Tensor
    second: Tensor

    def determinant(self) -> Tensor:
        return self.a * self.c - self.b * self.b

    def doubt(self) -> Tensor:
        """The effect of rounding the rows on the determinant, in units of rounding; a small row has a small effect."""
        return self.a.abs() * self.second + self.c.abs() * self.first

    def solution(self, right: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        x, y = right
        return (self.c * x - self.b * y) / self.determinant(), (self.a * y - self.b * x) / self.determinant()


def solve_in_plane(gradient: Tensor, product: Product, damping: float | Tensor, absolute: bool) -> Tensor:
    """``(A + damping I)⁻¹ g`` ``(..., 2)`` in closed form, in the axes with the smaller rounding error.

    Axes along and across the gradient suit a loss with one residual: all its curvature is along the gradient, and the
    small rest across is not lost in rounding. The axes x and y suit a loss with separate curvatures along x and y: the
    smaller one is not lost in rounding, however small it is.
    """
    length = norm(gradient)
    # A zero gradient has no direction, and any axis will do.
    flat = torch.cat([torch.ones_like(length), torch.zeros_like(length)], -1)
    along = torch.where(length == 0, flat, gradient / length)
    x, y = along.chunk(2, -1)
    across = torch.cat([-y, x], -1)
    turned, straight = forms(along, across, product(along), product(across))
    (turned, scale), (straight, scale_straight) = (normalise(form, damping, absolute) for form in (turned, straight))
    by_turned, by_straight = turned.determinant().abs(), straight.determinant().abs()
    # In these axes the gradient is (length, 0).
    first, second = turned.solution((torch.ones_like(x), torch.zeros_like(x)))
    solution = length / scale * (first * along + second * across)
    upright = length / scale_straight * torch.cat(straight.solution((x, y)), -1)
    # Of the two, the form whose determinant is larger relative to its rounding error.
    solution = torch.where(by_turned * straight.doubt() >= by_straight * turned.doubt(), solution, upright)
    # A singular matrix has a solution only if the gradient lies in its range, here along the first axis.
    singular = (by_turned <= ROUNDING * turned.doubt()) & (by_straight <= ROUNDING * straight.doubt())
    reached = (turned.b * turned.b <= ROUNDING) & (turned.c.abs() < turned.a.abs())
    shortest = torch.where(reached, length / scale / turned.a * along, torch.full_like(solution, math.inf))
    return torch.where(singular, shortest, solution)


def solve_on_line(gradient: Tensor, product: Product, damping: float | Tensor, absolute: bool) -> Tensor:
    """``g / (a + damping)`` ``(..., 1)`` for the curvature a, or its absolute value; Inf where the sum is rounding."""
    curvature = product(torch.ones_like(gradient))
    damped = (curvature.abs() if absolute else curvature) + damping
    flat = damped.abs() <= ROUNDING * curvature.abs()
    return torch.where(flat, torch.full_like(damped, math.inf), gradient / damped)


def forms(along: Tensor, across: Tensor, image: Tensor, other: Tensor) -> tuple[Form, Form]:
    """The matrix in the axes along and across the gradient, from its products with them, and in x and y."""
    (x, y), (p, r), (q, s) = (vector.chunk(2, -1) for vector in (along, image, other))
    a, b, same, c = ((u * v).sum(-1, keepdim=True) for u in (image, other) for v in (along, across))
    turned = (p.abs() + r.abs(), q.abs() + s.abs())
    straight = (p.abs() + q.abs(), r.abs() + s.abs())
    # Both rows give the off-diagonal entry; the shorter one has the smaller rounding error.
    return (
        Form(a, torch.where(turned[0] < turned[1], b, same), c, *turned),
        Form(
            x * p - y * q,
            torch.where(straight[0] < straight[1], y * p + x * q, x * r - y * s),
            y * r + x * s,
            *straight,
        ),
    )


def normalise(form: Form, damping: float | Tensor, absolute: bool) -> tuple[Form, Tensor]:
    """The form, or its absolute value, with the damping, divided by its largest entry so that products are finite."""
    a, b, c, *rows = form
    if absolute:
        a, b, c = absolute_value(a, b, c)
    a, c = a + damping, c + damping
    scale = torch.maximum(torch.maximum(a.abs(), b.abs()), c.abs())
    # The scale is 0 only for the zero matrix, which stays as it is.
    scale = torch.where(scale == 0, torch.ones_like(scale), scale)
    return Form(*(part / scale for part in (a, b, c, *rows))), scale


def absolute_value(a: Tensor, b: Tensor, c: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """((a, b), (b, c)) with the absolute values of its eigenvalues: √(A²), by the theorem of Cayley and Hamilton."""
    trace, determinant = a + c, a * c - b * b
    root = torch.sqrt(trace**2 - 2 * determinant + 2 * determinant.abs())
    # The root is 0 only for the zero matrix.
    root = torch.where(root == 0, torch.ones_like(root), root)
    rest = determinant.abs() - determinant
    return (trace * a + rest) / root, trace * b / root, (trace * c + rest) / root
