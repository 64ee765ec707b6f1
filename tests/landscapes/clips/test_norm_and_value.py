"""Clips by norm and by value: rules, special gradients, PyTorch's utilities, and the bias of clipped means."""

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.catalogue import CLIPS
from cliffscape.landscapes.transform import Transform, norm
from tests.reference import reference, tensor

INF, NAN = math.inf, math.nan
SEMANTICS = {row["case"]: row for row in reference("clip_semantics")["rows"]}
BIAS = reference("clip_bias")


def clip_once(kind: str, gradient: Tensor, **parameters: object) -> Tensor:
    """A gradient, or a step, after the first update of a clip."""
    clip: Transform = CLIPS[kind].function(**parameters)
    passed = clip.update(gradient, clip.init(torch.zeros_like(gradient)), torch.zeros_like(gradient))[0]
    return passed if clip.limit is None else clip.limit(passed)


def angle(one: Tensor, other: Tensor) -> float:
    """Angle between two vectors in degrees, by half-angle: exact near 0 too."""
    a, b = one / one.norm(), other / other.norm()
    return math.degrees(2 * math.atan2((a - b).norm().item(), (a + b).norm().item()))


def by_pytorch(utility: Callable[..., object], gradient: Tensor, threshold: float) -> Tensor:
    """A gradient after one of torch.nn.utils' clips, which work in place on parameters."""
    parameter = torch.nn.Parameter(torch.zeros_like(gradient))
    parameter.grad = gradient.clone()
    utility([parameter], threshold)
    return parameter.grad


def samples() -> Tensor:
    """Gradients ``(200, 3)`` over twelve decades."""
    generator = torch.Generator().manual_seed(1)
    size = 10 ** (12 * torch.rand(200, 1, dtype=torch.float64, generator=generator) - 6)
    return size * torch.randn(200, 3, dtype=torch.float64, generator=generator)


def test_norms_do_not_overflow_or_underflow() -> None:
    vectors = tensor([[3.0, 4.0], [3e200, 4e200], [3e-200, -4e-200], [0.0, 0.0], [INF, 1.0], [-INF, 2.0], [NAN, 1.0]])
    expected = tensor([[5.0], [5e200], [5e-200], [0.0], [INF], [INF], [NAN]])
    torch.testing.assert_close(norm(vectors), expected, rtol=1e-15, atol=0, equal_nan=True)


def test_norms_are_those_of_linalg_row_by_row() -> None:
    vectors = samples().reshape(2, 100, 3)
    expected = torch.linalg.vector_norm(vectors, dim=-1, keepdim=True)
    torch.testing.assert_close(norm(vectors), expected, rtol=1e-15, atol=0)


@pytest.mark.parametrize("case", SEMANTICS)
@pytest.mark.parametrize(
    ("kind", "column"),
    [
        ("by_norm_pytorch", "torch.clip_grad_norm_"),
        ("by_value", "torch.clip_grad_value_"),
        ("by_value", "keras clipvalue"),
        ("by_norm_keras", "keras global_clipnorm"),
        ("by_norm_optax", "optax clip_by_global_norm"),
    ],
)
def test_special_gradients_give_the_results_recorded_from_libraries(case: str, kind: str, column: str) -> None:
    row = SEMANTICS[case]
    gradient, expected = (tensor([x for part in row[name] for x in part]) for name in ("g", column))
    torch.testing.assert_close(clip_once(kind, gradient, threshold=1.0), expected, rtol=1e-15, atol=0, equal_nan=True)


@pytest.mark.parametrize("threshold", [1e-3, 0.7, 40.0])
@pytest.mark.parametrize(
    ("kind", "utility"),
    [("by_norm_pytorch", torch.nn.utils.clip_grad_norm_), ("by_value", torch.nn.utils.clip_grad_value_)],
)
def test_clips_equal_the_utilities_of_pytorch(kind: str, utility: Callable[..., object], threshold: float) -> None:
    special = tensor([[INF, 1.0, -2.0], [-INF, INF, 0.0], [NAN, 1.0, 2.0], [1e200, 1.0, 2.0], [0.0, 0.0, 0.0]])
    gradients = torch.cat([samples(), special])
    expected = torch.stack([by_pytorch(utility, row, threshold) for row in gradients])
    measured = clip_once(kind, gradients, threshold=threshold)
    # A norm, a quotient and a product: four roundings of 1.1e-16 each may differ.
    torch.testing.assert_close(measured, expected, rtol=5e-16, atol=0, equal_nan=True)


