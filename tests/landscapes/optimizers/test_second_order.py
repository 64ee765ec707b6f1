"""Curvature methods: saddles and minima, level lines, singular matrices; dense solves and the reference data."""

import functools
import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.backends.kernels import Kernel, descent_kernel
from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.descent.descend import Record, trajectory
from cliffscape.landscapes.loss import Landscape, Loss, SumOfSquares
from tests import node
from tests.landscapes.test_loss import sample
from tests.reference import reference, tensor

FREE, BY_VALUE = CLIPS["none"].function(), CLIPS["by_value"].function(0.2)
N1 = LANDSCAPES["saddle"].loss()
N2 = LANDSCAPES["product_of_weights"].loss(repetitions=1, target=1.0)
CLIFF = LANDSCAPES["one_unit_rnn"].loss()
METHODS = [entry.kind for entry in OPTIMIZERS if entry.function().asks]
HESSIANS = [kind for kind in METHODS if OPTIMIZERS[kind].function().asks == "hessian"]
SADDLE = reference("saddle")


def run(loss: Loss, kind: str, start: Any, steps: int, **settings: Any) -> Record:
    """A descent without clipping."""
    return trajectory(loss, tensor(start), OPTIMIZERS[kind].function(**settings), FREE, steps)


def hessian(loss: Loss, point: Tensor) -> Tensor:
    """The Hessian by autograd."""
    return torch.autograd.functional.hessian(loss, point)  # type: ignore[no-any-return]


def gauss_newton(loss: Loss, point: Tensor) -> Tensor:
    """2 f JᵀJ."""
    assert isinstance(loss, SumOfSquares)
    rows = torch.stack(torch.autograd.functional.jacobian(loss.residuals, point))
    return 2 * loss.factor * rows.mT @ rows


def absolute(matrix: Tensor) -> Tensor:
    """The matrix with the absolute values of its eigenvalues."""
    values, vectors = torch.linalg.eigh(matrix)
    return vectors @ torch.diag(values.abs()) @ vectors.mT


EYE = torch.eye(2, dtype=torch.float64)
DENSE: dict[str, Callable[[Loss, Tensor], Tensor]] = {
    "newton": hessian,
    "newton_damped": lambda loss, point: hessian(loss, point) + 2.0 * EYE,
    "newton_saddle_free": lambda loss, point: absolute(hessian(loss, point)),
    "levenberg_marquardt": lambda loss, point: gauss_newton(loss, point) + 0.1 * EYE,
    "hessian_free": lambda loss, point: gauss_newton(loss, point) + 0.1 * EYE,
}


@pytest.mark.parametrize("kind", DENSE)
@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry.kind) for entry in LANDSCAPES if not entry.examples])
def test_a_step_equals_a_dense_solve_in_pytorch_and_in_the_kernel(entry: Landscape, kind: str) -> None:
    """From ten places; to 1e-12 of the step times the matrix's condition number, by which rounding is multiplied."""
    method, loss = OPTIMIZERS[kind].function(), entry.loss()
    if method.asks == "gauss_newton" and entry.squares is None:
        with pytest.raises(TypeError, match="sum of squares"):
            trajectory(loss, tensor(entry.start), method, FREE, 1)
        return
    points = sample(entry.window, 10, seed=3)
    ours = trajectory(loss, points, method, FREE, 1).position[1] - points
    kernel = descent_kernel(entry.kind, {}, kind, "none")
    defaults = {f"landscape.{name}": value for name, value in entry.defaults.items()}
    defaults |= {f"optimizer.{name}": value for name, value in OPTIMIZERS[kind].defaults.items()}
    values = [float(defaults[name]) for name in kernel.parameters]
    jobs = [node.Descent(kernel.source, values, point.tolist(), 1) for point in points]
    compared = 0
    for point, step, there in zip(points, ours, node.run(jobs), strict=True):
        matrix, gradient = DENSE[kind](loss, point), value_and_gradient(loss, point)[1]
        condition = float(torch.linalg.cond(matrix))
        if condition > 1e11:
            continue
        compared += 1
        expected = -torch.linalg.solve(matrix, gradient)
        bound = 1e-12 * condition * float(expected.norm()) + 1e-15 * float(point.norm())
        assert float((step - expected).norm()) <= bound
        assert float((there[:2, 1] - point - expected).norm()) <= bound
    assert compared >= 5


