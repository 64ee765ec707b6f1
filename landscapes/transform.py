"""Optimizers and clips are pairs ``init(theta) -> state``, ``update(gradient, state, theta) -> (vector, state)``.

Norms are taken over the last axis only, so lanes are independent.
"""

import math
from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

import torch
from torch import Tensor

State = tuple[Tensor, ...]


# Names and shapes of the parts of theta, in the order in which they lie there.
Variables = Mapping[str, tuple[int, ...]]


# A matrix of second derivatives at theta, known by its products with vectors: (..., D) -> (..., D).
Product = Callable[[Tensor], Tensor]


Matrix = Literal["hessian", "gauss_newton"]


class Transform(NamedTuple):
    """A pair of pure functions over gradients; optimizers and clips are both of this type.

    ``limit`` is set by a clip that acts on the step instead of the gradient: it maps the optimizer's step ``(..., D)``
    to the clipped one.
    ``memory`` is set by an optimizer that divides by past gradients: it returns the norm ``(..., 1)`` of the divisor
    of the last step, from the state after that step.
    ``stages`` is set by a clip that clips every minibatch and then their mean: the two clips. Its ``update`` applies
    both to one gradient.

    ``asks`` names the matrix that an optimizer needs in addition to the gradient; its ``update`` then gets that
    matrix's ``Product`` at theta as a fourth argument. ``whole`` says that it needs every column, which takes as many
    products as there are parameters.
    ``with_values`` is set by a clip that draws random numbers: from the values of a run's parameters by name, it
    returns the clip with a random stream of its own for runs with these values.
    ``displacement`` is set by an optimizer that needs the gradient at another point: it maps the gradient ``(..., D)``
    at theta to the displacement to that point. Its ``update`` gets that point's gradient, after the clip.
    """

    init: Callable[[Tensor], State]
    update: Callable[..., tuple[Tensor, State]]
    limit: Callable[[Tensor], Tensor] | None = None
    memory: Callable[[State], Tensor] | None = None
    stages: "tuple[Transform, Transform] | None" = None
    with_values: "Callable[[Mapping[str, float | Tensor]], Transform] | None" = None
    asks: Matrix | None = None
    whole: bool = False
    displacement: Callable[[Tensor], Tensor] | None = None


def with_own_stream(clip: Transform, values: Mapping[str, float | Tensor]) -> Transform:
    """The clip for runs with these values of their parameters, by dotted name: each run has its own random stream.

    A value is one number for all runs, or ``(L, 1)``: one for each.
    """
    return clip if clip.with_values is None else clip.with_values(values)


def stateless(rule: Callable[[Tensor], Tensor]) -> Transform:
    """A transform without state."""
    return Transform(lambda theta: (), lambda gradient, state, theta: (rule(gradient), state))


def in_sequence(first: Transform, second: Transform) -> Transform:
    """Two transforms of gradients, one after the other. The state is that of the first, then that of the second."""

    def update(gradient: Tensor, state: State, theta: Tensor) -> tuple[Tensor, State]:
        count = len(first.init(theta))
        between, one = first.update(gradient, state[:count], theta)
        result, other = second.update(between, state[count:], theta)
        return result, (*one, *other)

    return Transform(lambda theta: (*first.init(theta), *second.init(theta)), update)


def norm(vector: Tensor) -> Tensor:
    """Euclidean norm ``(..., 1)`` of ``vector`` ``(..., D)``, finite whenever it can be represented.

    Dividing by the largest entry first keeps the squares of a finite gradient from overflowing. With a plain sum of
    squares a gradient of 1e177 would have the norm Inf, be clipped to 0, and stop the run without a warning.
    """
    largest = vector.abs().amax(-1, keepdim=True)
    # 0/0 and Inf/Inf would be NaN; the zero vector has norm 0 and an infinite entry makes it infinite.
    ordinary = (largest > 0) & (largest < math.inf)
    scale = torch.where(ordinary, largest, torch.ones_like(largest))
    return scale * torch.sqrt(((vector / scale) ** 2).sum(-1, keepdim=True))


def plain_norm(vector: Tensor) -> Tensor:
    """Root of the sum of squares ``(..., 1)``, which overflows long before the norm itself would."""
    return torch.sqrt((vector**2).sum(-1, keepdim=True))


# Pictures, frames and exports know points of two coordinates, so the position of a run on a curve, a loss of one
# parameter, is (x, 0). A rule that saw both coordinates would be wrong: a random step would leave the curve, and a
# rotation would mix the two. So the rule sees the first one alone, and nothing ever changes the second one.
def first_coordinate(vector: Tensor) -> Tensor:
    """The first coordinate ``(..., 1)`` of ``vector`` ``(..., 2)``."""
    return vector[..., :1]


def in_plane(vector: Tensor) -> Tensor:
    """``vector`` ``(..., 1)`` with a second coordinate ``(..., 2)``, which is 0."""
    return torch.cat([vector, torch.zeros_like(vector)], -1)


def on_first_coordinate(rule: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    """A rule for vectors ``(..., 1)`` as one for vectors ``(..., 2)``."""
    return lambda vector: in_plane(rule(first_coordinate(vector)))


def of_one_parameter(transform: Transform) -> Transform:
    """A clip or an optimizer that sees the first of two coordinates, and leaves the second one as it is.

    Its state is that of a loss of one parameter. A clip that draws random numbers must have its stream already.
    """

    def update(gradient: Tensor, state: State, theta: Tensor, *products: Product) -> tuple[Tensor, State]:
        within = [lambda vector, one=one: first_coordinate(one(in_plane(vector))) for one in products]
        changed, after = transform.update(first_coordinate(gradient), state, first_coordinate(theta), *within)
        return in_plane(changed), after

    limit, displacement, stages = transform.limit, transform.displacement, transform.stages
    return transform._replace(
        init=lambda theta: transform.init(first_coordinate(theta)),
        update=update,
        limit=on_first_coordinate(limit) if limit else None,
        displacement=on_first_coordinate(displacement) if displacement else None,
        stages=(of_one_parameter(stages[0]), of_one_parameter(stages[1])) if stages else None,
        with_values=None,
    )
