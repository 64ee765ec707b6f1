"""The runs of the book: thrown without clipping, walking down with it; trajectories, first Inf and NaN, statistics."""

import functools
import math
from typing import Any

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.descent.descend import Record, trajectory
from cliffscape.landscapes.transform import Transform
from tests.reference import reference, tensor

RNN = LANDSCAPES["one_unit_rnn"].loss()
KINDS = {"none": "none", "norm": "by_norm", "value": "by_value", "random": "random_step"}
PRESETS = {preset["id"]: preset for preset in reference("one_unit_descents")["presets"]}
RUNS = [pytest.param(PRESETS[k], mode, id=f"{k}-{mode}") for k in PRESETS for mode in ("none", "norm", "value")]
SCENES = {scene["id"]: scene for scene in reference("cliffs")["scenes"]}
CLIFFS = {"C1": "wall_and_floor", "C2": "product_of_weights", "C3": "linear_recurrence"}


def guard(mode: str, threshold: float | Tensor | None) -> Transform:
    """A clip by the reference data's name for it."""
    clip: Transform = CLIPS[KINDS[mode]].function(**({} if mode == "none" else {"threshold": threshold}))
    return clip


def rate(learning_rate: float | Tensor) -> Transform:
    """Gradient descent."""
    transform: Transform = OPTIMIZERS["gradient_descent"].function(learning_rate)
    return transform


def preset_run(preset: dict[str, Any], mode: str) -> Record:
    """60 steps of P1, P2 or P7."""
    return trajectory(RNN, tensor([preset["w0"], preset["b0"]]), rate(preset["lr"]), guard(mode, preset["v"]), 60)


def curvature(points: Tensor) -> Tensor:
    """Norm ``(N)`` of the one-unit RNN's Hessian."""
    rows = [value_and_gradient(lambda p, k=k: value_and_gradient(RNN, p)[1][:, k], points)[1] for k in (0, 1)]
    return torch.stack(rows, -1).flatten(1).norm(dim=-1)


def first(condition: Tensor) -> int | None:
    """Index of the first True."""
    return int(condition.int().argmax()) if condition.any() else None


@pytest.mark.parametrize(("preset", "mode"), RUNS)
def test_presets_follow_fifty_digits_step_by_step(preset: dict[str, Any], mode: str) -> None:
    """To ten times the error that float64 itself had made up to that step (mostly from rounding the start).

    That is 2e-15 for the clipped P1 and P2, 1e-9 for P7, and 3e-5 for P1 by value, which is chaotic; losses and
    gradients differ by the slope and the curvature there times that much.
    """
    data, run = preset["runs"][mode], preset_run(preset, mode)
    reached = tensor(data["float64_error"]).cummax(0).values + 1e-14
    assert ((run.position - tensor(data["w"], data["b"])).norm(dim=-1) <= 10 * reached).all()
    slope = tensor(data["gnorm"])
    assert ((run.loss - tensor(data["loss"])).abs() <= 10 * reached * (1 + slope)).all()
    # Ten more for P1 by value, whose error is large enough for the curvature to change on the way.
    assert ((run.gradient_norm - slope).abs() <= 100 * reached * (1 + curvature(run.position))).all()


@pytest.mark.parametrize(("preset", "mode"), RUNS)
def test_throws_and_clipped_steps(preset: dict[str, Any], mode: str) -> None:
    """Which step is the longest, how long, from which loss to which; when clipping begins and how often it acts."""
    data, run = preset["runs"][mode], preset_run(preset, mode)
    longest = data["longest_step"]
    k, bound = int(longest["k"]), 1e-9 if preset["id"] != "P7" else 1e-7
    length = run.step_length[:-1].max().item()
    assert length == pytest.approx(longest["length"], rel=bound)
    assert run.step_length[k].item() == pytest.approx(length, rel=1e-14)
    assert run.loss[k].item() == pytest.approx(longest["loss_before"], rel=bound)
    assert run.loss[k + 1].item() == pytest.approx(longest["loss_after"], rel=bound)
    assert run.gradient_norm[k].item() == pytest.approx(longest["gnorm"], rel=bound)
    distance = (run.position - run.position[0]).norm(dim=-1).max().item()
    assert distance == pytest.approx(data["max_distance_from_start"], rel=1e-4 if mode == "value" else bound)
    if mode != "none":
        assert (run.gradient_norm[:-1] > preset["v"]).sum().item() == data["n_steps_over_v"]
        assert length <= preset["lr"] * preset["v"] * (math.sqrt(2) if mode == "value" else 1) * (1 + 1e-15)
    if mode == "norm":
        assert first(run.clip_factor < 1) == data["first_clipped_step"] == k


