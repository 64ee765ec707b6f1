"""The cliffs: closed forms, points computed with 50 digits, curvature, steepness and the facts the book claims."""

import math

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.derivatives import curvatures, value_and_gradient
from tests.reference import reference, tensor

RNN = LANDSCAPES["one_unit_rnn"]
SIGMOID = 0.6224593312018545646  # σ(½)
SLOPE = 0.2350037122015944891  # σ'(½)


def hessian(loss: object, points: Tensor) -> Tensor:
    """Hessians ``(N, 2, 2)``, by reverse over reverse."""
    return torch.stack([torch.autograd.functional.hessian(loss, point) for point in points])


@pytest.mark.parametrize("w", [4.3, 4.5, 4.8, 5.0, 5.2])
def test_closed_form_on_the_cliff_line(w: float) -> None:
    """On b = ½ − σ(½) w the state stays at ½: E and its gradient are known.

    b is rounded to float64, and an error grows r^T-fold on the way to x_T: 1e-16 over the cliff's width,
    (r − 1)/(r^T − 1), is 4e-12 at w = 5 and 2e-11 at w = 5.2; the bound allows for ten of them.
    """
    b = 0.5 - SIGMOID * w
    r = w * SLOPE
    growth = (r**50 - 1) / (r - 1)
    value, gradient = value_and_gradient(RNN.loss(), tensor([w, b]))
    by_b = 2 * (SIGMOID - 0.7) * SLOPE * growth
    bound = max(1e-12, 10 * 2.2e-16 * growth)
    assert value.item() == pytest.approx((SIGMOID - 0.7) ** 2, rel=bound)
    torch.testing.assert_close(gradient, tensor([SIGMOID * by_b, by_b]), rtol=bound, atol=0)


def test_gradients_on_the_cliff_line_at_fifty_digits() -> None:
    for row in reference("one_unit_surface")["closed_form_on_cliff_line"]:
        if row["w"] > 5.2:
            continue  # b cannot be written precisely enough: the cliff is 1e-6 wide and less
        value, gradient = value_and_gradient(RNN.loss(), tensor([row["w"], row["b"]]))
        assert value.item() == pytest.approx(row["loss"], rel=1e-9)
        assert gradient.tolist() == pytest.approx([row["dw_closed"], row["db_closed"]], rel=1e-9)


@pytest.mark.parametrize("point", reference("one_unit_surface")["points"], ids=lambda p: f"{p['w']},{p['b']}")
def test_loss_gradient_and_hessian_at_reference_points(point: dict[str, float]) -> None:
    """Tolerance: 100 times the error of a plain float64 recursion at that very point, at least 1e-9."""
    at, error = tensor([point["w"], point["b"]]), point["err64"]
    value, gradient = value_and_gradient(RNN.loss(), at)
    assert value.item() == pytest.approx(point["loss"], rel=max(1e-9, 100 * error["loss"]))
    expected = tensor([point["dw"], point["db"]])
    assert (gradient - expected).norm() <= max(1e-9, 100 * error["grad"]) * expected.norm()
    curvature = tensor([[point["dww"], point["dwb"]], [point["dwb"], point["dbb"]]])
    measured = hessian(RNN.loss(), at[None])[0]
    assert (measured - curvature).norm() <= max(1e-9, 100 * error["dbb"]) * curvature.norm()


def test_losses_on_a_grid_over_the_paper_window() -> None:
    """21 x 21 points. Some lie on the face, so the bound is 1e-9 in loss, one part in 1e8 of the plains."""
    grid = reference("one_unit_surface")["grid21"]
    w, b = torch.meshgrid(tensor(grid["w"]), tensor(grid["b"]), indexing="xy")
    torch.testing.assert_close(RNN.loss()(torch.stack([w, b], -1)), tensor(grid["loss"]), rtol=0, atol=1e-9)


def test_losses_at_the_corners_of_the_paper_window() -> None:
    window = RNN.windows["paper"]
    assert window == (4.5, 5.5, -2.9, -1.9)
    corners = {
        (4.5, -2.9): 0.396703755575,
        (5.5, -2.9): 0.0272298751,
        (4.5, -1.9): 0.0370376766,
        (5.5, -1.9): 0.0721117088,
    }
    for corner, value in corners.items():
        assert RNN.loss()(tensor(corner)).item() == pytest.approx(value, rel=2e-9)
    seen = RNN.loss()(window.grid(101, 101))
    assert seen.max().item() == pytest.approx(0.396703755575, rel=1e-11)


