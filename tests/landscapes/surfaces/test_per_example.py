"""Landscapes mean_loss of examples: E1 to E3 and E5, in closed form and as descents."""

import math

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.clips.minibatches import MeanLoss, over_minibatches
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.descent.descend import trajectory
from cliffscape.landscapes.loss import Landscape
from tests.reference import reference, tensor

BIAS = reference("clip_bias")
MADE_OF_EXAMPLES = [pytest.param(entry, id=entry.kind) for entry in LANDSCAPES if entry.examples]
ORIGIN = tensor([0.0, 0.0])


def mean_loss(kind: str, size: int, **parameters: float) -> MeanLoss:
    """A landscape's loss in minibatches of ``size``."""
    loss = LANDSCAPES[kind].loss(minibatch_size=size, **parameters)
    assert isinstance(loss, MeanLoss)
    return loss


def mean_clipped_gradient(
    kind: str, size: int, clip: str = "by_norm", theta: Tensor = ORIGIN, threshold: float = 1.0
) -> Tensor:
    """The mean of the clipped minibatch gradients."""
    loss = mean_loss(kind, size)
    guard = over_minibatches(loss, CLIPS[clip].function(threshold))
    return guard.update(value_and_gradient(loss, theta)[1], (), theta)[0]


def direction(vector: Tensor) -> float:
    """Degrees from the first axis, counter-clockwise."""
    return math.degrees(math.atan2(vector[1], vector[0]))


@pytest.mark.parametrize("entry", MADE_OF_EXAMPLES)
def test_the_minibatch_size_is_a_structural_parameter(entry: Landscape) -> None:
    (size,) = (p for p in entry.parameters if p.name == "minibatch_size")
    assert size.range.structural and (size.default, size.range.low, size.range.high) == (1, 1, entry.examples)


@pytest.mark.parametrize("entry", MADE_OF_EXAMPLES)
def test_the_minibatch_size_does_not_change_the_loss(entry: Landscape) -> None:
    theta = entry.window.grid(5, 5)
    one, all_ = entry.loss(minibatch_size=1)(theta), entry.loss(minibatch_size=entry.examples)(theta)
    torch.testing.assert_close(one, all_, rtol=0, atol=0)


@pytest.mark.parametrize("entry", MADE_OF_EXAMPLES)
def test_a_mean_in_closed_form_is_the_mean_of_the_examples(entry: Landscape) -> None:
    loss, theta = entry.loss(), entry.window.grid(5, 5)
    assert isinstance(loss, MeanLoss)
    spread = theta.unsqueeze(-2).expand(5, 5, entry.examples, 2)
    each = loss.examples(spread)
    torch.testing.assert_close(loss(theta), each.mean(-1), rtol=0, atol=1e-14 * float(each.abs().max()))
    point = tensor([0.2, -0.1])
    mean = value_and_gradient(loss, point)[1]
    torch.testing.assert_close(loss.example_gradients(point).mean(0), mean, rtol=1e-12, atol=1e-14)


def test_e1_the_gradients_and_their_mean() -> None:
    loss = mean_loss("large_example", 1)
    for theta in (ORIGIN, tensor([1.5, -2.0])):
        assert loss.example_gradients(theta).tolist() == BIAS["E1"]["per_example_gradients"]
        assert value_and_gradient(loss, theta)[1].tolist() == BIAS["E1"]["true_mean"] == [0.75, 2.0]
    assert direction(tensor([0.75, 2.0])) == pytest.approx(69.44, abs=0.005)


@pytest.mark.parametrize(
    ("size", "clip", "key", "degrees"),
    [
        (4, "by_norm", "clip_of_mean", 69.44),
        (4, "by_value", "value_clip_of_mean", 53.13),
        (1, "by_norm", "mean_of_per_example_norm_clipped", 18.43),
        (1, "by_value", "mean_of_per_example_value_clipped", 18.43),
        (2, "by_norm", "mean_of_norm_clipped_minibatch_gradients", 41.44),
    ],
)
def test_e1_directions_of_all_averages(size: int, clip: str, key: str, degrees: float) -> None:
    found = mean_clipped_gradient("large_example", size, clip)
    torch.testing.assert_close(found, tensor(BIAS["E1"][key]), rtol=1e-15, atol=1e-16)
    assert direction(found) == pytest.approx(degrees, abs=0.005)