@pytest.mark.parametrize(
    ("name", "step", "thrown", "gradient_norm", "uphill"),
    [("P1", 10, 6.751, 8.438, 35), ("P2", 13, 9.450, 18.90, 53), ("P7", 4, 95.46, 136.4, 15)],
)
def test_gradient_descent_is_thrown_and_its_clipped_run_is_not(
    name: str, step: int, thrown: float, gradient_norm: float, uphill: float
) -> None:
    """Claims 3 and 5, with the numbers of the page: up the face in one step, then far away, to E = 0.09 for good."""
    free, kept = preset_run(PRESETS[name], "none"), preset_run(PRESETS[name], "norm")
    assert free.step_length[:-1].argmax() == step
    assert free.step_length[step].item() == pytest.approx(thrown, abs=0.005)
    assert free.gradient_norm[step].item() == pytest.approx(gradient_norm, rel=5e-4)
    assert (free.loss[step] / free.loss[step - 1]).item() == pytest.approx(uphill, abs=0.5)
    assert free.loss[-1].item() == pytest.approx(0.09, abs=1e-5)
    assert torch.equal(free.position[: step + 1], kept.position[: step + 1]), "pair until the first clip"
    assert kept.loss[-1] < 1e-3


@functools.cache
def long_runs() -> tuple[Record, Record]:
    """1,000 steps of P1, P2 and P7, without clipping and clipped by norm: six lanes of one batch."""
    start = tensor([[p["w0"], p["b0"]] for p in PRESETS.values()]).repeat(2, 1)
    rates, thresholds = (tensor([p[name] for p in PRESETS.values()]) for name in ("lr", "v"))
    # A threshold of infinity is none at all.
    bounds = torch.cat([torch.full_like(thresholds, math.inf), thresholds])
    run = trajectory(RNN, start, rate(rates.repeat(2)[:, None]), guard("norm", bounds[:, None]), 1000)
    assert (run.clip_factor[:, :3] == 1).all()
    return Record(*(part[:, :3] for part in run)), Record(*(part[:, 3:] for part in run))


def test_one_step_at_the_cliff_undoes_the_work_of_twelve() -> None:
    """Claim 3, P2: down to 0.0026, up to 0.138, then 9.45 units away to E = 0.09, where it still is at step 1,000."""
    position, loss, _, _, length = (part[:, list(PRESETS).index("P2")] for part in long_runs()[0])
    assert (loss[:13].diff() < 0).all(), "downhill for twelve steps"
    assert loss[[0, 12, 13]].tolist() == pytest.approx([0.0525, 0.0026, 0.1385], abs=5e-5)
    assert length[:13].max() < 0.3
    assert length[13].item() == pytest.approx(9.45, abs=0.005)
    assert (loss[14:] - 0.09).abs().max() < 1e-6
    assert (position[14:] - position[14]).norm(dim=-1).max() < 2e-4


def test_presets_after_hundreds_of_steps() -> None:
    """P1, P2, P7 as lanes with rates and thresholds of their own; unclipped ones never return.

    P1 and P2 keep eight digits. P7 goes on bouncing after step 60, where it is known to 5e-10: 1e-4 at step 120.
    """
    free, kept = long_runs()
    for lane, preset in enumerate(PRESETS.values()):
        long, bound = preset["float64_long_run"], 1e-2 if preset["id"] == "P7" else 1e-7
        assert free.loss[300, lane].item() == pytest.approx(long["none"]["300"]["loss"], rel=1e-9)
        for steps in (300, 1000):
            row = long["norm"][str(steps)]
            assert kept.loss[steps, lane].item() == pytest.approx(row["loss"], rel=bound)
            assert kept.position[steps, lane].tolist() == pytest.approx([row["w"], row["b"]], rel=bound / 10)


def test_a_sweep_over_thresholds() -> None:
    """P1, 300 steps, one lane per threshold: too small is slow, the middle is fine, too large is thrown."""
    preset, rows = PRESETS["P1"], PRESETS["P1"]["threshold_sweep_norm"]
    thresholds = tensor([row["v"] for row in rows])
    start = tensor([preset["w0"], preset["b0"]]).expand(len(rows), 2)
    run = trajectory(RNN, start, rate(preset["lr"]), guard("norm", thresholds[:, None]), 300)
    ends = run.loss[300]
    assert (ends[thresholds <= 0.0018] > 0.02).all()
    assert (ends[(thresholds >= 0.003) & (thresholds <= 3.2)] < 3.6e-4).all()
    assert (ends[thresholds >= 3.5] > 0.07).all()
    slow = thresholds <= 0.02  # so short steps never leave the ravine: no chaos
    expected = tensor([row["loss60"] for row in rows])
    torch.testing.assert_close(run.loss[60][slow], expected[slow], rtol=1e-9, atol=0)
    steps = run.step_length[:-1].amax(0)
    clipped = thresholds <= 3.2
    assert (steps[clipped] <= preset["lr"] * thresholds[clipped] * (1 + 1e-14)).all()


