"""Random steps: uniform directions, and what they depend on."""

import math
from collections.abc import Mapping

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.catalogue import CLIPS
from cliffscape.landscapes.transform import norm, with_own_stream
from tests.landscapes.clips.test_norm_and_value import INF, NAN, clip_once
from tests.reference import tensor


def test_random_directions_are_uniform() -> None:
    """2000 seeds x 10 steps in the plane: the mean of exp(i k angle) is 0 up to 1/√N; 4 standard errors allowed.

    The same for neighbouring seeds' and successive steps' differences, which a bad generator would correlate.
    """
    clip = CLIPS["random_step"].function(1.0, torch.arange(2000, dtype=torch.float64)[:, None])
    gradient = tensor([INF, INF]).expand(2000, 2)
    state, angles = clip.init(gradient), []
    for _ in range(10):
        direction, state = clip.update(gradient, state, gradient)
        torch.testing.assert_close(norm(direction), torch.ones(2000, 1, dtype=torch.float64), rtol=4e-16, atol=0)
        angles.append(torch.atan2(direction[:, 1], direction[:, 0]))
    table = torch.stack(angles)
    for values in (table, table.diff(dim=0), table.diff(dim=1)):
        for k in (1, 2, 3, 4):
            mean = torch.polar(torch.ones_like(values), k * values).mean().abs().item()
            assert mean < 4 / math.sqrt(values.numel())


def test_random_directions_are_uniform_in_any_dimension() -> None:
    """D = 6: the mean direction is 0 and the mean outer product is the identity over 6."""
    count = 4000
    seeds = torch.arange(count, dtype=torch.float64)[:, None]
    directions = clip_once("random_step", torch.full((count, 6), NAN, dtype=torch.float64), threshold=1.0, seed=seeds)
    assert directions.mean(0).abs().max() < 4 / math.sqrt(6 * count)
    outer = (directions[:, :, None] * directions[:, None]).mean(0)
    assert (outer - torch.eye(6) / 6).abs().max() < 4 * 0.15 / math.sqrt(count)


def directions(kind: str, theta: Tensor, values: Mapping[str, float | Tensor], steps: int, seed: int = 7) -> Tensor:
    """The random directions ``(steps, ..., D)`` of runs that start at ``theta``."""
    clip = with_own_stream(CLIPS[kind].function(1.0, seed), values)
    gradient, state, found = torch.full_like(theta, INF), clip.init(theta), []
    for _ in range(steps):
        one, state = clip.update(gradient, state, theta)
        found.append(one)
    return torch.stack(found)


def test_random_directions_depend_only_on_seed_start_and_step() -> None:
    """Not on the gradients, nor on other lanes. The sequence also advances below the threshold."""
    clip = CLIPS["random_step"].function(1.0, 7)
    theta = tensor([0.0, 0.0])
    small, large = tensor([0.1, 0.0]), tensor([5.0, 0.0])
    state, first = clip.init(theta), []
    for gradient in (small, large, large):
        step, state = clip.update(gradient, state, theta)
        first.append(step)
    state, second = clip.init(theta), []
    for gradient in (large, large, tensor([0.0, -INF])):
        step, state = clip.update(gradient, state, theta)
        second.append(step)
    assert torch.equal(first[0], small)
    assert torch.equal(first[1], second[1]) and torch.equal(first[2], second[2])
    assert not torch.equal(first[1], first[2])
    lanes = torch.tensor([[6.0], [7.0]], dtype=torch.float64)
    both = clip_once("random_step", large.expand(2, 2), threshold=1.0, seed=lanes)
    torch.testing.assert_close(both[1], second[0], rtol=4e-16, atol=0)
    assert not torch.equal(both[0], both[1])


@pytest.mark.parametrize("kind", ["random_step", "by_norm_else_random"])
def test_every_lane_has_directions_of_its_own(kind: str) -> None:
    """Runs from other starts, or with another value of a parameter, and each as if it were the only run."""
    starts = tensor([[5.0, -2.0], [5.0, -1.9], [math.nextafter(5.0, 6.0), -2.0], [-2.0, 5.0]])
    found = directions(kind, starts, {}, 3)
    assert len({tuple(lane) for lane in found.movedim(0, 1).reshape(4, -1).tolist()}) == 4
    for lane, start in enumerate(starts):
        torch.testing.assert_close(directions(kind, start, {}, 3), found[:, lane], rtol=4e-16, atol=0)
    name = "optimizer.learning_rate"
    swept = directions(kind, starts[:1].expand(2, 2), {name: tensor([[0.1], [0.2]])}, 3)
    assert (swept[:, 0] != swept[:, 1]).any(-1).all()
    for lane, rate in enumerate((0.1, 0.2)):
        torch.testing.assert_close(directions(kind, starts[0], {name: rate}, 3), swept[:, lane], rtol=4e-16, atol=0)


def test_other_clips_do_not_depend_on_the_values_of_a_run() -> None:
    clip = CLIPS["by_norm"].function(1.0)
    assert with_own_stream(clip, {"optimizer.learning_rate": 0.1}) is clip
