"""The family of optimizers, and the decorator that registers one."""

from collections.abc import Callable
from typing import Annotated

from cliffscape.landscapes.declare import Entry, Family, Range, entry_of
from cliffscape.landscapes.transform import Transform

OPTIMIZERS: Family[Entry] = Family("optimizer")


LearningRate = Annotated[float, Range(1e-4, 10, log=True, symbol="ε")]


Momentum = Annotated[float, Range(0, 0.999, symbol="α")]


def optimizer(label: str) -> Callable[[Callable[..., Transform]], Callable[..., Transform]]:
    """Register a function that returns an optimizer."""

    def register(function: Callable[..., Transform]) -> Callable[..., Transform]:
        OPTIMIZERS.add(entry_of(function, label))
        return function

    return register
