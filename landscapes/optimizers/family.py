"""The family of optimizers, and the decorator that registers one."""

from typing import Annotated

from cliffscape.landscapes.declare import Entry, Family, Range

OPTIMIZERS: Family[Entry] = Family("optimizer")


LearningRate = Annotated[float, Range(1e-6, 10, log=True, symbol="ε")]


Momentum = Annotated[float, Range(0, 0.999, symbol="α")]


# A choice between two forms: 0 or 1. A kernel contains only the chosen form.
Switch = Annotated[int, Range(0, 1, structural=True)]


optimizer = OPTIMIZERS.register
