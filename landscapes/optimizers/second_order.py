"""Second-order methods: steps that use second derivatives, through products of a matrix with vectors.

Pairs as in ``first_order.py``, whose ``update`` gets one more argument: ``product``, of the matrix that ``asks`` names.
``theta`` and ``gradient`` are ``(..., D)``; hyper-parameters are numbers, or tensors ``(L, 1)``: one per lane. If the
matrix is singular, the step is the shortest one that solves for the gradient, or Inf if none does. If the matrix is
not finite, the step is NaN.
"""

import math
from typing import Annotated

import torch
from torch import Tensor

from cliffscape.landscapes.declare import Range
from cliffscape.landscapes.optimizers.family import optimizer
from cliffscape.landscapes.optimizers.quadratic_form import ROUNDING, solve_in_plane, solve_on_line
from cliffscape.landscapes.transform import Matrix, Product, State, Transform, norm

# Not called a learning rate, because it multiplies a whole step, not a gradient. 1 is the method as published.
StepScale = Annotated[float, Range(1e-6, 10, log=True, symbol="ε")]
# Products that are computed together, lanes times columns.
LANES = 128
Damping = Annotated[float, Range(1e-6, 1e3, log=True, symbol="λ")]


@optimizer("Newton")
def newton(step_scale: StepScale = 1.0) -> Transform:
    """Step to the stationary point of the quadratic model of the loss: a minimum, a saddle or a maximum.

    Args:
        step_scale: The share of Newton's step that is taken; 1 is the method itself.

    Formula: θ ← θ − ε H⁻¹ g
    Singular Hessian: if the gradient has a part along a flat direction, no step solves the equation; the
    verdict says so.
    Cost: one gradient and one curvature product per parameter, each as costly as two gradients.
    Reference: Goodfellow, Bengio & Courville 2016, section 8.6.1, algorithm 8.8
    """
    return newton_step("hessian", step_scale)


@optimizer("Newton, damped")
def newton_damped(step_scale: StepScale = 1.0, damping: Damping = 2.0) -> Transform:
    """Newton's method with a constant added to every Hessian eigenvalue; a large one makes them all positive.

    Args:
        step_scale: The share of the step that is taken.
        damping: The constant added to every eigenvalue; a large one gives gradient descent with rate ε/λ.

    Formula: θ ← θ − ε (H + λ I)⁻¹ g
    Singular Hessian: no problem unless an eigenvalue of H is −λ; then the same as in Newton's method.
    Cost: one gradient and one curvature product per parameter, each as costly as two gradients.
    Reference: Goodfellow, Bengio & Courville 2016, equation 8.28; Levenberg 1944
    """
    return newton_step("hessian", step_scale, damping)


@optimizer("Newton, saddle-free")
def newton_saddle_free(step_scale: StepScale = 1.0) -> Transform:
    """Newton's method with the absolute values of the Hessian's eigenvalues, so every step points downhill.

    Args:
        step_scale: The share of the step that is taken.

    Formula: θ ← θ − ε |H|⁻¹ g
    Singular Hessian: if the gradient has a part along a flat direction, no step solves the equation; the
    verdict says so.
    Cost: one gradient and one curvature product per parameter, each as costly as two gradients.
    Reference: Dauphin et al. 2014
    """
    return newton_step("hessian", step_scale, absolute=True)


@optimizer("Gauss-Newton")
def gauss_newton(step_scale: StepScale = 1.0) -> Transform:
    """Newton's method for sums of squares with linearised residuals: the matrix has no negative eigenvalue.

    Args:
        step_scale: The share of the step that is taken.

    Formula: θ ← θ − ε G⁻¹ g, G = 2 f JᵀJ for a loss f Σ rᵢ² with J = ∂r/∂θ
    Singular matrix: always, if there are fewer residuals than parameters; the shortest step is taken, −J⁺r.
    Cost: one gradient and one curvature product per parameter, each as costly as two gradients.
    Reference: Nocedal & Wright 2006, section 10.3
    """
    return newton_step("gauss_newton", step_scale)


@optimizer("Levenberg-Marquardt")
def levenberg_marquardt(step_scale: StepScale = 1.0, damping: Damping = 0.1) -> Transform:
    """Gauss-Newton with a constant added to every eigenvalue, so that there is always a step.

    Here the damping is constant; the published method raises and lowers it from step to step.

    Args:
        step_scale: The share of the step that is taken.
        damping: The constant added to every eigenvalue; 0 would be Gauss-Newton, a large one gives gradient descent.

    Formula: θ ← θ − ε (G + λ I)⁻¹ g, G = 2 f JᵀJ for a loss f Σ rᵢ² with J = ∂r/∂θ
    Cost: one gradient and one curvature product per parameter, each as costly as two gradients.
    Reference: Levenberg 1944; Marquardt 1963; Nocedal & Wright 2006, section 10.3
    """
    return newton_step("gauss_newton", step_scale, damping, definite=True)


