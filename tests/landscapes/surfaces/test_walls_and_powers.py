"""Wall and floor, product of weights and linear recurrence: closed forms and reference points."""

import math

import pytest
import torch

from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.derivatives import curvatures, value_and_gradient
from tests.landscapes.surfaces.test_cliffs import hessian
from tests.reference import reference, tensor


def test_the_slope_of_the_wall_is_bounded_and_the_minimum_is_at_its_foot() -> None:
    """C1: the wall is steepest at u = 0, slope H k/4 = 15; curvature 8.15 at the foot."""
    loss, facts = LANDSCAPES["wall_and_floor"].loss(), reference("cliffs")["wall_facts"]
    _, gradient = value_and_gradient(loss, tensor([0.0, 0.0]))
    assert gradient.norm().item() == pytest.approx(facts["max_wall_slope"], rel=1e-14)
    direction = math.atan2(gradient[1].item(), gradient[0].item())
    assert math.remainder(direction - math.pi / 6, math.pi) == pytest.approx(0, abs=1e-14)
    foot = tensor(LANDSCAPES["wall_and_floor"].minima(wall_height=2.0, wall_steepness=30.0)[0])
    assert curvatures(loss, foot)[1].item() == pytest.approx(facts["curvature_at_minimum"], rel=1e-13)
    across = torch.linspace(-0.3, 0.3, 201, dtype=torch.float64)
    line = torch.stack([across * math.cos(math.pi / 6), across * math.sin(math.pi / 6)], -1)
    _, slopes = value_and_gradient(loss, line)
    assert slopes.norm(dim=-1).max() < facts["max_wall_slope"] + 0.3


SCENES = {scene["id"]: scene for scene in reference("cliffs")["scenes"]}


KINDS = {"C1": "wall_and_floor", "C2": "product_of_weights", "C3": "linear_recurrence"}


@pytest.mark.parametrize("scene", SCENES)
def test_losses_and_gradients_at_reference_points(scene: str) -> None:
    """Loss and gradient to rounding: 1e-13, times the power's exponent."""
    loss = LANDSCAPES[KINDS[scene]].loss()
    for point in SCENES[scene]["points"]:
        value, gradient = value_and_gradient(loss, tensor([point["w"], point["b"]]))
        assert value.item() == pytest.approx(point["loss"], rel=1e-12)
        assert gradient.tolist() == pytest.approx([point["dw"], point["db"]], rel=1e-12)


@pytest.mark.parametrize("n", [1, 3, 4])
def test_sharpness_on_the_hyperbola(n: int) -> None:
    """C2, y = 1: n² (1/a² + 1/b²) where ab = 1; 2 n² at a = b = 1. The origin is a critical point of loss ½."""
    loss = LANDSCAPES["product_of_weights"].loss(repetitions=n)
    a = tensor([0.5, 1.0, 2.0])
    expected = n**2 * (1 / a**2 + a**2)
    torch.testing.assert_close(curvatures(loss, torch.stack([a, 1 / a], -1))[1], expected, rtol=1e-13, atol=0)
    value, gradient = value_and_gradient(loss, tensor([0.0, 0.0]))
    assert value == 0.5 and gradient.tolist() == [0.0, 0.0]


@pytest.mark.parametrize(("w", "expected"), [(0.9, 12.8), (1.0, 226.0), (1.1, 3245.0)])
def test_sharpness_in_the_valley_of_the_linear_recurrence(w: float, expected: float) -> None:
    """C3: 1 + (T x₀ w^(T−1))²."""
    loss = LANDSCAPES["linear_recurrence"].loss()
    leading = curvatures(loss, tensor([w, 2 - w**15]))[1].item()
    assert leading == pytest.approx(1 + (15 * w**14) ** 2, rel=1e-12)
    assert leading == pytest.approx(expected, rel=5e-3)


@pytest.mark.parametrize("w", [0.5, 0.9, 0.99, 1.0, 1.01, 1.1, 1.5, -0.9])
def test_derivatives_of_a_power(w: float) -> None:
    """Scene A, ½ (w^T x₀ − y)² with b = 0: first and second derivative vanish together, their ratio does not."""
    table = reference("linear_recurrence_derivatives")["table"][repr(w)]
    for row in table:
        length = int(row["T"])
        loss = LANDSCAPES["linear_recurrence"].loss(sequence_length=length, initial_state=0.5, target=1.0)
        _, gradient = value_and_gradient(loss, tensor([w, 0.0]))
        second = hessian(loss, tensor([[w, 0.0]]))[0, 0, 0].item()
        assert gradient[0].item() == pytest.approx(row["d1"], rel=1e-12)
        assert second == pytest.approx(row["d2"], rel=1e-12)
    if abs(w) <= 0.9:  # w^100 is small: the limit is near
        assert gradient[0].item() / second == pytest.approx(w / 99, rel=0.03)
