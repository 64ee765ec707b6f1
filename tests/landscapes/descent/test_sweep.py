"""Sweeps: every lane's outcome is its own run's; ranges, clouds, and statistics of chaotic runs."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.descent import sweep as sweeps
from cliffscape.landscapes.descent.axis import Axis
from cliffscape.landscapes.descent.batch import SweepRecipe
from cliffscape.landscapes.descent.descend import Record, trajectory
from cliffscape.landscapes.descent.outcome import OUTCOMES, RunResult
from cliffscape.landscapes.descent.sweep import Lanes, lane_grid, scatter_starts, sweep
from cliffscape.landscapes.generators import run_to_end
from tests.landscapes.definitions import finite_rows, outcome_of, throws
from tests.landscapes.descent.test_descend_statistics import window_starts
from tests.reference import reference, tensor
from tests.routes import FASTEST, ROUTES, STRUCTURES, native, needs_compiler, run_sweep

CONVERGED = OUTCOMES.index("converged")
DIVERGED = OUTCOMES.index("diverged")


def recipe(landscape: str, clip: str, rate: float, threshold: float = 1.0, **structural: float) -> SweepRecipe:
    """Gradient descent at a rate under a clip."""
    values = {"optimizer.learning_rate": rate, "clip.threshold": threshold}
    return SweepRecipe(landscape, "gradient_descent", clip, structural=structural, values=values)


def expected_of(run: SweepRecipe, start: Tensor, steps: int) -> RunResult:
    """The outcomes of runs ``(L,)`` computed from their whole trajectories by the definitions."""
    measure, clip, optimizer = run.build(run.parameters)
    record = trajectory(lambda theta: measure(theta)[0], start, optimizer, clip, steps)
    solved, diagonal = run.parameters["solved"], run.diagonal
    rows = []
    for lane in range(len(start)):
        loss, length = record.loss[:, lane], record.step_length[:-1, lane]
        longest = max([value for value in length.tolist() if math.isfinite(value)], default=0.0)
        own = Record(*(column[:, lane] for column in record))
        code = OUTCOMES.index(outcome_of(own, solved, diagonal))
        above = (~(loss < solved)).nonzero()
        since = int(above[-1]) + 1 if len(above) else 0
        thrown = bool(throws(own, diagonal))
        ended = finite_rows(own)[-1]
        at = float(since) if ended and since < len(loss) else math.nan
        rows.append((float(code), float(loss[-1]) if ended else math.nan, at, longest, float(thrown)))
    return RunResult(*tensor(rows).unbind(-1))


def check(found: RunResult, expected: RunResult) -> None:
    """Outcomes agree. Diverged and thrown lanes amplify rounding, so distances are compared loosely."""
    assert found.outcome.tolist() == expected.outcome.tolist()
    assert found.thrown.tolist() == expected.thrown.bool().tolist()
    torch.testing.assert_close(found.converged_at, expected.converged_at, rtol=0, atol=0, equal_nan=True)
    torch.testing.assert_close(found.loss, expected.loss, rtol=1e-6, atol=1e-9, equal_nan=True)
    torch.testing.assert_close(found.longest_step, expected.longest_step, rtol=1e-4, atol=1e-12)


CASES = [
    ("saddle", "none", 0.2, 1.0, 60),
    ("saddle", "by_value", 3.0, 0.3, 60),
    ("saddle", "random_step", 0.2, 0.3, 60),
    ("himmelblau", "none", 0.02, 1.0, 40),
    ("rosenbrock", "by_norm", 0.002, 10.0, 100),
    ("product_of_weights", "none", 0.03, 1.0, 60),
    ("wall_and_floor", "none", 0.1, 1.0, 40),
    ("repeated_composition", "by_norm", 0.1, 0.2, 20),
]


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(("landscape", "clip", "rate", "threshold", "steps"), CASES)
def test_every_lane_has_the_outcome_of_its_trajectory(
    landscape: str, clip: str, rate: float, threshold: float, steps: int, route: str
) -> None:
    run = recipe(landscape, clip, rate, threshold, **STRUCTURES.get(landscape, {}))
    start = LANDSCAPES[landscape].window.grid(9, 9).reshape(-1, 2)
    check(run_sweep(run, Lanes(start), steps, route), expected_of(run, start, steps))


@pytest.mark.parametrize("route", ROUTES)
def test_lanes_with_their_own_learning_rate_and_threshold(route: str) -> None:
    axes = (Axis("optimizer.learning_rate", 0.01, 1.0, log=True), Axis("clip.threshold", 0.05, 5.0, log=True))
    lanes = lane_grid(axes, 5, 4, tensor([0.02, 1.0]))
    found = run_sweep(recipe("saddle", "by_norm", 9.0), lanes, 50, route)
    for lane in range(20):
        rate, threshold = (float(lanes.own[axis.name][lane]) for axis in axes)
        alone = expected_of(recipe("saddle", "by_norm", rate, threshold), lanes.start[lane : lane + 1], 50)
        check(RunResult(*(column[lane : lane + 1] for column in found)), alone)


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("pays", [0.0, 2.0])
def test_removing_lanes_from_the_batch_changes_no_result(
    route: str, pays: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of these lanes diverge within ten steps, many others come to rest."""
    run = recipe("product_of_weights", "none", 0.03)
    lanes = Lanes(LANDSCAPES["product_of_weights"].window.grid(21, 21).reshape(-1, 2))
    as_usual = run_sweep(run, lanes, 300, route)
    monkeypatch.setattr(sweeps, "PAYS", pays)
    taken = (lambda: native(run)) if route == "native" else (lambda: None)
    turns = list(work := sweep(run, lanes, 300, taken, lambda: 1))
    assert sum(turns) <= 301 * len(lanes)
    assert not list(work)
    other = run_to_end(sweep(run, lanes, 300, taken, lambda: 1000, batch=100))
    # PyTorch rounds the last few lanes of a batch differently; compiled lanes are equal to the last bit.
    bound = 0.0 if route == "native" else 1e-5
    for name, column in as_usual._asdict().items():
        torch.testing.assert_close(getattr(other, name), column, rtol=bound, atol=bound, equal_nan=True)
    assert {0, DIVERGED} <= set(as_usual.outcome.tolist())


