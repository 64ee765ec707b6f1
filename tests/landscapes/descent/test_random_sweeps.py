"""Sweeps of clips with random steps: a stream for every lane, and shares that hardly depend on the seed."""

from dataclasses import replace

import pytest
import torch

from cliffscape.landscapes.descent.axis import Axis
from cliffscape.landscapes.descent.batch import SweepRecipe
from cliffscape.landscapes.descent.outcome import OUTCOMES
from cliffscape.landscapes.descent.sweep import Lanes, lane_grid
from tests.landscapes.descent.test_sweep import check, expected_of
from tests.reference import reference, tensor
from tests.routes import FASTEST, ROUTES, run_sweep

PAPER = (Axis("start.x", 4.5, 5.5), Axis("start.y", -2.9, -1.9))


def recipe(seed: int, clip: str = "random_step") -> SweepRecipe:
    """The one-unit network with a random step above a norm of 0.2."""
    values = {"optimizer.learning_rate": 0.5, "clip.threshold": 0.2, "clip.seed": seed}
    return SweepRecipe("one_unit_rnn", "gradient_descent", clip, values=values)


def above_the_cliff(side: int) -> Lanes:
    """The cells of the paper's window that lie above the line of the cliff."""
    lanes = lane_grid(PAPER, side, side, tensor([0.0, 0.0]))
    return lanes.at(lanes.start[:, 1] > 0.5 - 0.6224593312018546 * lanes.start[:, 0])


@pytest.mark.parametrize("steps", [300, pytest.param(1000, marks=pytest.mark.thorough)])
def test_the_share_of_solved_starts_is_the_same_for_every_seed(steps: int) -> None:
    """65 x 65 cells: within 4 points of each other over ten seeds, and of a share over independent starts."""
    lanes = above_the_cliff(65)
    rows = reference("window_statistics")["rows"]
    known = next(row for row in rows if row["mode"] == "random")["share_E_below_1e_2"][str(steps)]
    shares = []
    for seed in range(10):
        found = run_sweep(recipe(seed), lanes, steps, FASTEST)
        shares.append((found.outcome == OUTCOMES.index("converged")).double().mean().item())
    assert max(shares) - min(shares) < 0.04
    assert shares == pytest.approx([known] * 10, abs=0.04)


@pytest.mark.parametrize("clip", ["random_step", "by_norm_else_random"])
def test_a_cell_keeps_its_outcome_in_a_finer_and_in_an_enlarged_picture(clip: str) -> None:
    whole, start = (lane_grid(PAPER, side, side, tensor([0.0, 0.0])) for side in (9, 17)), tensor([0.0, 0.0])
    coarse, fine = (run_sweep(recipe(3, clip), lanes, 100, FASTEST) for lanes in whole)
    quarter = (Axis("start.x", 4.5, 5.0), Axis("start.y", -2.4, -1.9))
    enlarged = run_sweep(recipe(3, clip), lane_grid(quarter, 9, 9, start), 100, FASTEST)
    for name in ("outcome", "thrown", "converged_at"):
        big = getattr(fine, name).reshape(17, 17)
        torch.testing.assert_close(big[::2, ::2], getattr(coarse, name).reshape(9, 9), rtol=0, atol=0, equal_nan=True)
        torch.testing.assert_close(big[8:, :9], getattr(enlarged, name).reshape(9, 9), rtol=0, atol=0, equal_nan=True)


@pytest.mark.parametrize("route", ROUTES)
def test_every_value_of_a_swept_parameter_has_its_own_stream(route: str) -> None:
    """All runs have the same start; each is the run of a recipe with its values."""
    axes = (Axis("optimizer.learning_rate", 0.01, 0.3, log=True), Axis("clip.threshold", 0.05, 0.5, log=True))
    lanes = lane_grid(axes, 4, 3, tensor([0.02, 1.0]))
    names = ("optimizer.learning_rate", "clip.threshold")
    found = run_sweep(SweepRecipe("saddle", "momentum", "random_step"), lanes, 50, route)
    for lane in range(12):
        values = {name: float(lanes.own[name][lane]) for name in names}
        alone = SweepRecipe("saddle", "momentum", "random_step", values=values)
        check(type(found)(*(column[lane : lane + 1] for column in found)), expected_of(alone, lanes.start[:1], 50))


@pytest.mark.parametrize(("threshold", "least", "most"), [(0.2, 0.98, 1.0), (0.08, 0.1, 0.33)])
def test_lesson_10_holds_for_every_seed(threshold: float, least: float, most: float) -> None:
    """500 starts near the cliff, 1,000 steps: "98 % or more", and "fewer than a third" at a low threshold."""
    unit = torch.rand(500, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    lanes = Lanes(tensor([4.5, -2.2]) + unit * tensor([1.0, 0.3]))
    for seed in range(12):
        run = recipe(seed)
        found = run_sweep(replace(run, values={**run.values, "clip.threshold": threshold}), lanes, 1000, FASTEST)
        assert least <= (found.loss < 0.01).double().mean() <= most
