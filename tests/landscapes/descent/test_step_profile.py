"""The loss along a step: closed forms, and the throws of the one-unit net."""

import math
from typing import Any

import pytest
import torch

from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.derivatives import second_order, value_and_gradient
from cliffscape.landscapes.descent.step_profile import models, reach
from tests.reference import reference

RNN = LANDSCAPES["one_unit_rnn"].loss()


def vector(*numbers: float) -> torch.Tensor:
    """A point or a step."""
    return torch.tensor(numbers, dtype=torch.float64)


def test_models_of_a_quadratic_are_the_quadratic() -> None:
    loss = LANDSCAPES["ravine"].loss(condition_number=20.0)
    value, slope, curvature = models(second_order(loss, vector(-1.7, 0.9)), vector(0.6, 0.8))
    assert value.item() == pytest.approx(0.5 * (1.7**2 + 20 * 0.81))
    assert slope.item() == pytest.approx(-1.7 * 0.6 + 20 * 0.9 * 0.8)
    assert curvature.item() == pytest.approx(0.36 + 20 * 0.64)


def test_models_of_many_points_are_those_of_each() -> None:
    points, directions = torch.randn(5, 2, dtype=torch.float64) - 2, torch.randn(5, 2, dtype=torch.float64)
    together = torch.stack(models(second_order(RNN, points), directions))
    pairs = zip(points, directions, strict=True)
    alone = torch.stack([torch.stack(models(second_order(RNN, p), d)) for p, d in pairs], -1)
    torch.testing.assert_close(together, alone, rtol=1e-12, atol=1e-14)


def test_the_linear_model_of_a_parabola_holds_for_a_fifth_of_the_way_to_its_minimum() -> None:
    """L = x²/2 from 1: the slope predicts −s, and the change is −s + s²/2, a tenth off at s = 0.2; least at s = 1."""
    found = reach(lambda theta: 0.5 * (theta**2).sum(-1), vector(1.0, 0.0), vector(-3.0, 0.0))
    assert found.linear_until == pytest.approx(0.2, rel=1e-9)
    assert found.lowest_at == pytest.approx(1.0, rel=1e-3)


def test_the_linear_model_of_a_linear_loss_holds_for_the_whole_step() -> None:
    found = reach(lambda theta: theta.sum(-1), vector(1.0, 0.0), vector(-3.0, -4.0))
    assert found.linear_until == 5.0
    assert found.lowest_at == pytest.approx(5.0, rel=1e-3)


def test_a_change_within_rounding_is_not_an_error_of_the_linear_model() -> None:
    """On the dead plateau a step changes the loss by less than its last bit."""
    found = reach(RNN, vector(8.8, 6.13), vector(1e-9, 1e-9))
    assert found.linear_until == pytest.approx(math.sqrt(2) * 1e-9)


@pytest.mark.parametrize("length", [0.0, math.inf])
def test_a_step_without_a_direction_has_the_length_of_the_step_as_its_reach(length: float) -> None:
    assert reach(RNN, vector(4.0, -2.0), vector(length, 0.0)) == (length, length)


def test_a_smaller_error_ends_the_linear_model_earlier() -> None:
    """L = x²/2 from 1: the share s/2 off at s."""
    found = reach(lambda theta: 0.5 * (theta**2).sum(-1), vector(1.0, 0.0), vector(-3.0, 0.0), error=0.01)
    assert found.linear_until == pytest.approx(0.02, rel=1e-9)


def test_nan_ends_the_range_of_the_linear_model() -> None:
    found = reach(lambda theta: torch.log(theta[..., 0]), vector(1.0, 0.0), vector(-2.0, 0.0))
    assert 0 < found.linear_until < 1
    assert 0.9 < found.lowest_at <= 1.0


@pytest.mark.parametrize("row", reference("line_profile"), ids=lambda row: row["id"])
def test_the_linear_model_of_a_throw_holds_for_a_thousandth_of_it(row: dict[str, Any]) -> None:
    """Claim 4: 10 % off after 0.0008, least after 0.026, and the step goes 9.45 (the second throw)."""
    at = vector(row["w"], row["b"])
    _, gradient = value_and_gradient(RNN, at)
    step = -gradient / gradient.norm() * row["full_step"]
    found = reach(RNN, at, step)
    assert found.linear_until == pytest.approx(row["linear_model_off_by_10pct_at"], rel=0.01)
    assert found.lowest_at == pytest.approx(row["best_step"], rel=0.01)
    assert found.linear_until < row["full_step"] / 500
    assert models(second_order(RNN, at), step / row["full_step"]).slope.item() == pytest.approx(-row["gnorm"], rel=1e-8)
    assert math.isfinite(models(second_order(RNN, at), step).curvature.item())