def test_lanes_at_rest_take_no_steps() -> None:
    run = recipe("saddle", "none", 0.2)
    turns = list(sweep(run, Lanes(tensor([[1.0, 0.0]] * 8)), 100, turn=lambda: 8))
    assert turns == [8, 8]  # one step each, and the last row


def test_a_clip_that_remembers_the_whole_run_cannot_be_swept() -> None:
    """A lane of a sweep is a fixed number of numbers."""
    run = SweepRecipe("saddle", "gradient_descent", "autoclip", values={"optimizer.learning_rate": 0.2})
    with pytest.raises(BoundError, match="clip must be one whose memory has a fixed size"):
        run_to_end(sweep(run, Lanes(tensor([[1.0, 0.5]])), 10))


@needs_compiler
def test_a_compiled_routine_may_take_over_at_any_time() -> None:
    run = recipe("saddle", "by_norm", 0.2)
    lanes = Lanes(LANDSCAPES["saddle"].window.grid(9, 9).reshape(-1, 2))
    asked = iter([None, None, *[native(run)] * 100])
    found = run_to_end(sweep(run, lanes, 60, lambda: next(asked), lambda: 81))
    check(found, expected_of(run, lanes.start, 60))


def test_a_sweep_of_diverging_runs_has_results() -> None:
    found = run_sweep(recipe("product_of_weights", "none", 10.0), Lanes(tensor([[2.0, 2.0]] * 4)), 50, "eager")
    assert found.outcome.tolist() == [DIVERGED] * 4
    assert found.loss.isnan().all() and found.longest_step.isfinite().all()


def test_cells_run_along_the_first_axis_from_the_bottom() -> None:
    lanes = lane_grid((Axis("start.x", 0, 2), Axis("clip.threshold", 0.01, 1, log=True)), 3, 2, tensor([7.0, 8.0]))
    assert lanes.start.tolist() == [[x, 8.0] for x in (0, 1, 2)] * 2
    torch.testing.assert_close(lanes.own["clip.threshold"], tensor([0.01] * 3 + [1.0] * 3), rtol=0, atol=0)
    swapped = lane_grid((Axis("start.y", 0, 2), Axis("start.x", 5, 6)), 3, 2, tensor([7.0, 8.0]))
    assert swapped.start.tolist() == [[5, 0], [5, 1], [5, 2], [6, 0], [6, 1], [6, 2]]