@pytest.mark.parametrize("row", reference("one_unit_surface")["zero_loss_curve"], ids=lambda row: str(row["w"]))
def test_sharpness_along_the_curve_of_zero_loss(row: dict[str, float]) -> None:
    """At zero loss the Hessian is 2 g gᵀ: its trace is its leading eigenvalue, and 2/sharpness the largest stable rate.

    Rounding b to float64 moves the point by 2e-16: 2e-16 over the cliff's width, 1e-5 at w = 5.2.
    """
    at = tensor([row["w"], row["b"]])
    leading = curvatures(RNN.loss(), at)[1].item()
    assert leading == pytest.approx(row["sharpness_trace_H"], rel=1e-9)
    assert 2 / leading == pytest.approx(row["max_stable_lr"], rel=1e-9)
    trace = hessian(RNN.loss(), at[None])[0].trace().item()
    assert trace == pytest.approx(leading, rel=1e-6), "the other eigenvalue is 0"


@pytest.mark.parametrize("row", reference("one_unit_surface")["cliff_face"], ids=lambda row: str(row["w"]))
def test_the_gradient_norm_peaks_on_the_cliff_face(row: dict[str, float]) -> None:
    """The peak itself, and that points a tenth of the cliff's width to either side are less steep."""
    places = tensor([[row["w"], row["b_of_peak"] + offset * row["width"]] for offset in (-0.1, 0.0, 0.1)])
    value, gradient = value_and_gradient(RNN.loss(), places)
    below, peak, above = gradient.norm(dim=-1).tolist()
    # The peak is flat, so only loss and components feel that b is rounded: 2e-16 over the width.
    bound = max(1e-10, 1e-14 / row["width"])
    assert peak == pytest.approx(row["max_gnorm"], rel=bound)
    assert value[1].item() == pytest.approx(row["loss_at_peak"], rel=bound)
    assert gradient[1].tolist() == pytest.approx([row["dw"], row["db"]], rel=bound)
    assert max(below, above) < peak


@pytest.mark.parametrize("table", reference("one_unit_surface")["steepness_vs_T"], ids=lambda table: str(table["w"]))
def test_the_gradient_norm_on_the_cliff_grows_exponentially_with_the_sequence_length(table: dict[str, object]) -> None:
    """ln(gradient norm) on the cliff line grows by ln(w σ'(½)) per step in the end; every length is checked too."""
    w = float(table["w"])
    at, norms = tensor([w, 0.5 - SIGMOID * w]), {}
    for length, _, on_line in table["table"]:
        _, gradient = value_and_gradient(RNN.loss(sequence_length=int(length)), at)
        norms[int(length)] = gradient.norm().item()
        growth = (w * SLOPE) ** length
        assert norms[int(length)] == pytest.approx(on_line, rel=max(1e-11, 1e-14 * growth))
    per_step = (math.log(norms[60]) - math.log(norms[50])) / 10
    rate = math.log(w * SLOPE)
    assert rate == pytest.approx(table["ln_r"], rel=1e-12)
    # (r^60 - 1)/(r^50 - 1) is r^10 up to r^-50.
    assert per_step == pytest.approx(rate, abs=0.2 * (w * SLOPE) ** -50)


def test_the_largest_gradient_norm_grows_by_the_same_factor_per_step() -> None:
    """Claim 2: between T = 80 and 100, the log of the largest gradient norm at w = 5 grows by 0.1613 a step.

    The cliff is (r − 1)/(r^T − 1) wide, 1.6e-8 at T = 100, and steepest just below its line.
    """
    w = 5.0
    r, line = w * SLOPE, 0.5 - SIGMOID * w

    def steepest(length: int) -> float:
        b = line + (r - 1) / (r**length - 1) * torch.linspace(-4, 2, 3001, dtype=torch.float64)
        points = torch.stack([torch.full_like(b, w), b], -1)
        norms = value_and_gradient(RNN.loss(sequence_length=length), points)[1].norm(dim=-1)
        assert 0 < norms.argmax() < len(norms) - 1, "the peak is within"
        return norms.max().item()

    per_step = (math.log(steepest(100)) - math.log(steepest(80))) / 20
    assert per_step == pytest.approx(0.16129, abs=1e-5)
    assert per_step == pytest.approx(math.log(r), abs=2e-5)
    assert math.log(r) == pytest.approx(0.16128, abs=5e-6)