def test_by_norm_is_the_books_rule() -> None:
    """Length v or less, direction kept; PyTorch's epsilon makes a difference of a millionth over the norm."""
    gradients = samples()
    before, after = norm(gradients), norm(clip_once("by_norm", gradients, threshold=0.5))
    torch.testing.assert_close(after, before.clamp_max(0.5), rtol=4e-16, atol=0)
    untouched = before[:, 0] <= 0.5
    assert 50 < untouched.sum() < 150
    assert torch.equal(clip_once("by_norm", gradients, threshold=0.5)[untouched], gradients[untouched])
    turned = [angle(g, c) for g, c in zip(gradients, clip_once("by_norm", gradients, threshold=0.5), strict=True)]
    assert max(turned) < 1e-13


def test_just_above_the_threshold_a_clip_acts() -> None:
    """(3, 4) has a norm of exactly 5; at the threshold itself, see test_edges.py."""
    gradient = tensor([3.0, 4.0])
    for kind in ("by_norm", "random_step", "by_norm_else_random", "step_by_norm"):
        assert torch.equal(clip_once(kind, gradient, threshold=5.0), gradient)
        assert clip_once(kind, gradient, threshold=math.nextafter(5.0, 0)).tolist() != gradient.tolist()
    assert clip_once("by_value", gradient, threshold=math.nextafter(4.0, 0)).tolist() != gradient.tolist()


def test_pytorchs_epsilon_keeps_a_clipped_norm_below_the_threshold() -> None:
    for row in reference("clip_semantics")["note_torch_epsilon"]["example"]:
        scaled = clip_once("by_norm_pytorch", tensor([row["norm"], 0.0]), threshold=1.0)
        assert scaled[0].item() == pytest.approx(row["clipped_norm"], rel=1e-15)


WITHOUT_THRESHOLD = tuple(clip.kind for clip in CLIPS if "threshold" not in clip.defaults)


@pytest.mark.parametrize("kind", [clip.kind for clip in CLIPS if clip.kind not in WITHOUT_THRESHOLD])
def test_lanes_do_not_couple_and_have_thresholds_of_their_own(kind: str) -> None:
    gradients = torch.cat([samples()[:6], tensor([[INF, 1.0, 2.0], [NAN, 0.0, 1.0]])])
    thresholds = tensor([0.01, 0.1, 1.0, 10.0, 0.02, 0.5, 1.0, 1.0])[:, None]
    together = clip_once(kind, gradients, threshold=thresholds)
    apart = [clip_once(kind, g, threshold=float(v)) for g, v in zip(gradients, thresholds, strict=True)]
    torch.testing.assert_close(together, torch.stack(apart), rtol=4e-16, atol=0, equal_nan=True)


def test_averaging_clipped_gradients_is_not_clipping_the_average() -> None:
    """E1: per-example gradients (1, 0), (1, 0), (1, 0), (0, 8) with v = 1."""
    row = BIAS["E1"]
    examples = tensor(row["per_example_gradients"])
    mean = examples.mean(0)
    assert mean.tolist() == row["true_mean"]
    of_mean = clip_once("by_norm", mean, threshold=1.0)
    torch.testing.assert_close(of_mean, tensor([3.0, 8.0]) / math.sqrt(73), rtol=1e-15, atol=0)
    assert clip_once("by_value", mean, threshold=1.0).tolist() == [0.75, 1.0] == row["value_clip_of_mean"]
    per_example = clip_once("by_norm", examples, threshold=1.0).mean(0)
    assert per_example.tolist() == [0.75, 0.25] == row["mean_of_per_example_norm_clipped"]
    assert angle(mean, per_example) == pytest.approx(-row["angle_per_example"], rel=1e-13)
    by_value = clip_once("by_value", examples, threshold=1.0).mean(0)
    assert by_value.tolist() == row["mean_of_per_example_value_clipped"]
    batches = clip_once("by_norm", examples.reshape(2, 2, 2).mean(1), threshold=1.0)
    closed = tensor([(1 + 1 / math.sqrt(65)) / 2, 4 / math.sqrt(65)])
    torch.testing.assert_close(batches.mean(0), closed, rtol=1e-15, atol=0)
    torch.testing.assert_close(closed, tensor(row["mean_of_norm_clipped_minibatch_gradients"]), rtol=1e-15, atol=0)
    assert angle(mean, closed) == pytest.approx(-row["angle_minibatches"], rel=1e-13)
    weight = batches[1, 0] / (examples[2, 0] / 2)  # of the bystander that shares a batch with the outlier
    assert weight.item() == pytest.approx(2 / math.sqrt(65), rel=1e-15)