def test_a_cloud_is_seeded_and_around_every_start() -> None:
    lanes = Lanes(tensor([[0.0, 0.0], [10.0, 5.0]]), {"clip.threshold": tensor([1.0, 2.0])})
    cloud = scatter_starts(lanes, 50, (0.2, 0.4), 3)
    assert torch.equal(cloud.start, scatter_starts(lanes, 50, (0.2, 0.4), 3).start)
    assert not torch.equal(cloud.start, scatter_starts(lanes, 50, (0.2, 0.4), 4).start)
    assert cloud.own["clip.threshold"].tolist() == [1.0] * 50 + [2.0] * 50
    first, second = cloud.start.reshape(2, 50, 2)
    assert (first.abs() <= tensor([0.1, 0.2])).all()
    assert first.std(0).min() > 0.04
    assert scatter_starts(lanes, 1, (0.2, 0.4), 3) is lanes
    # The offsets of a start do not depend on the other lanes.
    assert torch.equal(scatter_starts(lanes.at(slice(1, 2)), 50, (0.2, 0.4), 3).start, second)


def test_starts_have_clouds_of_their_own() -> None:
    """Offsets around 400 neighbouring starts: uniform, and uncorrelated from start to start and along both axes."""
    lanes = Lanes(torch.cartesian_prod(*[torch.linspace(0, 1, 20, dtype=torch.float64)] * 2))
    offsets = (scatter_starts(lanes, 50, (1.0, 1.0), 0).start.reshape(400, 50, 2) - lanes.start[:, None]) * 12**0.5
    # The mean of a product of independent numbers of variance 1; 4 standard errors.
    for one, other in ((offsets[1:], offsets[:-1]), (offsets[20:], offsets[:-20]), (offsets[..., 0], offsets[..., 1])):
        assert (one * other).mean().abs() < 4 / math.sqrt(one.numel())
    assert offsets.mean().abs() < 4 / math.sqrt(offsets.numel())
    assert (offsets**2).mean() == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize(
    "route", [pytest.param(route, marks=[pytest.mark.thorough] * (route != FASTEST)) for route in ROUTES]
)
@pytest.mark.parametrize(
    ("mode", "clip"), [("none", "none"), ("norm", "by_norm"), ("value", "by_value"), ("random", "random_step")]
)
def test_shares_over_the_paper_window(mode: str, clip: str, route: str) -> None:
    """2000 starts, learning rate 0.5, threshold 0.2, 300 steps: within 3 points of the reference's own 2000."""
    known = next(row for row in reference("window_statistics")["rows"] if row["mode"] == mode)
    seeds = {"clip.seed": torch.arange(2000, dtype=torch.float64)} if mode == "random" else {}
    found = run_sweep(recipe("one_unit_rnn", clip, 0.5, 0.2), Lanes(window_starts(2000), seeds), 300, route)
    share = (found.outcome == CONVERGED).double().mean().item()
    assert share == pytest.approx(known["share_E_below_1e_2"]["300"], abs=0.03)
    ever = (found.longest_step > 1.5).double().mean().item()
    assert ever == pytest.approx(known["share_ever_thrown_over_1_5"], abs=0.03)
    if mode != "none":
        assert ever == 0 and not found.thrown.any()


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    "row", reference("cliffs")["product_grid_statistics"], ids=lambda row: f"{row['n']},{row['lr']}"
)
def test_the_grid_of_starts_on_the_product_of_weights(row: dict[str, Any], route: str) -> None:
    """289 starts, 200 steps: how many converge and how many diverge, exactly."""
    axis = 0.4 + 0.1 * torch.arange(17, dtype=torch.float64)
    lanes = Lanes(torch.cartesian_prod(axis, axis))
    assert row["y"] == 1.0
    clips = {"none": ("none", 0.0), "norm v=1": ("by_norm", 1.0), "norm v=5": ("by_norm", 5.0)}
    for name, (clip, threshold) in {**clips, "value v=1": ("by_value", 1.0)}.items():
        run = recipe("product_of_weights", clip, row["lr"], threshold, repetitions=int(row["n"]))
        found = run_sweep(run, lanes, 200, route)
        assert (found.outcome == CONVERGED).sum() == row[name]["converged_below_1e_3"], name
        assert (found.outcome == DIVERGED).sum() == row[name]["nonfinite"], name