def test_e1_in_closed_form() -> None:
    pairs = mean_clipped_gradient("large_example", 2)
    torch.testing.assert_close(pairs, tensor([(1 + 1 / math.sqrt(65)) / 2, 4 / math.sqrt(65)]), rtol=1e-15, atol=0)
    assert pairs.tolist() == pytest.approx([0.562017, 0.496139], abs=5e-7)
    truth = direction(tensor([0.75, 2.0]))
    assert truth - direction(mean_clipped_gradient("large_example", 1)) == pytest.approx(51.0, abs=0.05)
    assert truth - direction(pairs) == pytest.approx(28.0, abs=0.05)


def test_sharing_a_minibatch_with_the_large_example_reduces_the_weight() -> None:
    """Claim 12: the third example's gradient is scaled by 2/√65 = 0.248 with its minibatch, the first one's by 1."""
    gradients, _ = mean_loss("large_example", 2).minibatch_gradients(ORIGIN)
    clipped, _ = CLIPS["by_norm"].function(1.0).update(gradients, (), ORIGIN)
    weights = clipped.norm(dim=-1) / gradients.norm(dim=-1)
    assert weights.tolist() == pytest.approx([1.0, 2 / math.sqrt(65)], rel=1e-15)
    assert weights[1].item() == pytest.approx(0.248, abs=5e-4)
    # Of both minibatches' x, half is the third example's by count; after the clip it is a fifth.
    assert mean_clipped_gradient("large_example", 2)[0].item() == pytest.approx(
        (1 + weights[1].item() / 2) / 2, rel=1e-15
    )


