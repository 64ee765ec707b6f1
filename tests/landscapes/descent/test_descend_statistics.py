"""Statistics of many starts, for chaotic runs: neighbourhoods of the presets, and the whole window of the paper."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES
from cliffscape.landscapes.descent.batch import SweepRecipe
from cliffscape.landscapes.descent.descend import trajectory
from cliffscape.landscapes.descent.outcome import RunResult
from cliffscape.landscapes.descent.sweep import Lanes
from tests.landscapes.descent.test_descend_science import CLIFFS, PRESETS, RNN, SCENES, guard, rate
from tests.reference import reference, tensor
from tests.routes import FASTEST, run_sweep


@pytest.mark.parametrize("name", PRESETS)
def test_unclipped_outcomes_are_chaotic_and_clipped_ones_are_not(name: str) -> None:
    """400 starts moved by up to 0.01: shares within four standard errors of the difference of two such samples."""
    preset, expected = PRESETS[name], PRESETS[name]["neighbourhood_pm_0.01"]
    generator = torch.Generator().manual_seed(2)
    moved = 0.02 * torch.rand(400, 2, dtype=torch.float64, generator=generator) - 0.01
    starts = tensor([preset["w0"], preset["b0"]]) + moved
    free = trajectory(RNN, starts, rate(preset["lr"]), guard("none", None), 60)
    kept = trajectory(RNN, starts, rate(preset["lr"]), guard("norm", preset["v"]), 60)
    thrown = (free.step_length[:-1].amax(0) > 1.5) & (free.loss[-1] > 1e-2)
    for share, known in (
        (thrown.double().mean().item(), expected["share_thrown_and_stalled"]),
        ((kept.loss[-1] < 1e-2).double().mean().item(), expected["share_clip_below_1e_2_at_60"]),
    ):
        error = math.sqrt(2 * max(known * (1 - known), 1e-9) / 400)
        assert share == pytest.approx(known, abs=4 * error)
    assert expected["share_clip_ever_thrown"] == 0
    assert kept.step_length[:-1].max() <= preset["lr"] * preset["v"] * (1 + 1e-15)


@pytest.mark.parametrize("scene", SCENES)
def test_neighbours_of_c1_c2_and_c3(scene: str) -> None:
    """200 starts within 0.02: thrown over 4 units or not finite when unclipped (C3: 91), all fine clipped."""
    data = SCENES[scene]
    known = data["neighbourhood_pm_0.02"]
    generator = torch.Generator().manual_seed(3)
    starts = tensor(data["start"]) + 0.04 * torch.rand(200, 2, dtype=torch.float64, generator=generator) - 0.02
    loss = LANDSCAPES[CLIFFS[scene]].loss()
    free = trajectory(loss, starts, rate(data["lr"]), guard("none", None), 100)
    kept = trajectory(loss, starts, rate(data["lr"]), guard("norm", data["v"]), 100)
    lost = (free.step_length[:-1].nan_to_num(nan=math.inf).amax(0) > 4).sum().item()
    share = known["unclipped_nonfinite_or_thrown"] / 200
    # Four standard errors of the difference of two samples of 200.
    assert lost == pytest.approx(200 * share, abs=4 * math.sqrt(2 * 200 * share * (1 - share)))
    solved = kept.loss[-50:].mean(0) < (0.25 if scene == "C1" else 1e-3)
    assert solved.sum() == known["clip_ok"] == 200


@pytest.mark.parametrize(
    "row", reference("cliffs")["product_grid_statistics"], ids=lambda row: f"{row['n']},{row['lr']}"
)
def test_the_grid_of_starts_on_the_product_of_weights(row: dict[str, Any]) -> None:
    """C2, a and b in 0.4..2.0: 289 starts, 200 steps; how many converge and how many end as NaN, exactly."""
    axis = 0.4 + 0.1 * torch.arange(17, dtype=torch.float64)
    starts = torch.cartesian_prod(axis, axis)
    loss = LANDSCAPES["product_of_weights"].loss(repetitions=int(row["n"]), target=row["y"])
    for name in ("none", "norm v=1", "norm v=5", "value v=1"):
        mode, _, threshold = name.partition(" v=")
        run = trajectory(loss, starts, rate(row["lr"]), guard(mode, float(threshold or 0)), 200)
        lost = ~run.position[-1].isfinite().all(-1)
        assert (run.loss[-1] < 1e-3).sum() == row[name]["converged_below_1e_3"], name
        assert lost.sum() == row[name]["nonfinite"], name


def window_starts(count: int) -> Tensor:
    """Uniform points ``(count, 2)`` of the paper's window above the cliff line."""
    unit = torch.rand(4 * count, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(4))
    points = tensor([4.5, -2.9]) + unit
    above = points[:, 1] > 0.5 - 0.6224593312018546 * points[:, 0]
    return points[above][:count]