def test_clipping_examples_can_reverse_the_mean() -> None:
    """E2: gradients 10, -1, -1, -1: the mean is +1.75, the mean of the clipped ones -0.5."""
    examples = tensor([[10.0], [-1.0], [-1.0], [-1.0]])
    assert examples.mean() == BIAS["E2"]["true_mean"] == 1.75
    for kind in ("by_norm", "by_value"):
        assert clip_once(kind, examples, threshold=1.0).mean() == BIAS["E2"]["mean_of_clipped"] == -0.5


@pytest.mark.parametrize("row", BIAS["E3"]["rows"], ids=lambda row: str(row["v"]))
def test_descent_on_clipped_examples_ends_at_hubers_estimate(row: dict[str, float]) -> None:
    """E3: f_i = ½ (θ − a_i)², a = (0, 0, 0, 10): min(v/3, 2.5) instead of the mean 2.5."""
    targets, theta = tensor([[0.0], [0.0], [0.0], [10.0]]), tensor([[1.2]])
    for _ in range(400):
        theta = theta - 0.5 * clip_once("by_norm", theta - targets, threshold=float(row["v"])).mean(0)
    assert theta.item() == pytest.approx(min(row["v"] / 3, 2.5), rel=1e-13)
    assert theta.item() == pytest.approx(row["fixed_point_numeric"], rel=1e-13)


@pytest.mark.parametrize("row", BIAS["E4"]["examples"], ids=lambda row: str(row["g"]))
def test_clipping_by_value_turns_the_gradient_and_still_descends(row: dict[str, object]) -> None:
    """E4: angles, of 45° at most in the plane, and dot products; clipping by norm never turns."""
    gradient, v = tensor(row["g"]).double(), float(row["v"])
    value, kept = clip_once("by_value", gradient, threshold=v), clip_once("by_norm", gradient, threshold=v)
    torch.testing.assert_close(value, tensor(row["value"]).double(), rtol=1e-15, atol=0)
    torch.testing.assert_close(kept, tensor(row["norm"]).double(), rtol=1e-15, atol=0)
    assert angle(gradient, value) == pytest.approx(abs(row["angle_value"]), rel=1e-12, abs=1e-13)
    assert angle(gradient, kept) == pytest.approx(0, abs=1e-13)
    assert (gradient @ value).item() == pytest.approx(row["dot_value"], rel=1e-15)
    assert (gradient @ value).item() > 0


@pytest.mark.parametrize("dimension", [2, 3, 10, 100])
def test_the_largest_turn_by_value(dimension: int) -> None:
    """arccos(1/√d), approached as one component grows without limit."""
    gradient = torch.ones(dimension, dtype=torch.float64)
    gradient[0] = 1e9
    expected = BIAS["E4"]["worst_case_angle_deg_in_d_dims_as_t_to_inf"][str(dimension)]
    measured = angle(gradient, clip_once("by_value", gradient, threshold=1.0))
    assert expected == pytest.approx(math.degrees(math.acos(1 / math.sqrt(dimension))), rel=1e-14)
    assert measured == pytest.approx(expected, rel=1e-6) and measured < expected


@pytest.mark.parametrize("kind", ["by_value", "by_value_turned", "by_variable_keras"])
def test_what_clamps_components_never_turns_a_gradient_by_90_degrees(kind: str) -> None:
    """Claim 7: g · clip(g) > 0, in any number of dimensions and however far above the threshold."""
    gradients = torch.cat([samples(), 1e140 * samples()])
    after = clip_once(kind, gradients, threshold=0.5)
    assert ((gradients / norm(gradients) * after).sum(-1) > 0).all()
