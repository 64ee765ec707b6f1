"""Moments: moving averages of gradients and of their squares, against their closed forms."""

import pytest
import torch

from cliffscape.landscapes.optimizers.moments import (
    adam_moments,
    divisor_norm,
    moving_mean,
    moving_square,
    unbiased_divisor_norm,
    zero_moments,
)

GRADIENT = torch.tensor([3.0, -4.0], dtype=torch.float64)
FIRST, SECOND = 0.9, 0.99


def test_averages_of_a_constant_gradient_are_it_times_the_sum_of_the_weights() -> None:
    mean, square, first_left, second_left = zero_moments(2, 2)(GRADIENT)
    state = mean, square, first_left, second_left
    for count in range(1, 6):
        state = adam_moments(state, GRADIENT, FIRST, SECOND)
        expected = (1 - FIRST**count) * GRADIENT, (1 - SECOND**count) * GRADIENT**2
        torch.testing.assert_close(state[:2], expected, rtol=1e-14, atol=0)
        assert [left.item() for left in state[2:]] == pytest.approx([FIRST**count, SECOND**count], rel=1e-14)


def test_the_largest_mean_square_stays_after_a_spike() -> None:
    state = zero_moments(3, 2)(GRADIENT)
    means = []
    for gradient in (GRADIENT, 10 * GRADIENT, 0 * GRADIENT, 0 * GRADIENT):
        state = adam_moments(state, gradient, FIRST, SECOND)
        means.append(state[1])
    assert torch.equal(state[2], means[1]) and bool((means[1] > means[2]).all())


def test_adams_moments_are_the_two_moving_averages() -> None:
    state = tuple(torch.full_like(GRADIENT, value) for value in (0.5, 0.25, 0.9, 0.99))
    mean, square, *_ = adam_moments(state, GRADIENT, FIRST, SECOND)
    assert torch.equal(mean, moving_mean(state[0], GRADIENT, FIRST))
    assert torch.equal(square, moving_square(state[1], GRADIENT, SECOND))


def test_the_divisor_of_a_constant_gradient_is_its_norm_after_bias_correction() -> None:
    state = adam_moments(zero_moments(2, 2)(GRADIENT), GRADIENT, FIRST, SECOND)
    assert unbiased_divisor_norm(1, 3)(state).item() == pytest.approx(5, rel=1e-14)
    assert divisor_norm(1)(state).item() == pytest.approx(5 * (1 - SECOND) ** 0.5, rel=1e-14)