@pytest.mark.parametrize("row", SADDLE["N1"]["rows"], ids=lambda row: str(row["start"][0]))
def test_newton_on_n1_step_by_step(row: dict[str, Any]) -> None:
    """x → 2x³/(3x² − 1), y → 0: rounding grows fourfold at most from one step to the next off the singular line."""
    found = run(N1, "newton", row["start"], 60)
    expected = tensor(row["newton_first_6"])
    torch.testing.assert_close(found.position[: len(expected)], expected, rtol=1e-12, atol=1e-14)
    torch.testing.assert_close(found.position[-1], tensor(row["newton_end"]), rtol=0, atol=1e-12)
    ends = run(N1, "newton_saddle_free", row["start"], 60).position[-1]
    torch.testing.assert_close(ends, tensor(row["saddle_free_newton_end"]), rtol=0, atol=1e-12)


def test_newton_goes_to_the_saddle_where_descent_goes_to_the_minimum() -> None:
    """N1, claim 14: from |x| < 1/√5 = 0.447 to the saddle, beyond 1/√3 = 0.577 to the minimum of its own side.

    Gradient descent with rate 0.2, Newton with absolute eigenvalues, and Gauss-Newton's methods go to +1 from every
    x > 0.
    """
    inner, outer = 1 / math.sqrt(5), 1 / math.sqrt(3)
    assert (inner, outer) == (pytest.approx(0.44721360, abs=1e-8), pytest.approx(0.57735, abs=1e-5))
    low, high = torch.linspace(-inner + 1e-6, inner - 1e-6, 101), torch.linspace(outer + 1e-6, 1.8, 101)
    low, high = (torch.stack([x.double(), torch.linspace(-1, 1, 101).double()], -1) for x in (low, high))
    to_saddle = run(N1, "newton", low.tolist(), 300).position[-1]
    torch.testing.assert_close(to_saddle, torch.zeros_like(to_saddle), rtol=0, atol=1e-12)
    for side in (1, -1):
        ends = run(N1, "newton", (side * high).tolist(), 60).position[-1]
        torch.testing.assert_close(ends, tensor([side, 0.0]).expand_as(ends), rtol=0, atol=1e-12)
    starts = torch.cat([low[51:], high])
    assert (starts[:, 0] > 0).all()
    for kind, settings, steps in (
        ("gradient_descent", {"learning_rate": 0.2}, 400),
        ("newton_saddle_free", {}, 60),
        ("levenberg_marquardt", {}, 60),
        ("hessian_free", {}, 60),
    ):
        ends = run(N1, kind, starts.tolist(), steps, **settings).position[-1]
        torch.testing.assert_close(ends, tensor([1.0, 0.0]).expand_as(ends), rtol=0, atol=1e-9)


@pytest.mark.parametrize("row", SADDLE["N2"]["rows"], ids=lambda row: str(row["start"]))
def test_newton_on_n2_step_by_step(row: dict[str, Any]) -> None:
    """Two weights multiplied: to the saddle at the origin, where gradient descent finds ab = 1."""
    found = run(N2, "newton", row["start"], 30).position
    torch.testing.assert_close(found[:8], tensor(row["newton"]), rtol=1e-11, atol=1e-12)
    torch.testing.assert_close(found[-1], tensor(row["newton_end"]), rtol=0, atol=1e-11)
    if row["start"] != [0.6, 0.5]:
        assert found[-1].abs().max() < 1e-12


def test_gradient_descent_on_n2_goes_to_a_minimum() -> None:
    """From where Newton's method goes to the saddle."""
    rows = SADDLE["N2"]["rows"]
    down = run(N2, "gradient_descent", [row["start"] for row in rows], 2000, learning_rate=0.2).position[-1]
    torch.testing.assert_close(down, tensor([row["gd_lr_0_2_end"] for row in rows]), rtol=0, atol=1e-9)
    assert down.prod(-1).tolist() == pytest.approx([row["gd_product"] for row in rows], abs=1e-12)


