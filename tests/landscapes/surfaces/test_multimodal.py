"""The surfaces with many minima: values and gradients in closed form, all minima, and numbers in their presets."""

import math
from collections.abc import Callable
from decimal import Decimal, localcontext
from itertools import product

import pytest
import torch

from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.derivatives import curvatures, value_and_gradient
from cliffscape.landscapes.descent.descend import Record, trajectory
from cliffscape.landscapes.surfaces.multimodal import STYBLINSKI_TANG_ROOT
from tests.landscapes.test_loss import sample
from tests.reference import tensor

TURN = 2 * math.pi


def rastrigin(x: float, y: float) -> tuple[float, list[float]]:
    """Value and gradient, with cosines as in the paper."""
    value = 20 + x**2 - 10 * math.cos(TURN * x) + y**2 - 10 * math.cos(TURN * y)
    return value, [2 * z + 10 * TURN * math.sin(TURN * z) for z in (x, y)]


def ackley(x: float, y: float) -> tuple[float, list[float]]:
    """Value and gradient away from the origin."""
    distance = math.hypot(x, y) / math.sqrt(2)
    funnel, ripple = 20 * math.exp(-0.2 * distance), math.exp((math.cos(TURN * x) + math.cos(TURN * y)) / 2)
    slope = [0.1 * funnel * z / distance + ripple * math.pi * math.sin(TURN * z) for z in (x, y)]
    return 20 + math.e - funnel - ripple, slope


def styblinski_tang(x: float, y: float) -> tuple[float, list[float]]:
    """Value and gradient."""
    return sum(z**4 - 16 * z**2 + 5 * z for z in (x, y)) / 2, [2 * z**3 - 16 * z + 2.5 for z in (x, y)]


FORMULAS = [rastrigin, ackley, styblinski_tang]


@pytest.mark.parametrize("formula", FORMULAS)
def test_values_and_gradients_equal_the_closed_forms(
    formula: Callable[[float, float], tuple[float, list[float]]],
) -> None:
    entry = LANDSCAPES[formula.__name__]
    points = sample(entry.window, 50)
    values, gradients = value_and_gradient(entry.loss(), points)
    for point, value, gradient in zip(points.tolist(), values, gradients, strict=True):
        expected, slope = formula(*point)
        assert value.item() == pytest.approx(expected, rel=1e-13, abs=1e-12)
        assert gradient.tolist() == pytest.approx(slope, rel=1e-12, abs=1e-12)


VALUES = [
    # Whole coordinates: every cosine is 1.
    ("rastrigin", (0.0, 0.0), 0.0),
    ("rastrigin", (1.0, -2.0), 5.0),
    ("rastrigin", (0.5, 0.5), 40.5),
    ("ackley", (0.0, 0.0), 0.0),
    ("ackley", (1.0, 1.0), 20 * (1 - math.exp(-0.2))),
    ("styblinski_tang", (0.0, 0.0), 0.0),
    ("styblinski_tang", (1.0, 1.0), -10.0),
    ("styblinski_tang", (-2.0, 2.0), -48.0),
]


@pytest.mark.parametrize(("kind", "point", "value"), VALUES)
def test_values_worked_out_by_hand(kind: str, point: tuple[float, float], value: float) -> None:
    assert LANDSCAPES[kind].loss()(tensor(point)).item() == pytest.approx(value, rel=1e-14, abs=1e-14)


@pytest.mark.parametrize("kind", [formula.__name__ for formula in FORMULAS])
def test_no_point_of_a_fine_grid_is_lower_than_the_minimum(kind: str) -> None:
    """The global minimum is the only one that is declared, and there is no other of the same depth."""
    entry = LANDSCAPES[kind]
    (place,) = entry.minima()
    lowest, grid = entry.loss()(tensor(place)), entry.window.grid(401, 401)
    losses, far = entry.loss()(grid), (grid - tensor(place)).norm(dim=-1) > 0.5
    assert (losses >= lowest).all()
    assert (losses[far] > lowest + 0.9).all()


def test_the_root_of_styblinski_and_tang_has_sixteen_digits() -> None:
    """4x³ − 32x + 5 = 0, by Newton's method with 50 digits."""
    with localcontext(prec=50):
        root = Decimal(-3)
        for _ in range(10):
            root -= (4 * root**3 - 32 * root + 5) / (12 * root**2 - 32)
        assert float(root) == STYBLINSKI_TANG_ROOT
        value = root**4 - 16 * root**2 + 5 * root
    (place,) = LANDSCAPES["styblinski_tang"].minima()
    assert place == (STYBLINSKI_TANG_ROOT, STYBLINSKI_TANG_ROOT)
    assert LANDSCAPES["styblinski_tang"].loss()(tensor(place)).item() == pytest.approx(float(value), rel=1e-15)
    assert float(value) == pytest.approx(-78.33233140754282, rel=1e-15)


def test_ackleys_tip_has_loss_and_gradient_zero() -> None:
    """Autograd of the plain formula gives NaN there. Close to the tip the gradient is 2√2 = 2.83 along the radius."""
    loss = LANDSCAPES["ackley"].loss()
    value, gradient = value_and_gradient(loss, tensor([[0.0, 0.0], [-0.0, 0.0], [3e-9, -4e-9]]))
    assert value[:2].tolist() == [0.0, 0.0]
    assert gradient[:2].abs().max() == 0
    expected = 2 * math.sqrt(2) * tensor([0.6, -0.8])
    torch.testing.assert_close(gradient[2], expected, rtol=1e-7, atol=0)
    assert curvatures(loss, tensor([0.0, 0.0]))[1].isfinite()


