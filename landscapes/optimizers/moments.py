"""Moments: the moving averages of gradients and of their squares that adaptive optimizers keep.

``theta`` and ``gradient`` are ``(..., D)``; decays are numbers, or tensors ``(L, 1)``: one per lane.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from cliffscape.landscapes.transform import State, norm


def zero_moments(count: int, counters: int = 0) -> Callable[[Tensor], State]:
    """An ``init`` of ``count`` zeros like theta and of as many ``counters`` ``(..., 1)`` that start at 1."""

    def init(theta: Tensor) -> State:
        means = tuple(torch.zeros_like(theta) for _ in range(count))
        return means + tuple(torch.ones_like(theta[..., :1]) for _ in range(counters))

    return init


def moving_mean(mean: Tensor, gradient: Tensor, decay: float | Tensor) -> Tensor:
    """The moving average of gradients after one more gradient."""
    return decay * mean + (1 - decay) * gradient


def moving_square(square: Tensor, gradient: Tensor, decay: float | Tensor) -> Tensor:
    """The moving average of squared gradients after one more gradient."""
    return decay * square + (1 - decay) * gradient**2


def adam_moments(state: State, gradient: Tensor, first_decay: float | Tensor, second_decay: float | Tensor) -> State:
    """Adam's moments after one more gradient: mean, mean square, and both decays to the power of the number of steps.

    A fifth one between the mean square and the powers is AMSGrad's largest mean square so far.
    """
    mean, square, *largest, first_left, second_left = state
    mean = moving_mean(mean, gradient, first_decay)
    square = moving_square(square, gradient, second_decay)
    largest = [torch.maximum(one, square) for one in largest]
    return mean, square, *largest, first_left * first_decay, second_left * second_decay


def divisor_norm(square: int) -> Callable[[State], Tensor]:
    """A ``memory``: the norm of the root of ``state[square]``, a mean or sum of squared gradients."""
    return lambda state: norm(torch.sqrt(state[square]))


def unbiased_divisor_norm(square: int, left: int) -> Callable[[State], Tensor]:
    """The same with bias correction: ``state[left]`` is the decay to the power of the number of steps."""
    return lambda state: norm(torch.sqrt(state[square] / (1 - state[left])))