@pytest.mark.parametrize("row", SADDLE["N3"]["rows"][:3], ids=lambda row: f"{row['w']:g}")
def test_on_the_cliff_newtons_step_runs_along_the_level_line(row: dict[str, Any]) -> None:
    """N3: a step of 8 to 11 units that leaves the loss as it is, and no saddle anywhere near."""
    found = run(CLIFF, "newton", [row["w"], row["b"]], 1)
    step = found.position[1] - found.position[0]
    torch.testing.assert_close(step, tensor(row["newton_step"]), rtol=1e-9, atol=0)
    assert 7.9 < float(found.step_length[0]) < 11.4
    assert float(found.loss[0]) == pytest.approx(row["E"], rel=1e-12)
    assert abs(float(found.loss[1] - found.loss[0])) < 1e-15
    assert float(found.gradient_norm[1]) > 1e-3, "not a critical point"


def steps_to_half(kind: str, length: int, **settings: float) -> int:
    """Chain C: steps until the vanishing direction, c from 0 to 1, has half its error left."""
    loss = LANDSCAPES["vanishing_direction"].loss(sequence_length=length)
    error = run(loss, kind, [0.0, 0.0], 8000 if length == 40 and kind != "newton" else 100, **settings).position
    return int((error[:, 1] - 1).abs().gt(0.5 + 1e-12).int().cumprod(0).sum())


@pytest.mark.parametrize(
    ("length", "steps"), [(0, 1), (10, 8), (20, 79), pytest.param(40, 6893, marks=pytest.mark.thorough)]
)
def test_newton_needs_one_step_for_a_vanishing_direction(length: int, steps: int) -> None:
    """Chain C: gradient descent with rate ½ takes ever more steps, Newton one."""
    assert steps_to_half("gradient_descent", length, learning_rate=0.5) == steps
    assert steps_to_half("newton", length) == 1


@functools.cache
def chain_kernel(kind: str) -> Kernel:
    """The kernel of chain C, which is the same for all lengths and factors."""
    return descent_kernel("vanishing_direction", {}, kind, "none")


@pytest.mark.parametrize("factor", [0.1, 0.5, 0.8])
@pytest.mark.parametrize("length", [0, 10, 20, 40, 60, 80, 100])
def test_newton_takes_one_step_for_any_length_and_factor(length: int, factor: float) -> None:
    """Chain C, within all of its bounds, here and in the browser: to c = ½, where Newton's own formula leads."""
    choices = {"sequence_length": length, "factor": factor}
    loss = LANDSCAPES["vanishing_direction"].loss(**choices)
    starts = [[0.0, 0.0], [0.3, 0.0], [1.0 - 2.0**-53, 0.0], [1.0, 0.0]]
    for kind in ("newton", "newton_saddle_free"):
        ends = run(loss, kind, starts, 1).position[1]
        # Only the rounding of a may remain: one unit in the last place.
        torch.testing.assert_close(ends, tensor([[1.0, 0.5]] * 4), rtol=0, atol=3e-16)
        kernel = chain_kernel(kind)
        values = [{**choices, "step_scale": 1.0}[name.split(".")[1]] for name in kernel.parameters]
        jobs = [node.Descent(kernel.source, values, start, 1) for start in starts]
        for there in node.run(jobs):
            torch.testing.assert_close(tensor(there[:2, 1].tolist()), tensor([1.0, 0.5]), rtol=0, atol=3e-16)


@pytest.mark.parametrize("kind", METHODS)
def test_the_step_scale_is_a_factor_on_the_step(kind: str) -> None:
    start = [2.5, 2.5]
    steps = [
        run(LANDSCAPES["himmelblau"].loss(), kind, start, 1, step_scale=scale).position[1] - tensor(start)
        for scale in (1.0, 0.25)
    ]
    torch.testing.assert_close(steps[1], 0.25 * steps[0], rtol=1e-14, atol=1e-15)
