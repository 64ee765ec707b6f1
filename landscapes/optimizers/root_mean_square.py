"""RMSprop with momentum and a centred mean square. Frameworks differ in how they form the divisor."""

from collections.abc import Callable

import torch
from torch import Tensor

from cliffscape.landscapes.optimizers.moments import moving_mean, moving_square, zero_moments
from cliffscape.landscapes.transform import State, Transform, norm


def root_mean_square_steps(
    learning_rate: float | Tensor,
    decay: float | Tensor,
    momentum: float | Tensor,
    centred: int,
    divisor: Callable[[Tensor], Tensor],
) -> Transform:
    """RMSprop whose steps are ``learning_rate`` times a velocity of divided gradients.

    ``divisor`` maps the mean square, or the variance if ``centred``, to the divisor. The state is mean square and
    velocity, then the mean if ``centred``.
    """

    def update(gradient: Tensor, state: State, theta: Tensor) -> tuple[Tensor, State]:
        square = moving_square(state[0], gradient, decay)
        means = tuple(moving_mean(mean, gradient, decay) for mean in state[2:])
        velocity = momentum * state[1] + gradient / divisor(spread(square, means))
        return -learning_rate * velocity, (square, velocity, *means)

    def memory(state: State) -> Tensor:
        return norm(torch.sqrt(spread(state[0], state[2:])))

    return Transform(zero_moments(3 if centred else 2), update, memory=memory)


def spread(square: Tensor, means: State) -> Tensor:
    """The mean square, or the variance if there is a mean."""
    return square - means[0] ** 2 if means else square
