"""Vanishing together: claim 13, against numbers of fifty digits, and where it fails."""

import math

import pytest
import torch

from cliffscape.landscapes.analysis.vanishing import CHAINS, Derivatives, derivatives, trend
from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.derivatives import value_and_gradient
from tests.reference import reference, tensor

A = {"initial_state": 0.5, "target": 1.0}
TABLES = reference("vanishing_together")


def chain_a(w: float) -> Derivatives:
    """Chain A, ½ (w^T x₀ − y)², at w."""
    return derivatives(CHAINS["linear_recurrence"], tensor([w, 0.0]), A)


def chain_b(weight: float) -> Derivatives:
    """Chain B, u through tanh(λ h), at u = 0.7."""
    return derivatives(CHAINS["tanh_chain"], tensor([0.7, weight]), {"target": 1.0})


def of(values: torch.Tensor, *lengths: int) -> list[float]:
    """Values at some lengths."""
    return [values[length - 1].item() for length in lengths]


@pytest.mark.parametrize("w", TABLES["A"]["table"])
def test_derivatives_of_a_power_for_every_length(w: str) -> None:
    """All 100 of them, from 1 down to 1e-28; 2e-12 as 1.01^T − 2 comes close to 0."""
    row, found = TABLES["A"]["table"][w], chain_a(float(w))
    for ours, theirs in ((found.first, "d1"), (found.second, "d2"), (found.gauss_newton, "gn")):
        torch.testing.assert_close(ours, tensor(row[theirs]), rtol=2e-12, atol=0)
    torch.testing.assert_close(found.gauss_newton_step(), tensor(row["ratio_gn_damped"]), rtol=2e-12, atol=0)


@pytest.mark.parametrize("weight", TABLES["B"]["table"])
def test_derivatives_of_the_tanh_chain_for_every_length(weight: str) -> None:
    row, found = TABLES["B"]["table"][weight], chain_b(float(weight))
    ratios = ((found.newton, "ratio"), (found.gauss_newton_step(0.0), "ratio_gn"))
    for ours, theirs in ((found.first, "d1"), (found.second, "d2"), *ratios):
        torch.testing.assert_close(ours, tensor(row[theirs]), rtol=1e-13, atol=0)


def test_the_ratio_of_a_falls_only_like_the_length_and_its_step_goes_to_the_flat_point() -> None:
    """w/(T − 1) below 1, w/(2T − 1) above; the second derivative is negative below 1."""
    found = chain_a(0.9)
    assert of(found.newton, 10, 50, 100) == pytest.approx([0.13065, 0.018416, 0.009091], rel=5e-5)
    assert of(found.newton, 100) == pytest.approx([0.9 / 99], rel=1e-4)
    assert of(found.first, 10, 100) == pytest.approx([-1.6, -1.5e-3], rel=0.02)
    assert (found.second[9:] < 0).all() and (found.newton[9:] > 0).all(), "Newton's step is −ratio, towards w = 0"
    assert of(chain_a(0.5).first, 100) == pytest.approx([-7.9e-29], rel=2e-3)
    assert of(chain_a(0.5).newton, 100) == pytest.approx([0.00505], rel=1e-3)
    assert of(chain_a(1.1).newton, 100) == pytest.approx([0.0055272], rel=1e-5)
    assert of(chain_a(1.1).newton, 100) == pytest.approx([1.1 / 199], rel=1e-4)


def test_the_ratio_of_b_is_constant_to_seven_digits() -> None:
    found = chain_b(0.8)
    assert of(found.newton, 10, 50, 100) == pytest.approx([-0.58690, -0.6030010, -0.6030036], abs=5e-8 + 5e-6)
    assert of(found.newton, 50, 100) == pytest.approx([-0.6030010, -0.6030036], abs=5e-8)
    assert of(found.first, 10, 50, 100) == pytest.approx([-0.050, -7.1e-6, -1.0e-10], rel=0.01)
    """λ = ½, from T = 25 to 100: over these lengths the slope falls by 10^22.6."""
    steady, slope = chain_b(0.5).newton[24:], chain_b(0.5).first[24:]
    assert (steady / steady[-1] - 1).abs().max() < 1e-7
    assert math.log10(slope[0] / slope[-1]) == pytest.approx(22.6, abs=0.05)


def test_gauss_newton_vanishes_twice_as_fast() -> None:
    """Its ratio explodes like w^−T, and goes back to 0 once it is damped."""
    found = chain_a(0.5)
    assert of(found.gauss_newton_step(0.0), 100) == pytest.approx([-1.3e28], rel=0.03)
    growth = found.gauss_newton_step(0.0)[-1] / found.gauss_newton_step(0.0)[-2]
    assert growth.item() == pytest.approx(2.0, rel=0.02), "1/w per step, but for T in the denominator"
    assert abs(found.gauss_newton_step()[-1]) < 1e-25
    assert abs(found.gauss_newton_step()[9]) > 1