@pytest.mark.parametrize("row", reference("one_unit_surface")["window_max_gnorm"], ids=lambda row: row["window"])
def test_the_largest_gradient_norm_of_a_window_is_on_its_edge(row: dict[str, float]) -> None:
    """Computed with fifty digits, it is 286,922 in the paper's window.

    The cliff is 1e-6 (1e-9) wide there, so float64 gets it to 1e-8 (1e-3).
    """
    value, gradient = value_and_gradient(RNN.loss(), tensor([row["at_w"], row["at_b"]]))
    bound = 1e-8 if row["sup_gnorm"] < 1e6 else 1e-3
    assert gradient.norm().item() == pytest.approx(row["sup_gnorm"], rel=bound)
    assert value.item() == pytest.approx(row["loss_there"], rel=bound)
    assert row["at_b"] == row["b"][0]


def test_most_of_the_window_is_flat_and_few_grid_points_are_on_the_cliff() -> None:
    """Claim 1: in the paper's window the median gradient norm is 0.105, and 0.21 % of a grid's points exceed 1."""
    _, gradient = value_and_gradient(RNN.loss(), RNN.windows["paper"].grid(401, 401).reshape(-1, 2))
    norms = gradient.norm(dim=-1)
    assert norms.median().item() == pytest.approx(0.105, abs=0.0005)
    assert (norms > 1).double().mean().item() == pytest.approx(0.0021, abs=0.00005)


def test_the_plateau_beyond_the_cliff_has_no_gradient() -> None:
    """Thrown parameters land where σ(x_T) = 1: E = 0.09 and no gradient at all."""
    value, gradient = value_and_gradient(RNN.loss(), tensor([54.8, 78.8]))
    assert value.item() == pytest.approx(0.09, rel=1e-15)
    assert gradient.tolist() == [0.0, 0.0]


@pytest.mark.parametrize("row", reference("line_profile"), ids=lambda row: row["id"])
def test_the_linear_model_is_right_only_very_near_the_point(row: dict[str, float]) -> None:
    """Claim 4, along −g from the throw's place: the linear model is 10 % off after a thousandth of the step taken.

    At P2, the second throw, it predicts −179, and the loss changes by −0.048.
    P7 is on a face 1e-4 wide, where six more digits are lost than at P1.
    """
    at, bound = tensor([row["w"], row["b"]]), {"P1": 1e-9, "P2": 1e-9, "P7": 1e-8}[row["id"]]
    value, gradient = value_and_gradient(RNN.loss(), at)
    norm = gradient.norm()
    assert value.item() == pytest.approx(row["E"], rel=bound)
    assert norm.item() == pytest.approx(row["gnorm"], rel=bound)

    def change(step: float) -> float:
        return (RNN.loss()(at - step * gradient / norm) - value).item()

    assert -row["full_step"] * norm.item() == pytest.approx(row["predicted_dE_linear"], rel=bound)
    assert change(row["full_step"]) == pytest.approx(row["actual_dE"], rel=1e-6)
    if row["id"] == "P2":
        stated = [-179, -0.048, 0.0008, 0.026, 9.45]
        found = [row["predicted_dE_linear"], row["actual_dE"], row["linear_model_off_by_10pct_at"], row["best_step"]]
        assert [*found, row["full_step"]] == [
            pytest.approx(value, abs=bound)
            for value, bound in zip(stated, [0.5, 0.0005, 0.00005, 0.0005, 0.005], strict=True)
        ]
    early = row["linear_model_off_by_10pct_at"]
    assert abs(change(early) / (-early * norm.item()) - 1) == pytest.approx(0.1, rel=0.01)
    best = row["best_step"]
    assert change(best) + value.item() == pytest.approx(row["E_best"], abs=1e-7)
    assert early < best < row["full_step"] / 100
