"""What optimizers and clips have in common: a stateless pair, and norms row by row."""

import math

import torch

from cliffscape.landscapes.transform import norm, plain_norm, stateless
from tests.reference import tensor


def test_a_stateless_transform_has_no_state_and_ignores_theta() -> None:
    double = stateless(lambda gradient: 2 * gradient)
    theta, gradient = tensor([5.0, 5.0]), tensor([1.0, -3.0])
    state = double.init(theta)
    vector, after = double.update(gradient, state, theta)
    assert (state, after) == ((), ())
    assert torch.equal(vector, tensor([2.0, -6.0]))
    assert (double.limit, double.memory, double.asks, double.whole) == (None, None, None, False)


def test_norms_run_only_over_the_last_axis() -> None:
    vectors = tensor([[[3.0, 4.0], [0.0, 0.0]], [[5.0, 12.0], [8.0, 15.0]]])
    expected = tensor([[[5.0], [0.0]], [[13.0], [17.0]]])
    assert torch.equal(norm(vectors), expected)
    assert torch.equal(plain_norm(vectors), expected)


def test_the_plain_norm_overflows_and_underflows_where_the_norm_does_not() -> None:
    vectors = tensor([[3e200, 4e200], [3e-200, 4e-200]])
    assert plain_norm(vectors).flatten().tolist() == [math.inf, 0.0]
    torch.testing.assert_close(norm(vectors), tensor([[5e200], [5e-200]]), rtol=1e-15, atol=0)