@pytest.mark.parametrize("mode", ["none", "norm", "value"])
@pytest.mark.parametrize("scene", SCENES)
def test_c1_c2_and_c3_step_by_step(scene: str, mode: str) -> None:
    """Against 50 digits, to the last finite one: 1e-12 relative, growing tenfold per step while the run is thrown.

    C1 without a clip and by norm is chaotic on its wall (its curvature, 8, is above 2/rate): 1e-9 there.
    """
    data, known = SCENES[scene], SCENES[scene]["runs"][mode]
    run = trajectory(
        LANDSCAPES[CLIFFS[scene]].loss(), tensor(data["start"]), rate(data["lr"]), guard(mode, data["v"]), 100
    )
    places = tensor(known["w"], known["b"])
    # hypot, because the last position of C2 is 1e175 away.
    error = torch.hypot(*(run.position[: len(places)] - places).unbind(-1)) / torch.hypot(*places.unbind(-1))
    bound = 1e-9 if scene == "C1" else 1e-10
    assert (error <= bound).all()
    losses = tensor(known["loss"])
    losses = losses[losses.isfinite()]
    torch.testing.assert_close(run.loss[: len(losses)], losses, rtol=1000 * bound, atol=1e-12)
    if mode == "norm":
        assert (run.clip_factor[:-1] < 1).sum().item() == known["steps_over_v"]
        assert run.step_length[:-1].max().item() == pytest.approx(data["lr"] * data["v"], rel=1e-14)


@pytest.mark.parametrize("scene", ["C2", "C3"])
def test_first_inf_and_nan_of_runs_that_diverge(scene: str) -> None:
    """Loss Inf, parameters Inf, parameters NaN: at the steps the data names (C2: 5, 6, 7; C3: 12, 13, 14).

    In C2 a sum of squares would overflow one step earlier; our norm is finite as long as the gradient is.
    """
    data, known = SCENES[scene], SCENES[scene]["runs"]["none"]["float64_first_nonfinite"]
    run = trajectory(LANDSCAPES[CLIFFS[scene]].loss(), tensor(data["start"]), rate(data["lr"]), guard("none", None), 20)
    assert first(~run.loss.isfinite()) == known["loss"]
    assert first(run.position.isinf().any(-1)) == known["theta_inf"]
    assert first(run.position.isnan().any(-1)) == known["theta_nan"]
    assert first(~run.gradient_norm.isfinite()) == known["loss"] >= known["grad"]
    kept = trajectory(
        LANDSCAPES[CLIFFS[scene]].loss(), tensor(data["start"]), rate(data["lr"]), guard("norm", 1.0), 100
    )
    assert kept.loss[-1].item() == pytest.approx(data["runs"]["norm"]["final64"][2], rel=1e-6)
    assert kept.loss[-1] < 1e-9


def test_the_wall_throws_and_the_clipped_run_stays_at_its_foot() -> None:
    """C1: 12.37 units at step 10. It cannot rest (curvature 8 > 2/rate), so means of 50 losses are compared."""
    data = SCENES["C1"]
    ends = {}
    for mode in ("none", "norm", "value"):
        known = data["runs"][mode]
        loss = LANDSCAPES["wall_and_floor"].loss()
        run = trajectory(loss, tensor(data["start"]), rate(data["lr"]), guard(mode, data["v"]), 100)
        assert run.step_length[:-1].max().item() == pytest.approx(known["max_step"], rel=1e-6)
        ends[mode] = run.loss[-50:].mean().item()
        assert ends[mode] == pytest.approx(known["mean_loss_last_50_float64"], rel=1e-5)
        assert run.loss[-50:].max().item() == pytest.approx(known["max_loss_last_50_float64"], rel=1e-5)
        if mode == "none":
            assert run.step_length[:-1].argmax() == known["argmax_step"] == 10
    assert ends["norm"] < ends["value"] < ends["none"]


@pytest.mark.parametrize("kind", [entry.kind for entry in LANDSCAPES if not entry.examples])
def test_on_every_preset_a_step_clipped_by_norm_keeps_its_direction_and_is_short(kind: str) -> None:
    """Claim 6: along the gradient and at most ε v long, whatever the landscape; what minibatches do is claim 11."""
    for preset in LANDSCAPES[kind].presets:
        scene = preset.choices
        parts = {name.partition(".")[2]: v for name, v in scene.items() if name.startswith("landscape.")}
        loss, speed, v = LANDSCAPES[kind].loss(**parts), scene.get("optimizer.learning_rate", 0.5), 0.2
        start = tensor(scene.get("start", LANDSCAPES[kind].start))
        run = trajectory(loss, start, rate(speed), guard("norm", v), 60)
        lengths, steps = run.step_length[:-1], run.position.diff(dim=0)
        assert (lengths <= speed * v * (1 + 4e-16)).all()
        against = -value_and_gradient(loss, run.position[:-1])[1]
        # A step far shorter than the position is rounded by it.
        whole = (lengths > 1e-6) & (run.gradient_norm[:-1] > 0)
        cosine = (steps * against).sum(-1) / steps.norm(dim=-1) / against.norm(dim=-1)
        assert (cosine[whole] > 1 - 1e-13).all()