@pytest.mark.parametrize("size", [1, 2, 4])
def test_the_path_on_a_plane_runs_against_the_average(size: int) -> None:
    start, rate = tensor([1.5, 2.5]), OPTIMIZERS["gradient_descent"].function(0.05)
    run = trajectory(mean_loss("large_example", size), start, rate, CLIPS["by_norm"].function(1.0), 60)
    expected = start - 60 * 0.05 * mean_clipped_gradient("large_example", size)
    torch.testing.assert_close(run.position[-1], expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("clip", ["by_norm", "by_value"])
def test_e2_the_average_points_the_other_way(clip: str) -> None:
    loss = mean_loss("opposed_example", 1)
    assert loss.example_gradients(ORIGIN)[:, 0].tolist() == [10.0, -1.0, -1.0, -1.0]
    assert value_and_gradient(loss, ORIGIN)[1].tolist() == [BIAS["E2"]["true_mean"], 0.0] == [1.75, 0.0]
    assert (
        mean_clipped_gradient("opposed_example", 1, clip).tolist()
        == [BIAS["E2"]["mean_of_clipped"], 0.0]
        == [-0.5, 0.0]
    )
    assert mean_clipped_gradient("opposed_example", 2, clip).tolist() == [0.0, 0.0]


def test_e2_a_step_against_the_average_increases_the_loss() -> None:
    """In the floor of the valley, and in the end from its side too: to a higher loss than it began with."""
    preset = LANDSCAPES["opposed_example"].presets[0].choices
    rate = OPTIMIZERS["gradient_descent"].function(preset["optimizer.learning_rate"])
    loss, clip = mean_loss("opposed_example", 1), CLIPS["by_norm"].function(1.0)
    floor = trajectory(loss, ORIGIN, rate, clip, 60)
    assert (floor.loss.diff() > 0).all()
    run = trajectory(loss, tensor(LANDSCAPES["opposed_example"].start), rate, clip, preset["steps"])
    assert run.loss[-1] > run.loss[0]
    free = trajectory(
        loss, tensor(LANDSCAPES["opposed_example"].start), rate, CLIPS["none"].function(), preset["steps"]
    )
    assert (free.loss.diff() < 0).all()


def test_e3_clipped_examples_converge_to_hubers_estimate() -> None:
    """θ*(v) = min(v/3, 2.5) to 1e-12; the clip of the mean finds the true minimum 2.5 with any threshold."""
    rate, rows = OPTIMIZERS["gradient_descent"].function(0.5), BIAS["E3"]["rows"]
    thresholds = tensor([row["v"] for row in rows])
    clip, start = (
        CLIPS["by_norm"].function(thresholds[:, None]),
        tensor(LANDSCAPES["outlier"].start).expand(len(rows), 2),
    )
    end = trajectory(mean_loss("outlier", 1), start, rate, clip, 600).position[-1]
    torch.testing.assert_close(end[:, 0], (thresholds / 3).clamp(max=2.5), rtol=0, atol=1e-12)
    torch.testing.assert_close(end[:, 0], tensor([row["closed_form"] for row in rows]), rtol=0, atol=1e-12)
    assert end[:, 1].abs().max() <= 1e-12
    whole = trajectory(mean_loss("outlier", 4), start, rate, clip, 600).position[-1]
    torch.testing.assert_close(whole, tensor([[2.5, 0.0]] * len(rows)), rtol=0, atol=1e-12)


def test_e3_a_threshold_towards_zero_gives_the_median() -> None:
    thresholds, rate = tensor([1e-1, 1e-2, 1e-3]), OPTIMIZERS["gradient_descent"].function(1.0)
    clip, start = CLIPS["by_norm"].function(thresholds[:, None]), tensor([[0.2, 0.0]] * 3)
    end = trajectory(mean_loss("outlier", 1), start, rate, clip, 1000).position[-1]
    torch.testing.assert_close(end[:, 0], thresholds / 3, rtol=0, atol=1e-12)


@pytest.mark.parametrize("outlier", [0.0, 3.0, 40.0])
def test_e3_with_another_outlier(outlier: float) -> None:
    start, rate = tensor([1.0, 1.0]), OPTIMIZERS["gradient_descent"].function(0.5)
    end = trajectory(mean_loss("outlier", 1, outlier=outlier), start, rate, CLIPS["by_norm"].function(2.0), 600)
    assert end.position[-1].tolist() == pytest.approx([min(2 / 3, outlier / 4), 0.0], abs=1e-12)
    assert LANDSCAPES["outlier"].minima(outlier=outlier, minibatch_size=1) == ((outlier / 4, 0.0),)


@pytest.mark.parametrize("row", BIAS["E5"]["rows"], ids=lambda row: str(row["m"]))
def test_e5_the_bias_shrinks_with_the_minibatch(row: dict[str, float]) -> None:
    """At the origin the gradients are the points turned round, and so is every mean of them."""
    truth = value_and_gradient(mean_loss("heavy_tails", 1), ORIGIN)[1]
    torch.testing.assert_close(truth, -tensor(BIAS["E5"]["true_mean"]), rtol=1e-13, atol=0)
    found = mean_clipped_gradient("heavy_tails", int(row["m"]))
    torch.testing.assert_close(found, -tensor(row["mean_clipped"]), rtol=1e-12, atol=0)
    assert direction(found) - direction(truth) == pytest.approx(row["angle_to_true"], abs=1e-10)
    rounded = {1: -28.6, 4: -26.8, 16: -18.4, 64: -4.1, 256: 0.9, 4096: 0.0}[int(row["m"])]
    assert row["angle_to_true"] == pytest.approx(rounded, abs=0.05)


def test_e5_clipped_one_by_one_the_run_converges_nearer_to_the_centre_than_to_the_mean() -> None:
    rate = OPTIMIZERS["gradient_descent"].function(0.5)
    run = trajectory(mean_loss("heavy_tails", 1), ORIGIN, rate, CLIPS["by_norm"].function(1.0), 120)
    assert run.step_length[-2] < 1e-6
    centre, mean = tensor([0.4, 0.2]), tensor(BIAS["E5"]["true_mean"])
    assert (run.position[-1] - centre).norm() < 0.03
    assert (run.position[-1] - mean).norm() > 0.2
