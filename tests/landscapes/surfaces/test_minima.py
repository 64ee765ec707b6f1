"""Where the minima lie: closed forms, and the curve of zero loss of the one-unit RNN from 50 digits."""

import math
from itertools import pairwise

import pytest
import torch

from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.loss import Window
from cliffscape.landscapes.surfaces.minima import (
    bisect_root,
    linear_recurrence_valley,
    one_unit_valley,
    product_valley,
    wall_foot,
)
from tests.reference import reference, tensor


def test_bisection_finds_a_root_to_the_last_bit() -> None:
    root = bisect_root(lambda x: x * x - 2, 0.0, 2.0)
    assert root <= math.sqrt(2) <= math.nextafter(root, 2)


def sigmoid(x: float) -> float:
    """The sigmoid of the one-unit RNN; bisection relies on its sign far from the valley."""
    return torch.sigmoid(tensor(x)).item()


def test_sigmoid_neither_overflows_nor_loses_small_values() -> None:
    assert sigmoid(0.0) == 0.5 and sigmoid(1000.0) == 1.0 and sigmoid(-1000.0) == 0.0
    assert sigmoid(-700.0) == pytest.approx(math.exp(-700.0), rel=1e-14)
    assert sigmoid(2.0) + sigmoid(-2.0) == pytest.approx(1, rel=1e-15)


def test_the_zero_loss_curve_equals_that_of_fifty_digits() -> None:
    """At w = 3 and 4, before the face; the columns are w = 2, 2.05, ..."""
    curve = {round(w, 6): b for w, b in one_unit_valley(50, 0.5, 0.7)}
    for row in reference("one_unit_surface")["zero_loss_curve"]:
        if row["w"] in curve:
            assert curve[row["w"]] == pytest.approx(row["b"], rel=1e-14)
    assert {3.0, 4.0} <= set(curve)


@pytest.mark.parametrize(
    ("length", "state", "target"), [(1, 0.5, 0.7), (5, -2.0, 0.2), (50, 2.0, 0.99), (100, 0.0, 0.5)]
)
def test_the_one_unit_valley_follows_its_parameters(length: int, state: float, target: float) -> None:
    loss = LANDSCAPES["one_unit_rnn"].loss(sequence_length=length, initial_state=state, target=target)
    value, gradient = value_and_gradient(loss, tensor(one_unit_valley(length, state, target)))
    assert value.max() < 1e-22 and gradient.abs().max() < 1e-8


@pytest.mark.parametrize("target", [0.0, 1.0])
def test_a_target_out_of_reach_has_no_valley(target: float) -> None:
    assert one_unit_valley(50, 0.5, target) == ()


@pytest.mark.parametrize(("repetitions", "target"), [(1, 1.0), (3, 2.0), (4, 0.1), (10, 10.0)])
def test_the_hyperbola_has_the_right_product(repetitions: int, target: float) -> None:
    a, b = tensor(product_valley(repetitions, target)).unbind(-1)
    torch.testing.assert_close((a * b) ** repetitions, torch.full_like(a, target), rtol=1e-13, atol=0)
    assert (a > 0).all() and (b > 0).all()


@pytest.mark.parametrize(("length", "state", "target"), [(1, 1.0, 2.0), (15, 1.0, 2.0), (15, -2.0, 5.0)])
def test_the_recurrence_valley_has_no_error(length: int, state: float, target: float) -> None:
    w, b = tensor(linear_recurrence_valley(length, state, target)).unbind(-1)
    error = state * w**length + b - target
    assert (error.abs() <= 4e-16 * (abs(target) + (state * w**length).abs())).all()


def reaches(valley: tuple[tuple[float, float], ...], window: Window, axis: int) -> bool:
    """Whether a valley leads out of the window at both ends, seen along an axis."""
    low, high = ((window.left, window.right), (window.bottom, window.top))[axis]
    along = [point[axis] for point in valley]
    return min(along) < low and max(along) > high


def zoomed_out(kind: str) -> Window:
    """Twice the default window, about its middle."""
    window = LANDSCAPES[kind].window
    across, up = (window.right - window.left) / 2, (window.top - window.bottom) / 2
    return Window(window.left - across, window.right + across, window.bottom - up, window.top + up)


@pytest.mark.parametrize(("state", "target"), [(0.5, 0.7), (-2.0, 0.2), (2.0, 0.9)])
@pytest.mark.parametrize("length", [1, 2])
def test_the_valley_of_a_short_one_unit_chain_does_not_stop_in_the_picture(
    length: int, state: float, target: float
) -> None:
    """There is no cliff whose face would end it."""
    assert reaches(one_unit_valley(length, state, target), zoomed_out("one_unit_rnn"), 0)


def test_the_valley_of_a_long_one_unit_chain_ends_at_the_face() -> None:
    assert max(w for w, _ in one_unit_valley(50, 0.5, 0.7)) == 4.25


@pytest.mark.parametrize("length", [1, 2, 15, 100])
def test_a_recurrence_without_a_state_has_a_level_valley_through_the_picture(length: int) -> None:
    valley = linear_recurrence_valley(length, 0.0, 2.0)
    assert {b for _, b in valley} == {2.0}
    assert reaches(valley, zoomed_out("linear_recurrence"), 0)


@pytest.mark.parametrize("state", [1.0, -2.0, 0.1])
@pytest.mark.parametrize("length", [1, 2, 3, 15, 100])
def test_the_recurrence_valley_does_not_stop_in_the_picture(length: int, state: float) -> None:
    """To the right it leaves the picture through the side, the top or the bottom, and to the left as well."""
    valley, window = linear_recurrence_valley(length, state, 2.0), zoomed_out("linear_recurrence")
    for w, b in (valley[0], valley[-1]):
        assert not window.holds((w, b))
    gaps = [right - left for (left, _), (right, _) in pairwise(valley)]
    assert min(gaps) > 0 and max(gaps) < 0.11


@pytest.mark.parametrize(("repetitions", "target"), [(1, 0.1), (3, 2.0), (10, 10.0)])
def test_the_hyperbola_does_not_stop_in_the_picture(repetitions: int, target: float) -> None:
    valley, window = product_valley(repetitions, target), zoomed_out("product_of_weights")
    for point in (valley[0], valley[-1]):
        assert not window.holds(point)


def test_the_foot_of_the_wall_equals_that_of_fifty_digits() -> None:
    facts = reference("cliffs")["wall_facts"]
    (foot,) = wall_foot(2.0, 30.0)
    assert math.hypot(*foot) == pytest.approx(facts["minimum_u"], rel=1e-15)
    assert math.atan2(foot[1], foot[0]) == pytest.approx(math.pi / 6, rel=1e-15)
    loss = LANDSCAPES["wall_and_floor"].loss()
    assert loss(tensor(foot)).item() == pytest.approx(facts["minimum_J"], rel=1e-15)


@pytest.mark.parametrize(("height", "steepness"), [(0.1, 1.0), (10.0, 100.0), (0.1, 100.0)])
def test_the_foot_follows_height_and_steepness(height: float, steepness: float) -> None:
    loss = LANDSCAPES["wall_and_floor"].loss(wall_height=height, wall_steepness=steepness)
    _, gradient = value_and_gradient(loss, tensor(wall_foot(height, steepness)))
    assert gradient.abs().max() < 1e-13
