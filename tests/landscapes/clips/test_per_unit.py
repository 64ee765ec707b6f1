"""Clips by parts of the net: Keras's clipnorm by variable, adaptive gradient clipping by unit."""

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.catalogue import CLIPS
from cliffscape.landscapes.clips.per_unit import unit_groups, variable_groups
from cliffscape.landscapes.networks.catalogue import CELLS, TASKS
from cliffscape.landscapes.networks.network import Net
from cliffscape.landscapes.transform import Transform
from tests.landscapes.clips.test_norm_and_value import clip_once, samples
from tests.reference import reference, tensor

SEMANTICS = {row["case"]: row for row in reference("clip_semantics")["rows"]}
NET = Net(CELLS["lstm"].function(4), TASKS["temporal_order"].function(10))


def clip_gradient(kind: str, chosen: dict[str, float], gradient: Tensor, theta: Tensor) -> Tensor:
    """A gradient of the whole net after one clip."""
    clip: Transform = CLIPS[kind].build(chosen, NET.layout.shapes)
    return clip.update(gradient, clip.init(theta), theta)[0]


def random_pair() -> tuple[Tensor, Tensor]:
    """Gradients and thetas ``(5, D)`` of the net; one unit's weights are far below 1e-3, the least norm that counts."""
    generator = torch.Generator().manual_seed(7)
    gradient, theta = torch.randn(2, 5, NET.layout.size, dtype=torch.float64, generator=generator)
    NET.layout.unpack(theta)["weight_hh"][:, 3] *= 1e-6
    return gradient * 10 ** torch.arange(-4.0, 1.0)[:, None], theta


@pytest.mark.parametrize("case", SEMANTICS)
def test_variables_give_the_results_recorded_from_keras(case: str) -> None:
    """Two tensors of two and one entries, among them (3, 4) and (12): (0.6, 0.8) and (1)."""
    row = SEMANTICS[case]
    gradient, expected = (
        tensor([x for part in row[name] for x in part]) for name in ("g", "keras clipnorm (per variable)")
    )
    shapes = {f"variable {k}": (len(part),) for k, part in enumerate(row["g"])}
    clip: Transform = CLIPS["by_variable_keras"].build({"threshold": 1.0}, shapes)
    measured = clip.update(gradient, (), torch.zeros_like(gradient))[0]
    torch.testing.assert_close(measured, expected, rtol=2e-16, atol=0, equal_nan=True)


def test_every_variable_of_a_network_is_clipped_separately() -> None:
    """Against torch.nn.utils.clip_grad_norm_ over one tensor at a time, which adds a millionth to the norm."""
    gradient, theta = random_pair()
    result = NET.layout.unpack(clip_gradient("by_variable_keras", {"threshold": 0.05}, gradient, theta))
    for name, part in NET.layout.unpack(gradient).items():
        for lane in range(5):
            parameter = torch.nn.Parameter(torch.zeros_like(part[lane]))
            parameter.grad = part[lane].clone()
            torch.nn.utils.clip_grad_norm_([parameter], 0.05)
            torch.testing.assert_close(result[name][lane], parameter.grad, rtol=3e-5, atol=0)
            assert result[name][lane].norm() <= 0.05 * (1 + 1e-15)


def test_coordinates_of_a_landscape_are_separate_variables() -> None:
    """Each is clamped, as in clipping by value."""
    gradients = samples()
    by_value = clip_once("by_value", gradients, threshold=0.5)
    torch.testing.assert_close(clip_once("by_variable_keras", gradients, threshold=0.5), by_value, rtol=3e-16, atol=0)


def clip_by_loops(gradient: Tensor, weight: Tensor, factor: float) -> Tensor:
    """The paper's adaptive clipping of one matrix (out x in) or vector, row by row, with plain loops."""
    rows = [slice(None)] if weight.dim() == 1 else range(len(weight))
    result = gradient.clone()
    for row in rows:
        most = factor * max(float((weight[row] ** 2).sum()) ** 0.5, 1e-3)
        length = float((gradient[row] ** 2).sum()) ** 0.5
        if not length < most:
            result[row] = gradient[row] * (most / max(length, 1e-6))
    return result


@pytest.mark.parametrize("factor", [0.01, 0.3])
def test_adaptive_clipping_of_a_net_is_the_papers_rule_by_unit(factor: float) -> None:
    gradient, theta = random_pair()
    result = clip_gradient("adaptive_by_unit", {"factor": factor}, gradient, theta)
    parts, weights = NET.layout.unpack(gradient), NET.layout.unpack(theta)
    for name, measured in NET.layout.unpack(result).items():
        for lane in range(5):
            expected = clip_by_loops(parts[name][lane], weights[name][lane], factor)
            torch.testing.assert_close(measured[lane], expected, rtol=1e-14, atol=0)
    held = result != gradient
    assert held.any() and not held.all()


# λ = 0.1: weights, gradient and result. The bound of a weight is 0.1 of it, and 0.0001 if it is 0.
ADAPTIVE = [
    ([4.0, -2.0], [1.0, 1.0], [0.4, 0.2]),
    ([4.0, -2.0], [0.3, -0.3], [0.3, -0.2]),
    ([0.0, 0.0005], [-1.0, 1.0], [-0.0001, 0.0001]),
    ([4.0, 0.0], [0.0, 0.0], [0.0, 0.0]),
    ([4.0, -2.0], [-0.4, 0.2], [-0.4, 0.2]),
]


@pytest.mark.parametrize(("weight", "gradient", "expected"), ADAPTIVE)
def test_adaptive_clipping_bounds_each_coordinate_by_a_share_of_its_weight(
    weight: list[float], gradient: list[float], expected: list[float]
) -> None:
    clip = CLIPS["adaptive_by_unit"].function(0.1)
    measured = clip.update(tensor(gradient), (), tensor(weight))[0]
    torch.testing.assert_close(measured, tensor(expected), rtol=2e-16, atol=0)


def test_a_unit_is_a_row_and_a_single_row_or_column_is_one_unit() -> None:
    shapes = {"weight_ih": (8, 3), "column": (8, 1), "row": (1, 8), "bias": (8,)}
    assert unit_groups(shapes, 48) == [(8, 3), (1, 8), (1, 8), (1, 8)]
    assert variable_groups(shapes, 48) == [(1, 24), (1, 8), (1, 8), (1, 8)]
    assert unit_groups(None, 2) == variable_groups(None, 2) == [(2, 1)]


@pytest.mark.parametrize(("kind", "chosen"), [("by_variable_keras", {"threshold": 0.05}), ("adaptive_by_unit", {})])
def test_lanes_of_a_net_do_not_couple(kind: str, chosen: dict[str, float]) -> None:
    gradient, theta = random_pair()
    gradient[2, 7] = torch.nan
    together = clip_gradient(kind, chosen, gradient, theta)
    apart = torch.stack([clip_gradient(kind, chosen, *pair) for pair in zip(gradient, theta, strict=True)])
    torch.testing.assert_close(together, apart, rtol=1e-15, atol=0, equal_nan=True)
