"""Random steps: uniform directions, exact sequences, and what they depend on."""

import math

import pytest
import torch

from cliffscape.landscapes.catalogue import CLIPS
from cliffscape.landscapes.clips.norm_and_value import MODULUS, MULTIPLIER
from cliffscape.landscapes.transform import norm
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


def test_random_directions_depend_only_on_seed_and_step() -> None:
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


@pytest.mark.parametrize("seed", [0, 1, 94906264, 2**31 - 3])
def test_the_random_sequence_is_exact_in_float64(seed: int) -> None:
    """Against Python's integers of any size, so the browser's sequence is the same."""
    clip = CLIPS["random_step"].function(1.0, seed)
    theta = torch.zeros(2, dtype=torch.float64)
    place = [(seed + 1 + 715225739 * k) % MODULUS or 1 for k in range(4)]
    expected = [1 + (p % 94906265) ** 2 % (MODULUS - 1) for p in place]
    expected = [e * MULTIPLIER**2 % MODULUS for e in expected]
    state = clip.init(theta)
    for _ in range(50):
        assert state[0].tolist() == expected
        assert min(expected) > 0
        _, state = clip.update(theta, state, theta)
        expected = [e * MULTIPLIER % MODULUS for e in expected]