# The clip of every mode of the reference data.
MODES = {"none": "none", "norm": "by_norm", "value": "by_value", "random": "random_step"}


def end_of_runs(clip: str, learning_rate: float, threshold: float, starts: Tensor, steps: int) -> RunResult:
    """Outcomes of many starts, each with random steps of its own; compiled where there is a compiler."""
    values = {"optimizer.learning_rate": learning_rate, "clip.threshold": threshold}
    return run_sweep(
        SweepRecipe("one_unit_rnn", "gradient_descent", clip, values=values), Lanes(starts), steps, FASTEST
    )


@pytest.mark.parametrize(("mode", "steps"), [("none", 300), ("norm", 300), ("value", 1000), ("random", 1000)])
def test_outcomes_over_the_paper_window(mode: str, steps: int) -> None:
    """2000 starts here, 2000 others there: 3 points, about two standard errors of the difference at most.

    Known after 300 steps: all by norm, 37 % by value, 66 % by the random rule (67 % of 4,000 other starts); after
    1,000 of its steps, 99 %.
    """
    known = next(row for row in reference("window_statistics")["rows"] if row["mode"] == mode)
    for count in sorted({300, steps}):
        found = end_of_runs(MODES[mode], 0.5, 0.2, window_starts(2000), count)
        solved, thrown = (column.double().mean().item() for column in (found.loss < 1e-2, found.longest_step > 1.5))
        assert solved == pytest.approx(known["share_E_below_1e_2"][str(count)], abs=0.03), count
        assert thrown == pytest.approx(known["share_ever_thrown_over_1_5"], abs=0.03)
        if mode != "none":
            assert thrown == 0


def test_short_random_steps_need_more_of_them_or_a_higher_threshold() -> None:
    """Claim 9's condition: steps of 0.045, the learning rate times the threshold. Its facts have higher thresholds.

    Known are 42 to 46 % of 4,000 starts, over three seeds; 3 points are allowed for the fewer starts here.
    """
    found = end_of_runs("random_step", 0.3, 0.15, window_starts(2000), 1000)
    assert 0.39 <= (found.loss < 1e-2).double().mean() <= 0.49


@pytest.mark.thorough
def test_a_threshold_so_low_that_nearly_every_step_is_random_never_rests() -> None:
    """v = 0.08, ε = 0.5: nine steps in ten are random; of ten starts eight are below 1e-2 somewhere, two at the end.

    600 starts. The share of random steps differs by 18 points from start to start, so its mean has a standard error of
    0.7 points; the share of 18 % at the end (of 3,000 starts) has one of 1.6.
    """
    seeds = torch.arange(600, dtype=torch.float64)[:, None]
    run = trajectory(RNN, window_starts(600), rate(0.5), CLIPS["random_step"].function(0.08, seeds), 1000)
    share = (run.loss[-1] < 1e-2).double().mean().item()
    assert (run.gradient_norm[:-1] > 0.08).double().mean() == pytest.approx(0.90, abs=0.02)
    assert (run.loss < 1e-2).any(0).double().mean() == pytest.approx(0.84, abs=0.06)
    assert share == pytest.approx(0.18, abs=0.06)


def test_clipping_by_value_depends_on_the_choice_of_axes() -> None:
    """In axes along and across the cliff it solves every start, where in (w, b) it solves four in ten.

    In (w, b) both components saturate on the face, and 0.32 of every step goes along the cliff to its steeper end.
    """
    across = tensor([0.6224593312018546, 1.0])
    across = across / across.norm()
    turned = torch.stack([across, torch.stack([-across[1], across[0]])], 1)
    saturated = tensor([1.0, 1.0])
    assert abs((saturated @ turned[:, 1]).item()) == pytest.approx(0.3205, abs=5e-5)
    starts = window_starts(2000) @ turned
    run = trajectory(lambda theta: RNN(theta @ turned.T), starts, rate(0.5), guard("value", 0.2), 300)
    assert (run.loss[-1] < 1e-2).double().mean() > 0.995
