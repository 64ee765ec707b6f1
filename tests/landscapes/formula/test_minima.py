"""Minima: found from a grid, to the last bits, and none where there is none."""

import pytest
import torch

from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.formula.formula import formula_of
from cliffscape.landscapes.formula.minima import MOST_OF_A_VALLEY, Minima, newton_step, search_minima, together
from cliffscape.landscapes.generators import run_to_end
from cliffscape.landscapes.loss import Loss, Window
from tests.reference import tensor

STARTS = Window(-5, 5, -5, 5).grid(9, 9).reshape(-1, 2)


def find_minima(loss: Loss, starts: torch.Tensor, steps: int) -> Minima:
    """The minima that a search finds."""
    return run_to_end(search_minima(loss, starts, steps))


@pytest.mark.parametrize("kind", ["rosenbrock", "himmelblau", "beale", "booth", "ravine"])
def test_the_minima_of_the_catalogue_are_found(kind: str) -> None:
    entry = LANDSCAPES[kind]
    found, values, isolated = find_minima(entry.loss(), STARTS, 60)
    assert isolated.all()
    near = found[values < 1e-20]
    assert len(near) == len(entry.minima(**entry.defaults))
    for minimum in entry.minima(**entry.defaults):
        assert (near - tensor(minimum)).abs().amax(-1).min() < 1e-12


@pytest.mark.parametrize("text", ["x + y", "exp(x) + y**2", "x**3 + y", "x**2 - y**2", "log(-1 - x**2 - y**2)"])
def test_losses_without_a_minimum_have_none(text: str) -> None:
    assert len(find_minima(formula_of(text).loss, STARTS, 40)[0]) == 0


def test_some_minima_of_a_valley_are_found() -> None:
    loss = formula_of("(x*y - 1)**2").loss
    found, values, isolated = find_minima(loss, STARTS, 60)
    assert not isolated.any()
    assert 10 < len(found) <= MOST_OF_A_VALLEY
    assert (values == 0).all() and (value_and_gradient(loss, found)[1] == 0).all()


def test_a_step_goes_downhill_where_the_curvature_is_negative() -> None:
    gradient, hessian = tensor([[0.5, 0.5]]), torch.diag(tensor(2.0, -1.0)).unsqueeze(0)
    torch.testing.assert_close(
        newton_step(gradient, hessian, torch.zeros(1, dtype=torch.float64)), tensor([[-0.25, -0.5]])
    )


def minima_at(points: list[list[float]], losses: list[float]) -> Minima:
    """Isolated minima."""
    return Minima(tensor(points), tensor(losses), torch.ones(len(points), dtype=torch.bool))


def test_close_points_of_two_searches_are_one_and_the_lowest_come_first() -> None:
    found = together(
        minima_at([[1.0, 1.0], [2.0, -0.0]], [0.5, 1.0]), minima_at([[1.0 + 1e-9, 1.0], [3.0, 0.0]], [0.5, 0.0])
    )
    assert found.points.tolist() == [[3.0, 0.0], [1.0, 1.0], [2.0, 0.0]]
    assert found.losses.tolist() == [0.0, 0.5, 1.0]


def test_isolated_minima_are_all_kept_and_those_of_a_valley_spread() -> None:
    line = torch.arange(100, dtype=torch.float64)
    points, isolated = torch.stack([line, 0 * line], -1), line < 50
    found = together(Minima(points, 0 * line, isolated), minima_at([], [])._replace(points=points[:0]))
    assert found.isolated.sum() == 50
    assert 10 < (~found.isolated).sum() <= MOST_OF_A_VALLEY
