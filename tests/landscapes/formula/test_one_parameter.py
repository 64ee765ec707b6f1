"""One parameter: descents on curves are those of a loss of one number, for every optimizer and every clip."""

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.catalogue import CLIPS, OPTIMIZERS
from cliffscape.landscapes.derivatives import curvatures
from cliffscape.landscapes.descent.batch import SweepRecipe
from cliffscape.landscapes.descent.descend import trajectory
from cliffscape.landscapes.descent.sweep import Lanes, sweep
from cliffscape.landscapes.loss import LANDSCAPES, Window
from cliffscape.landscapes.optimizers.curvature_products import cost
from cliffscape.landscapes.transform import of_one_parameter, with_own_stream

START = torch.tensor([1.5, 0.0], dtype=torch.float64)
SQUARE = LANDSCAPES["formula"].of(text="x**2/2")
# A double well, steep outside.
WELLS = LANDSCAPES["formula"].of(text="x**4/4 - x**2 + 0.3*x")
# Gauss-Newton methods need a sum of squares, and a formula is none.
OF_A_FORMULA = [one.kind for one in OPTIMIZERS if one.function().asks != "gauss_newton"]


def descent(entry: str, clip: str, text: str, start: Tensor, steps: int, rate: dict[str, float]) -> Tensor:
    """The positions of a run in two coordinates, or in one."""
    loss = LANDSCAPES["formula"].loss(text=text)
    chosen = with_own_stream(CLIPS[clip].function(), {"clip.threshold": 0.2})
    rules = OPTIMIZERS[entry].function(**rate), chosen
    if len(start) == 2:
        rules = of_one_parameter(rules[0]), of_one_parameter(rules[1])
    return trajectory(loss, start, *rules, steps).position


@pytest.mark.parametrize("rate", [0.1, 0.5, 1.7, 2.5])
def test_gradient_descent_on_a_parabola_is_a_geometric_sequence(rate: float) -> None:
    found = descent("gradient_descent", "none", "x**2/2", START, 30, {"learning_rate": rate})
    expected = 1.5 * (1 - rate) ** torch.arange(31, dtype=torch.float64)
    torch.testing.assert_close(found[:, 0], expected, rtol=1e-12, atol=0)
    assert not found[:, 1].any()


def test_newton_reaches_the_minimum_of_a_parabola_in_one_step() -> None:
    found = descent("newton", "none", "x**2/2", START, 2, {})
    assert found.tolist() == [[1.5, 0], [0, 0], [0, 0]]
    # -ε g/(h + λ), with g = 1.5, h = 1 and λ = 2.
    damped = descent("newton_damped", "none", "x**2/2", START, 1, {})
    assert damped[1].tolist() == pytest.approx([1.0, 0.0], rel=1e-14)


def test_newton_has_no_step_where_the_curvature_is_zero() -> None:
    found = descent("newton", "none", "x", START, 1, {})
    assert found[1].isinf().any()


@pytest.mark.parametrize("kind", OF_A_FORMULA)
def test_every_optimizer_takes_the_steps_of_one_number(kind: str) -> None:
    found = descent(kind, "by_norm", "x**4/4 - x**2 + 0.3*x", START, 12, {})
    alone = descent(kind, "by_norm", "x**4/4 - x**2 + 0.3*x", START[:1], 12, {})
    assert torch.equal(found[:, :1], alone)
    assert not found[:, 1].any()
    assert (found[1:, 0] != 1.5).any()


@pytest.mark.parametrize("kind", [one.kind for one in CLIPS])
def test_every_clip_acts_on_one_number(kind: str) -> None:
    found = descent("gradient_descent", kind, "x**4/4 - x**2 + 0.3*x", START, 12, {})
    alone = descent("gradient_descent", kind, "x**4/4 - x**2 + 0.3*x", START[:1], 12, {})
    assert torch.equal(found[:, :1], alone)
    assert not found[:, 1].any()


def test_a_random_step_on_a_curve_is_as_long_as_the_threshold() -> None:
    found = descent("gradient_descent", "random_step", "x**4/4", torch.tensor([9.0, 0.0]).double(), 40, {})
    steps = (found[1:] - found[:-1])[:, 0]
    # The learning rate is 0.5 and the threshold 0.2.
    torch.testing.assert_close(steps.abs(), torch.full((40,), 0.1, dtype=torch.float64))
    assert {*steps.sign().tolist()} == {-1.0, 1.0}


def test_values_are_clipped_without_a_rotation() -> None:
    rotated = descent("gradient_descent", "by_value_turned", "x**4/4", START, 9, {})
    assert torch.equal(rotated, descent("gradient_descent", "by_value", "x**4/4", START, 9, {}))


def test_a_curve_has_one_curvature() -> None:
    loss = LANDSCAPES["formula"].loss(text="x**4/4 - x**2 + 0.3*x")
    flattest, sharpness = curvatures(loss, START[:1])
    assert flattest.item() == sharpness.item() == pytest.approx(3 * 1.5**2 - 2)


def test_a_step_on_a_curve_costs_one_curvature_product() -> None:
    assert cost(SQUARE.adapt(OPTIMIZERS["newton"].function()), SQUARE.dimension).products == 1


def test_the_window_of_a_curve_has_no_height_and_its_diagonal_is_its_width() -> None:
    assert SQUARE.window == Window(-2, 2) == (-2, 2, 0, 0)
    assert SQUARE.window.diagonal == 4
    assert (SQUARE.curve, SQUARE.dimension, LANDSCAPES["ravine"].curve) == (True, 1, False)


@pytest.mark.parametrize("clip", ["by_norm", "random_step", "by_value_turned"])
def test_a_sweep_ends_where_the_run_alone_does(clip: str) -> None:
    text = "x**4/4 - x**2 + 0.3*x"
    recipe = SweepRecipe("formula", "gradient_descent", clip, structural={"text": text}, values={"clip.threshold": 0.2})
    starts = torch.tensor([[-1.9, 0.0], [1.5, 0.0]], dtype=torch.float64)
    work = sweep(recipe, Lanes(starts), 25)
    with pytest.raises(StopIteration) as end:
        while True:
            next(work)
    _, guard, optimizer = recipe.build(recipe.numbers)
    loss = LANDSCAPES["formula"].loss(text=text)
    rows = [trajectory(loss, start, optimizer, guard, 25).loss[-1] for start in starts]
    assert torch.equal(end.value.value.loss, torch.stack(rows))
    assert WELLS.window.left < -1.9
