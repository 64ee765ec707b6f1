"""The program of a landscape's loss and gradient, with which all programs of its descents begin.

A long chain and its backward pass take most of the time of a trace, so they are traced once for both runs, for their
outcome maps, and for the surface.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.loss import LANDSCAPES, Landscape, Loss
from cliffscape.landscapes.tracing.arguments import Arguments
from cliffscape.landscapes.tracing.operations import Array
from cliffscape.landscapes.tracing.program import Node, Program

# Programs that are kept; one of a chain of a hundred steps has some hundred kilobytes.
MOST = 128


@dataclass(frozen=True)
class LossProgram:
    """Loss ``()`` and gradient ``(D,)`` of ``surface``: tensors at its start, and the nodes that compute them."""

    surface: Landscape
    nodes: tuple[Node, ...]
    tensors: tuple[Tensor, Tensor]
    scalars: tuple[Array, Array]


class LossArguments(Arguments):
    """Arguments of a program that contains the loss and its gradient at theta already."""

    def __init__(self, known: LossProgram) -> None:
        super().__init__(Program.of(known.nodes))
        self.loss = known
        self.known = list(zip(known.tensors, known.scalars, strict=True))

    def value_and_gradient(self, loss: Loss, theta: Tensor) -> tuple[Tensor, Tensor]:
        """Loss and gradient at ``theta``, in a trace; at the input ``theta`` itself they are known."""
        return self.loss.tensors if theta is self.inputs.get("theta") else value_and_gradient(loss, theta)


def loss_arguments(landscape: str, structural: Mapping[str, float]) -> LossArguments:
    """Arguments of a new program that begins with the loss of a landscape, and with its gradient.

    Raises:
        UntraceableError: the landscape uses an op that has no scalar form.
    """
    chosen = tuple(sorted(structural.items()))
    known = trace_loss(landscape, chosen)
    if known.surface is not LANDSCAPES[landscape]:
        # It comes from a file that was read again.
        trace_loss.cache_clear()
        known = trace_loss(landscape, chosen)
    return LossArguments(known)


@lru_cache(MOST)
def trace_loss(landscape: str, structural: tuple[tuple[str, float], ...]) -> LossProgram:
    """Trace the loss and its gradient at the landscape's start, for the defaults of its numeric parameters."""
    surface, chosen = LANDSCAPES[landscape], dict(structural)
    arguments, found = Arguments(Program()), list[Tensor]()
    loss = surface.loss(**arguments.of("landscape", surface, chosen))

    def measure(theta: Tensor) -> list[Tensor]:
        found.extend(value_and_gradient(loss, theta))
        return found

    scalars = arguments.trace(measure, {"theta": torch.tensor(surface.start, dtype=torch.float64)})
    value, gradient = found
    nodes = np.array(scalars[0], dtype=object), np.array(scalars[1:], dtype=object)
    return LossProgram(surface, tuple(arguments.program.nodes), (value, gradient), nodes)
