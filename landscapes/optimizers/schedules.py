"""Learning-rate schedules: a factor on every step that depends on the number of steps before it.

A schedule is a function ``factor(step)`` of the number of steps ``(..., 1)`` taken so far. ``with_schedule`` applies
one to an optimizer. Steps are proportional to the learning rate, or to the step scale of methods that divide by
curvature, so a factor on the step is a factor on the rate. The exception is Sutskever's form of Nesterov's momentum,
whose velocity contains the rate: there the factor is only on the step.
"""

import math
from collections.abc import Callable
from typing import Annotated

import torch
from torch import Tensor

from cliffscape.landscapes.declare import Entry, Family, Range
from cliffscape.landscapes.transform import Product, State, Transform

Schedule = Callable[[Tensor], Tensor]
Period = Annotated[int, Range(1, 20000, log=True, symbol="P")]

SCHEDULES: Family[Entry] = Family("schedule")


schedule = SCHEDULES.register


@schedule("Constant")
def constant() -> Schedule:
    """The learning rate does not change.

    Formula: εₜ = ε
    Reference: Goodfellow, Bengio & Courville 2016, section 8.3.1
    """
    return torch.ones_like


@schedule("Step")
def step_decay(period: Period = 20, factor: Annotated[float, Range(0.01, 1, log=True, symbol="γ")] = 0.5) -> Schedule:
    """The learning rate is multiplied by a factor at regular intervals.

    Args:
        period: The number of steps from one drop of the rate to the next.
        factor: The factor by which the rate is multiplied at every drop.

    Formula: εₜ = ε γ^⌊t/P⌋
    Reference: torch.optim.lr_scheduler.StepLR
    """
    # The power is written as an exponential, because the base may also be a parameter of the browser's program.
    return lambda step: torch.exp(torch.floor(step / period) * torch.log(factor + torch.zeros_like(step)))


@schedule("Cosine")
def cosine(period: Period = 60, floor: Annotated[float, Range(0, 1, symbol="η")] = 0.0) -> Schedule:
    """The learning rate falls along half a cosine to a fraction of itself, and stays there.

    Args:
        period: The number of steps until the rate is lowest.
        floor: The share of the rate that is left at the end.

    Formula: εₜ = ε (η + ½ (1 − η) (1 + cos(π min(t, P)/P)))
    Reference: Loshchilov & Hutter 2017; torch.optim.lr_scheduler.CosineAnnealingLR
    """

    def factor(step: Tensor) -> Tensor:
        passed = torch.minimum(step / period, torch.ones_like(step))
        return floor + 0.5 * (1 - floor) * (1 + torch.cos(math.pi * passed))

    return factor


@schedule("Warm-up")
def warm_up(period: Period = 20) -> Schedule:
    """The learning rate rises linearly to its full value, and stays there.

    Args:
        period: The number of steps until the full rate is reached.

    Formula: εₜ = ε min((t + 1)/P, 1)
    Reference: Goyal et al. 2017, section 2.2; torch.optim.lr_scheduler.LinearLR
    """
    return lambda step: torch.minimum((step + 1) / period, torch.ones_like(step))


def with_schedule(optimizer: Transform, factor: Schedule) -> Transform:
    """An optimizer whose learning rate follows a schedule."""

    def init(theta: Tensor) -> State:
        # The first tensor of the state counts the steps.
        return (torch.zeros_like(theta[..., :1]), *optimizer.init(theta))

    def update(gradient: Tensor, state: State, theta: Tensor, *product: Product) -> tuple[Tensor, State]:
        step, after = optimizer.update(gradient, state[1:], theta, *product)
        return factor(state[0]) * step, (state[0] + 1, *after)

    known = optimizer.memory
    memory = None if known is None else lambda state: known(state[1:])
    return optimizer._replace(init=init, update=update, memory=memory)
