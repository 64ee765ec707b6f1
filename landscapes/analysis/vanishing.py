"""Vanishing together: first and second derivatives of chains of every length, by autograd.

A chain is a landscape that sends an input through the same step T times. Its derivatives along one of its two
coordinates are taken for T = 1, 2, ... all at once: there is one lane per length.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor

LONGEST = 100
DAMPING = 1e-3


@dataclass(frozen=True)
class Chain:
    """A landscape as a chain: loss = error(output after T steps).

    ``axis`` is the coordinate it is derived by. ``outputs(theta, **parameters)`` maps ``theta`` ``(N, 2)`` to ``(N,)``:
    of lane T, counted from 1, the output after T steps. ``error(outputs, **parameters)`` maps those to losses ``(N,)``.
    ``flat`` is whether all derivatives by that coordinate vanish at its 0.
    """

    axis: int
    outputs: Callable[..., Tensor]
    error: Callable[..., Tensor]
    flat: bool = False


class Derivatives(NamedTuple):
    """Along one coordinate, for chains of 1, 2, ... steps, each ``(longest,)``.

    First and second derivative of the loss, and the Gauss-Newton curvature: the square of the output's derivative
    times the second derivative of the error.
    """

    first: Tensor
    second: Tensor
    gauss_newton: Tensor

    @property
    def newton(self) -> Tensor:
        """First derivative over second: the length of Newton's step, with its sign turned round."""
        return self.first / self.second

    def damped(self, damping: float = DAMPING) -> Tensor:
        """First derivative over Gauss-Newton curvature; without damping where it is 0."""
        return self.first / (self.gauss_newton + damping)


def derivative(values: Tensor, by: Tensor) -> Tensor:
    """The derivative of each of ``values`` ``(N,)`` by the entry of ``by`` in its own lane; it can be derived again."""
    return torch.autograd.grad(values.sum(), by, create_graph=True)[0]


def derivatives(chain: Chain, theta: Tensor, parameters: Mapping[str, Any], longest: int = LONGEST) -> Derivatives:
    """Derivatives of the loss at ``theta`` ``(2,)`` for every length up to ``longest``."""
    at = theta[chain.axis].repeat(longest).requires_grad_()
    columns = [at if k == chain.axis else theta[k].expand(longest) for k in range(2)]
    outputs = chain.outputs(torch.stack(columns, -1), **parameters)
    loss = chain.error(outputs, **parameters)
    first = derivative(loss, at)
    bend = derivative(derivative(loss, outputs), outputs)
    found = first, derivative(first, at), derivative(outputs, at) ** 2 * bend
    return Derivatives(*(column.detach() for column in found))


def lengths(lanes: Tensor) -> Tensor:
    """1, 2, ... in the shape and type of ``lanes`` ``(N,)``."""
    return torch.arange(1, len(lanes) + 1, dtype=lanes.dtype)


def powers(theta: Tensor, initial_state: float, **_: float) -> Tensor:
    """Outputs of the linear recurrence."""
    w, b = theta.unbind(-1)
    return initial_state * w ** lengths(w) + b


def squashed(theta: Tensor, **_: float) -> Tensor:
    """Outputs of the chain of tanh."""
    state, weight = theta.unbind(-1)
    return each_its_own(state, lambda state: torch.tanh(weight * state))


def recurred(theta: Tensor, initial_state: float, **_: float) -> Tensor:
    """Outputs of the one-unit RNN."""
    w, b = theta.unbind(-1)
    start = initial_state + torch.zeros_like(w)
    return torch.sigmoid(each_its_own(start, lambda state: w * torch.sigmoid(state) + b))


def each_its_own(state: Tensor, step: Callable[[Tensor], Tensor]) -> Tensor:
    """States ``(N,)``: that of lane T after T steps."""
    states = []
    for _ in range(len(state)):
        state = step(state)
        states.append(state)
    return torch.stack(states).diagonal()


def itself(theta: Tensor, **_: float) -> Tensor:
    """Of the vanishing direction: the coordinate itself, however long the chain is."""
    return theta[:, 1].clone()


def half_square(outputs: Tensor, target: float, **_: float) -> Tensor:
    """Half the squared distance from the target."""
    return 0.5 * (outputs - target) ** 2


def square(outputs: Tensor, target: float, **_: float) -> Tensor:
    """The squared distance from the target."""
    return (outputs - target) ** 2


def shrunk(outputs: Tensor, factor: float, **_: float) -> Tensor:
    """The vanishing direction's part of its loss."""
    distance = (outputs - 1) ** 2
    return factor ** lengths(outputs) * (0.5 * distance + 0.25 * distance**2)


# By the landscape's kind; all of them call their length sequence_length.
CHAINS: Mapping[str, Chain] = {
    "linear_recurrence": Chain(0, powers, half_square, flat=True),
    "tanh_chain": Chain(0, squashed, half_square),
    "vanishing_direction": Chain(1, itself, shrunk),
    "one_unit_rnn": Chain(1, recurred, square),
}


def trend(values: Tensor) -> str:
    """What becomes of ``values`` ``(N,)`` over the second half of the lengths.

    ``constant`` within 2 %, ``inverse`` to the length within 10 %, ``shrinks`` or ``grows`` tenfold, else
    ``changes``; ``none`` where they are not finite, or 0.
    """
    half = len(values) // 2
    early, late = values[half - 1].abs().item(), values[-1].abs().item()
    if not (0 < early < math.inf and 0 < late < math.inf):
        return "none"
    times = late / early
    if abs(times - 1) <= 0.02:
        return "constant"
    if abs(times * len(values) / half - 1) <= 0.1:
        return "inverse"
    return "shrinks" if times <= 0.1 else "grows" if times >= 10 else "changes"