def test_ackleys_function_is_nan_at_infinity() -> None:
    """A cosine has no limit there."""
    value, gradient = value_and_gradient(LANDSCAPES["ackley"].loss(), tensor([[math.inf, 0.0], [0.0, math.nan]]))
    assert value.isnan().all() and gradient.isnan().any(-1).all()


def test_every_valley_of_rastrigin_has_a_stable_rate_below_half_a_hundredth() -> None:
    """The curvature at the bottom of a valley is 2 + 40π² = 396.8 at the origin, and nearly that in the others."""
    loss = LANDSCAPES["rastrigin"].loss()
    bottoms = tensor([list(place) for place in product(range(-5, 6), repeat=2)])
    for _ in range(20):
        _, gradient = value_and_gradient(loss, bottoms)
        bottoms = bottoms - gradient / (2 + 40 * math.pi**2)
    curvature = curvatures(loss, bottoms)[1]
    assert value_and_gradient(loss, bottoms)[1].abs().max() < 1e-9
    assert curvature.max().item() == pytest.approx(2 + 40 * math.pi**2, rel=1e-12)
    assert (2 / curvature < 0.00517).all()


def preset_run(kind: str, name: str, clipped: bool) -> tuple[str, Record]:
    """The sentence of a preset, and its run with or without the clip."""
    entry = LANDSCAPES[kind]
    (preset,) = (one for one in entry.presets if one.name == name)
    chosen = preset.choices
    settings = {k.partition(".")[2]: value for k, value in chosen.items() if k.startswith("optimizer.")}
    rule = OPTIMIZERS[chosen["optimizer"]].function(**settings)
    clip = CLIPS["by_norm"].function(chosen["clip.threshold"]) if clipped else CLIPS["none"].function()
    run = trajectory(entry.loss(), tensor(chosen.get("start", entry.start)), rule, clip, chosen["steps"])
    return preset.sentence, run


def test_a_small_rate_leads_to_the_valley_of_the_start() -> None:
    for clipped in (False, True):
        sentence, run = preset_run("rastrigin", "The valley of the start", clipped)
        assert set(map(tuple, run.position.round().tolist())) == {(3.0, -3.0)}
        assert run.loss[-1] < 18.1
    _, free = preset_run("rastrigin", "The valley of the start", False)
    assert "17.9" in sentence and free.loss[-1].item() == pytest.approx(17.9, abs=0.05)


def test_on_rastrigin_only_the_unclipped_run_leaves_its_valley() -> None:
    sentence, free = preset_run("rastrigin", "From valley to valley", False)
    _, clipped = preset_run("rastrigin", "From valley to valley", True)
    assert "at most 0.15 units" in sentence and clipped.step_length[:-1].max() < 0.15 + 1e-15
    assert len(set(map(tuple, free.position.round().tolist()))) > 10
    assert set(map(tuple, clipped.position.round().tolist())) == {(3.0, -3.0)}
    assert clipped.step_length[-2] > 0.14


def test_newton_ends_at_a_maximum_of_rastrigin() -> None:
    _, run = preset_run("rastrigin", "Newton goes to a maximum", True)
    hessian = torch.autograd.functional.hessian(LANDSCAPES["rastrigin"].loss(), run.position[-1])
    assert run.gradient_norm[-1] < 1e-10 and (torch.linalg.eigvalsh(hessian) < 0).all()
    assert run.loss[-1] > run.loss[0]


def test_numbers_in_the_sentences_about_ackley() -> None:
    sentence, free = preset_run("ackley", "Out of a valley", False)
    _, clipped = preset_run("ackley", "Out of a valley", True)
    assert "0.92 units" in sentence and free.step_length[:-1].max().item() == pytest.approx(0.92, abs=0.005)
    assert "0.1 units" in sentence and clipped.step_length[:-1].max().item() == pytest.approx(0.1, rel=1e-14)
    assert free.position[-1].norm() < 0.5
    assert (clipped.position[-1] - tensor([2.0, -2.0])).abs().max() < 0.1
    sentence, free = preset_run("ackley", "Steps that do not become shorter", False)
    _, clipped = preset_run("ackley", "Steps that do not become shorter", True)
    assert "0.42 units" in sentence and free.step_length[-20:-1].min().item() == pytest.approx(0.42, abs=0.005)
    assert "0.05" in sentence and clipped.step_length[-20:-1].min().item() == pytest.approx(0.05, rel=1e-12)


def test_numbers_in_the_sentences_about_styblinski_and_tang() -> None:
    sentence, free = preset_run("styblinski_tang", "A long step to the lowest valley", False)
    _, clipped = preset_run("styblinski_tang", "A long step to the lowest valley", True)
    assert "7.46 units" in sentence and free.step_length[0].item() == pytest.approx(7.46, abs=0.005)
    assert (free.position[-1] - STYBLINSKI_TANG_ROOT).abs().max() < 0.05
    assert (clipped.position > 2).all(), "the clipped run stays in the corner"
    sentence, free = preset_run("styblinski_tang", "Overflow in the corner", False)
    assert "in six steps" in sentence and int((~free.loss.isfinite()).int().argmax()) == 6
    largest = [curvatures(LANDSCAPES["styblinski_tang"].loss(), tensor([z, z]))[1].item() for z in (2.7468, -2.9035)]
    assert 2 / max(largest) > 0.05 and 2 / min(largest) < 0.1