@optimizer("Hessian-free")
def hessian_free(
    step_scale: StepScale = 1.0,
    damping: Damping = 0.1,
    iterations: Annotated[int, Range(1, 100, log=True, structural=True)] = 10,
) -> Transform:
    """Levenberg-Marquardt's step by conjugate gradients: the matrix is never formed, so it can train large networks.

    Here the damping is constant, and the iterations of every step start at zero. The published method adapts the
    damping and starts the iterations at the result of the last step. For recurrent networks it also has structural
    damping, which keeps the hidden states near their values before the step.

    Args:
        step_scale: The share of the step that is taken.
        damping: The constant added to every eigenvalue.
        iterations: The number of rounds of conjugate gradients, at most as many as there are parameters.

    Formula: θ ← θ + ε s, s from conjugate gradients on (G + λ I) s = −g
    Cost: one gradient and one curvature product per iteration, each as costly as two gradients.
    Reference: Martens 2010; Martens & Sutskever 2011
    """

    def update(gradient: Tensor, state: State, theta: Tensor, product: Product) -> tuple[Tensor, State]:
        # Without rounding, conjugate gradients end after one round per dimension.
        rounds = min(int(iterations), theta.shape[-1])
        return -step_scale * damped_solution(gradient, product, damping, rounds), state

    return Transform(lambda theta: (), update, asks="gauss_newton")


def damped_solution(gradient: Tensor, product: Product, damping: float | Tensor, rounds: int) -> Tensor:
    """``(A + damping I)⁻¹ g`` ``(..., D)`` after the given number of rounds of conjugate gradients."""
    length = norm(gradient)
    # Normalised, so that the squares of a huge gradient do not overflow.
    towards = gradient / torch.where(length == 0, torch.ones_like(length), length)
    return length * conjugate_gradients(lambda vector: product(vector) + damping * vector, towards, rounds)


def conjugate_gradients(product: Product, right: Tensor, rounds: int) -> Tensor:
    """``x`` ``(..., D)`` after some rounds of solving ``A x = right``; no eigenvalue of ``A`` may be negative.

    Reference: Hestenes & Stiefel 1952; Nocedal & Wright 2006, algorithm 5.2
    """
    solution, residual, direction = torch.zeros_like(right), right, right
    square = (residual**2).sum(-1, keepdim=True)
    for _ in range(rounds):
        image = product(direction)
        # A lane whose residual is 0 does not change; 0/0 would be NaN.
        arrived = square == 0
        curvature = torch.where(arrived, torch.ones_like(square), (direction * image).sum(-1, keepdim=True))
        rate = square / curvature
        solution, residual = solution + rate * direction, residual - rate * image
        after = (residual**2).sum(-1, keepdim=True)
        direction = residual + after / torch.where(arrived, torch.ones_like(square), square) * direction
        square = after
    return solution


def newton_step(
    asks: Matrix,
    step_scale: float | Tensor,
    damping: float | Tensor = 0.0,
    absolute: bool = False,
    definite: bool = False,
) -> Transform:
    """The step ``-step_scale (A + damping I)⁻¹ g``, with the matrix ``asks``, or with its absolute value.

    If the matrix is singular to working precision, the result is the shortest solution, or Inf if there is none. It is
    zero if the gradient is zero. ``definite`` says that no eigenvalue of A is negative, so the damping bounds them.
    """

    def update(gradient: Tensor, state: State, theta: Tensor, product: Product) -> tuple[Tensor, State]:
        if gradient.shape[-1] == 1:
            solution = solve_on_line(gradient, product, damping, absolute)
        elif gradient.shape[-1] != 2:
            solution = solve_by_eigenvalues(gradient, product, damping, absolute, definite)
        elif definite:
            # Two rounds are exact in the plane. They keep a damping that a determinant would lose next to a huge slope.
            solution = damped_solution(gradient, product, damping, rounds=2)
        else:
            solution = solve_in_plane(gradient, product, damping, absolute)
        # A zero gradient needs no step, even if the matrix is singular.
        still = gradient.abs().amax(-1, keepdim=True) == 0
        return torch.where(still, torch.zeros_like(gradient), -step_scale * solution), state

    return Transform(lambda theta: (), update, asks=asks, whole=True)


def solve_by_eigenvalues(
    gradient: Tensor, product: Product, damping: float | Tensor, absolute: bool, definite: bool
) -> Tensor:
    """``(A + damping I)⁻¹ g`` ``(..., D)`` by the eigenvalues of the matrix, which takes D products."""
    units = torch.eye(gradient.shape[-1], dtype=gradient.dtype, device=gradient.device)
    # Many columns at once, because one column of a small net does not keep a core busy; not all, to limit memory.
    at_once = max(1, LANES * len(units) // gradient.numel())
    columns = torch.func.vmap(lambda unit: product(unit.expand_as(gradient)), out_dims=-2, chunk_size=at_once)
    matrix = columns(units)
    finite = matrix.isfinite().all((-2, -1), True)
    # eigh fails on Inf and NaN: such lanes take the identity, and become NaN at the end.
    values, vectors = torch.linalg.eigh(torch.where(finite, matrix, units))
    # Rounding may make an eigenvalue of a semidefinite matrix slightly negative.
    values = (values.abs() if absolute else values.clamp_min(0) if definite else values) + damping
    flat = values.abs() <= (0 if definite else ROUNDING) * values.abs().amax(-1, keepdim=True)
    within = (vectors.mT @ gradient.unsqueeze(-1)).squeeze(-1)
    reached = ~flat | (within.abs() <= math.sqrt(ROUNDING) * norm(gradient))
    parts = torch.where(flat, torch.zeros_like(within), within / values)
    solution = (vectors @ parts.unsqueeze(-1)).squeeze(-1)
    solution = torch.where(reached.all(-1, True), solution, torch.full_like(solution, math.inf))
    return torch.where(finite[..., 0], solution, torch.full_like(solution, math.nan))