def test_slope_and_curvature_of_c_have_the_same_factor() -> None:
    found = derivatives(CHAINS["vanishing_direction"], tensor([0.0, 0.0]), {"factor": 0.8})
    torch.testing.assert_close(found.newton, torch.full_like(found.newton, -0.5), rtol=1e-14, atol=0)
    torch.testing.assert_close(found.gauss_newton, found.second, rtol=1e-14, atol=0)
    assert of(found.first, 40) == pytest.approx([-2 * 0.8**40], rel=1e-13)


def test_on_the_cliff_curvature_grows_like_the_square_of_the_gradient() -> None:
    """There the claim fails: largest |H| is 6.4 to 4.9 times largest |g|², so |g|/|H| shrinks as the cliff steepens.

    Largest over 4001 points across the face, 16 widths wide; the reference searched a grid of its own: 1e-4.
    """
    faces = {row["w"]: row for row in reference("one_unit_surface")["cliff_face"]}
    rows = [row for row in TABLES["cliff"] if row["w"] in faces]
    steepest = []
    for row in rows:
        face, across = faces[row["w"]], torch.linspace(-8, 8, 4001, dtype=torch.float64)
        b = (face["b_of_peak"] + face["width"] * across).requires_grad_()
        w = torch.full_like(b, row["w"]).requires_grad_()
        value = LANDSCAPES["one_unit_rnn"].loss()(torch.stack([w, b], -1)).sum()
        gradient = torch.autograd.grad(value, (w, b), create_graph=True)
        hessian = [torch.stack(torch.autograd.grad(part.sum(), (w, b), retain_graph=True), -1) for part in gradient]
        curvature = torch.linalg.eigvalsh(torch.stack(hessian, -1)).abs().max().item()
        slope = torch.stack(gradient).norm(dim=0).max().item()
        assert slope == pytest.approx(row["max_g"], rel=1e-4)
        assert curvature / slope**2 == pytest.approx(row["hess_over_g2"], rel=1e-3)
        steepest.append((slope, curvature))
    assert [row["w"] for row in rows] == [4.5, 4.8, 5.2]
    (first, *_, last) = ([math.log(part) for part in pair] for pair in steepest)
    assert (last[1] - first[1]) / (last[0] - first[0]) == pytest.approx(1.96, abs=0.02)


def test_on_the_cliff_line_the_ratio_shrinks_with_every_step() -> None:
    """At w = 5 the first derivative by b grows by w σ'(½) per step, the second by its square."""
    b = 0.5 - 0.6224593312018546 * 5
    found = derivatives(CHAINS["one_unit_rnn"], tensor([5.0, b]), {"initial_state": 0.5, "target": 0.7})
    rate = 5 * 0.2350037122015945
    assert (found.first[79] / found.first[59]).item() == pytest.approx(rate**20, rel=1e-3)
    assert (found.newton[79] / found.newton[59]).item() == pytest.approx(rate**-20, rel=1e-2)
    assert trend(found.newton) == "shrinks" and trend(found.first) == "grows"


@pytest.mark.parametrize("kind", CHAINS)
def test_a_chain_is_its_landscape(kind: str) -> None:
    """First and second derivative along its coordinate are those of the landscape's loss, for short and long chains."""
    entry, chain = LANDSCAPES[kind], CHAINS[kind]
    at = tensor([0.9, 0.4]) if kind == "linear_recurrence" else tensor(entry.start)
    found = derivatives(chain, at, entry.defaults)
    for length in (1, 2, 7, 50):
        loss = entry.loss(sequence_length=length)
        _, gradient = value_and_gradient(loss, at)
        hessian = torch.autograd.functional.hessian(loss, at)
        assert found.first[length - 1].item() == pytest.approx(gradient[chain.axis].item(), rel=1e-10)
        assert found.second[length - 1].item() == pytest.approx(hessian[chain.axis, chain.axis].item(), rel=1e-10)
        assert found.gauss_newton[length - 1] >= 0
        if chain.flat and length > 2:
            resting = derivatives(chain, tensor([0.0, 0.4]), entry.defaults)
            assert resting.first[length - 1] == resting.second[length - 1] == 0


def test_every_landscape_with_a_chain_has_a_length_parameter() -> None:
    for kind in CHAINS:
        (length,) = (p for p in LANDSCAPES[kind].parameters if p.name == "sequence_length")
        assert length.range.high == 100


def test_trends_of_example_values() -> None:
    lengths = torch.arange(1, 101, dtype=torch.float64)
    cases = {
        "constant": torch.full_like(lengths, -0.3),
        "inverse": 0.9 / (lengths - 0.5),
        "shrinks": 0.9**lengths,
        "grows": -(1.1**lengths),
        "changes": 1.01**lengths,
        "none": torch.where(lengths < 100, lengths, torch.full_like(lengths, math.inf)),
    }
    assert {name: trend(values) for name, values in cases.items()} == {name: name for name in cases}
    assert trend(torch.zeros_like(lengths)) == "none"
    assert trend(chain_b(0.8).newton) == "constant" and trend(chain_a(0.9).newton) == "inverse"
    assert trend(chain_a(0.5).first) == "shrinks" and trend(chain_a(0.5).gauss_newton_step(0.0)) == "grows"
