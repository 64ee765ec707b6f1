"""Facts: window, start, minima and scale of formulas."""

import pytest
import torch
from hypothesis import given, settings

from cliffscape.landscapes.formula.facts import SAMPLED, Facts, find_facts
from cliffscape.landscapes.formula.formula import formula_of
from cliffscape.landscapes.formula.operation_count import check_operations
from tests.landscapes.formula.formulas import BEALE, ONE_UNIT, ROSENBROCK, SMOOTH, expressions


def facts_of(text: str) -> Facts:
    """The facts about a formula."""
    formula = formula_of(text)
    operations = check_operations(formula.module, {formula.repeats: formula.repetitions})
    return find_facts(formula.loss, operations, len(formula.axes) == 1)


@pytest.mark.parametrize(
    ("text", "minimum"),
    [
        (ROSENBROCK, (1.0, 1.0)),
        (BEALE, (3.0, 0.5)),
        ("(x - 100)**2 + (y - 200)**2 + 7", (100.0, 200.0)),
        ("abs(x) + abs(y)", (0, 0)),
    ],
    ids=["Rosenbrock", "Beale", "far away", "a kink"],
)
def test_the_window_is_around_the_minimum(text: str, minimum: tuple[float, float]) -> None:
    found, (x, y) = facts_of(text), minimum
    assert found.minima == (pytest.approx(minimum, abs=1e-12),)
    assert found.window == pytest.approx((x - 2, x + 2, y - 2, y + 2))
    lowest = formula_of(text).loss(torch.tensor(found.minima[0], dtype=torch.float64)).item()
    assert found.solved is not None and lowest < found.solved < lowest + 0.1


@pytest.mark.parametrize(
    "text", [*SMOOTH[::4], ONE_UNIT, "log(x)*y", "log(-1 - x*x) + y", "1/(x - y)**2", "sqrt(x - 3) + y"]
)
def test_the_start_is_in_the_window_and_has_a_gradient_if_any_point_has(text: str) -> None:
    found = facts_of(text)
    assert found.window.holds(found.start)
    assert (found.solved is None) == (not found.minima)
    loss = formula_of(text).loss
    if loss(SAMPLED.grid(20, 20)).isfinite().any():
        assert loss(torch.tensor(found.start, dtype=torch.float64)).isfinite()


@pytest.mark.parametrize(
    "text", ["x**3 - x + y**2", "x + y", "-log(x) + y", "-1/(x*x) + y*y", "(x*x + y*y)**2 - exp(2*x)*y", "x*0 + y*0"]
)
def test_a_local_minimum_above_other_losses_is_not_solved(text: str) -> None:
    assert facts_of(text).solved is None


def test_the_window_shows_the_edge_of_a_region_without_values() -> None:
    window = facts_of("log(x) + y**2").window
    assert -1 < window.left < 0 and window.right == 5


@settings(deadline=None, derandomize=True, max_examples=20)
@given(expressions())
def test_every_expression_has_facts(text: str) -> None:
    found = facts_of(f"{text} + 0*x + 0*y")
    assert found.window.holds(found.start)
    assert found.window.diagonal > 0.1


def test_a_valley_of_the_recurrence_is_found() -> None:
    found = facts_of(ONE_UNIT)
    assert len(found.minima) > 3 and found.height == "linear"
    assert facts_of(ROSENBROCK).height == "log"


@pytest.mark.parametrize(
    ("text", "minimum", "window"),
    [
        ("x**2/2", 0.0, (-2, 2)),
        ("x**4/4", 0.0, (-2, 2)),
        ("(x - 40)**2", 40.0, (38, 42)),
        # Two wells, of which the left one is lower.
        ("(x**2 - 4)**2 + x", -2.0306, (-3.63, 3.57)),
        ("x - log(x)", 1.0, (-1, 3)),
    ],
)
def test_the_window_of_a_curve_is_around_all_of_its_minima(
    text: str, minimum: float, window: tuple[float, float]
) -> None:
    found = facts_of(text)
    [(x, y)] = found.minima
    assert (x, y) == (pytest.approx(minimum, abs=1e-4), 0)
    assert found.window == pytest.approx((*window, 0, 0), abs=0.02)
    assert found.window.holds(found.start) and found.start[1] == 0
    assert found.height == "linear"


@pytest.mark.parametrize("text", ["x", "exp(x)", "x**3", "log(-1 - x*x)"])
def test_a_curve_without_a_known_minimum_has_the_sampled_window(text: str) -> None:
    found = facts_of(text)
    assert (found.solved, found.window) == (None, (-5, 5, 0, 0))


def test_a_curve_of_many_magnitudes_is_on_a_log_scale() -> None:
    assert facts_of("exp(4*x)").height == "log"


def test_a_loss_that_falls_towards_infinity_has_no_minimum() -> None:
    # Far away, gradient and curvature are both as small as rounding.
    assert facts_of("exp(x) + exp(y)").minima == ()
