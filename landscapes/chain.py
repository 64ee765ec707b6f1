"""A chain: one step that is applied repeatedly, and what a landscape declares about its chain."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Chain:
    """A landscape as a chain: its loss is ``error`` of the ``output`` after T steps.

    ``axis`` is the coordinate to differentiate with respect to. ``output(theta, **parameters)`` maps ``theta``
    ``(N, 2)`` to ``(N,)``; its ``sequence_length`` may be the tensor 1, 2, ..., N, a length per point. ``error(output,
    **parameters)`` maps outputs to losses ``(N,)``. A landscape of residuals needs neither: its residual is the output.
    ``flat`` says that all derivatives along the axis vanish at 0.
    """

    axis: int
    output: Callable[..., Tensor] | None = None
    error: Callable[..., Tensor] | None = None
    flat: bool = False


def repeat(step: Callable[[Tensor], Tensor], state: Tensor, times: int | Tensor) -> Tensor:
    """``state`` ``(...)`` after ``times`` steps; for the tensor 1, 2, ..., N, row T of ``(N,)`` after T steps."""
    states = []
    for _ in range(len(times) if isinstance(times, Tensor) else times):
        state = step(state)
        states.append(state)
    # Lane T needs the state after its own number of steps, which is entry T of row T.
    return torch.stack(states).diagonal() if isinstance(times, Tensor) else state
