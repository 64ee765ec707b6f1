"""Clips for gradients with Inf or NaN: which runs leave the region of Inf on C4, and finite gradients."""

import math

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.clips.nonfinite import recurrent_mask
from cliffscape.landscapes.descent.descend import descend, trajectory
from cliffscape.landscapes.transform import Transform
from tests.landscapes.clips.test_norm_and_value import clip_once, samples
from tests.reference import reference, tensor


def test_finite_gradients_are_never_skipped() -> None:
    gradients = torch.cat([samples(), tensor([[1e300, 1e300, 1e300]])])
    assert torch.equal(clip_once("skip_nonfinite", gradients), gradients)


def test_gradient_descent_does_not_move_after_skipping() -> None:
    """It never leaves a region where the gradient is not finite; a random step does."""

    def edge(theta: Tensor) -> Tensor:
        return (theta.exp().exp() ** 2).sum(-1)

    start = tensor([8.0, 0.0])
    run = trajectory(edge, start, OPTIMIZERS["gradient_descent"].function(0.1), CLIPS["skip_nonfinite"].function(), 5)
    assert torch.equal(run.position, start.expand(6, 2))
    assert LANDSCAPES["rosenbrock"].loss()(start).isfinite()


def outcome(clip: Transform) -> tuple[float, float, float]:
    """C4 with 1000 lanes: shares solved and with parameters not finite, median steps in the region of Inf."""
    scene = reference("nonfinite")["scenes"][0]
    loss = LANDSCAPES["linear_recurrence"].loss(sequence_length=scene["T"], target=float(scene["y"]))
    start = tensor(scene["start"]).repeat(1000, 1)
    rate = OPTIMIZERS["gradient_descent"].function(scene["lr"])
    inside = torch.zeros(1000)
    for block in descend(loss, start, rate, clip, 300):
        inside += (~block.gradient_norm.isfinite()).sum(0)
    end = block
    lost = ~end.position[-1].isfinite().all(-1)
    return (end.loss[-1] < 1e-2).double().mean().item(), lost.double().mean().item(), inside.median().item()


def test_a_random_step_leads_out_of_the_region_of_inf() -> None:
    """C4, claim 10: 92 % of 1000 seeds solved (93 % of 5000), where 93.6 % are known.

    Two samples of 1000 at 94 % differ by 1.1 points: 3 are allowed.

    The other rule of the book, a random step above the threshold as well, also keeps all parameters finite. But its
    random walk does not lead downhill: 39 % are solved in 300 steps (40 % of 2000 seeds).
    """
    rules = reference("nonfinite")["scenes"][0]["rules"]
    seeds = torch.arange(1000, dtype=torch.float64)[:, None]
    solved, lost, steps = outcome(CLIPS["by_norm_else_random"].function(1.0, seeds))
    assert solved == pytest.approx(rules["random"]["share_solved_300_steps"], abs=0.03)
    assert lost == rules["random"]["share_parameters_nonfinite"] == 0
    assert steps == pytest.approx(rules["random"]["median_steps_in_nonfinite_region"], abs=1)
    solved, lost, _ = outcome(CLIPS["random_step"].function(1.0, seeds))
    assert solved == pytest.approx(0.38, abs=0.05) and lost == 0


@pytest.mark.parametrize(
    ("kind", "rule", "parameters"),
    [("none", "none", {}), ("by_norm_pytorch", "torch", {"threshold": 1.0}), ("by_norm", "torch", {"threshold": 1.0})],
)
def test_without_a_random_step_inf_is_the_end(kind: str, rule: str, parameters: dict[str, float]) -> None:
    """C4: no run is solved, and all parameters become Inf or NaN."""
    row = reference("nonfinite")["scenes"][0]["rules"][rule]
    solved, lost, steps = outcome(CLIPS[kind].function(**parameters))
    assert solved == row["share_solved_300_steps"] == 0
    assert lost == row["share_parameters_nonfinite"] == 1
    assert steps == row["median_steps_in_nonfinite_region"] == 301


@pytest.mark.parametrize(
    ("kind", "rule", "parameters"),
    [("skip_nonfinite", "skip", {}), ("by_norm_else_shrink", "shrink", {"threshold": 1.0})],
)
def test_skipping_stands_still_and_the_authors_rule_always_gets_away(
    kind: str, rule: str, parameters: dict[str, float]
) -> None:
    """C4: with skipping, every run stays in place. With 0.02 W, all runs leave the region, in 14 steps."""
    row = reference("nonfinite")["scenes"][0]["rules"][rule]
    solved, lost, steps = outcome(CLIPS[kind].function(**parameters))
    assert solved == row["share_solved_300_steps"] == float(rule == "shrink")
    assert lost == row["share_parameters_nonfinite"] == 0
    assert steps == row["median_steps_in_nonfinite_region"]


@pytest.mark.parametrize("kind", ["by_norm_else_random", "by_norm_else_shrink"])
def test_finite_gradients_are_clipped_by_norm(kind: str) -> None:
    gradients = samples()
    assert torch.equal(clip_once(kind, gradients, threshold=0.5), clip_once("by_norm", gradients, threshold=0.5))


def test_a_random_step_replaces_only_what_is_not_finite() -> None:
    gradients = torch.cat([samples()[:3], tensor([[math.inf, 1.0, 2.0], [math.nan, 1.0, 2.0]])])
    mixed = clip_once("by_norm_else_random", gradients, threshold=0.5, seed=3)
    random = clip_once("random_step", gradients, threshold=0.5, seed=3)
    assert torch.equal(mixed[3:], random[3:])
    torch.testing.assert_close(mixed[3:].norm(dim=-1), tensor([0.5, 0.5]), rtol=4e-16, atol=0)


@pytest.mark.parametrize("gradient", [[math.inf, 1.0, 2.0], [1.0, math.nan, 2.0], [1.1e10, 0.0, 0.0]])
def test_the_authors_rule_shrinks_only_the_recurrent_weights(gradient: list[float]) -> None:
    theta = tensor([3.0, -2.0, 5.0])
    alone = CLIPS["by_norm_else_shrink"].function(0.5)
    assert alone.update(tensor(gradient), (), theta)[0].tolist() == [0.06, 0, 0]
    net = CLIPS["by_norm_else_shrink"].build(
        {"threshold": 0.5}, {"weight_ih": (1, 1), "weight_hh": (1, 1), "bias": (1,)}
    )
    assert net.update(tensor(gradient), (), theta)[0].tolist() == [0, -0.04, 0]
    assert recurrent_mask(theta, {"weight_hh": (1, 2), "bias": (1,)}).tolist() == [1, 1, 0]


def test_norms_just_below_1e10_are_still_clipped() -> None:
    clip = CLIPS["by_norm_else_shrink"].function(0.5)
    assert clip.update(tensor([9.9e9, 0.0]), (), tensor([3.0, 1.0]))[0].tolist() == [0.5, 0]
