"""A net with compiled steps: its outputs, and its loss and gradient, in float64.

The steps read their weights directly from theta, and write the gradient into an array like it. On a small net, the
calls of PyTorch that would rearrange the weights take longer than the steps.
"""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from cliffscape.landscapes.backends.recurrence import Places, Recurrence
from cliffscape.landscapes.networks.cells import Cell
from cliffscape.landscapes.networks.layout import Layout
from cliffscape.landscapes.networks.unrolled import back_through_readout, read


def factor_places(cell: Cell, layout: Layout) -> Places:
    """Where the cell's factors are in theta: the factors of a theta that holds its own places, counted from 1."""
    counted = torch.arange(1.0, layout.size + 1, dtype=torch.float64).unsqueeze(0)
    inputs, states = cell.by_hand.factors(layout.unpack(counted))
    # A factor that is 0 for every theta has no place.
    return Places(*((factor[0].long() - 1).contiguous() for factor in (inputs, states)))


class CompiledNet:
    """The compiled steps of a cell, with a readout, for parameters in the order of a layout, on a device."""

    def __init__(self, recurrence: Recurrence, cell: Cell, layout: Layout, device: torch.device | str = "cpu") -> None:
        self.recurrence = recurrence
        self.places = Places(*(place.to(device) for place in factor_places(cell, layout)))
        self.shapes = {name: layout.shapes[name] for name in ("weight_out", "bias_out")}
        self.offsets = {name: layout.offsets[name] for name in self.shapes}

    def fits(self, inputs: Tensor) -> bool:
        """Whether the steps can take these inputs ``(..., T, B, I)``."""
        batch, width = inputs.shape[-2:]
        return self.recurrence.fits(width, self.shapes["weight_out"][1], batch)

    def readout(self, theta: Tensor) -> Mapping[str, Tensor]:
        """Views of the readout's parameters in theta ``(L, D)``."""
        lanes, (outputs, units) = len(theta), self.shapes["weight_out"]
        weight, bias = self.offsets["weight_out"], self.offsets["bias_out"]
        return {
            "weight_out": theta[:, weight : weight + outputs * units].view(lanes, outputs, units),
            "bias_out": theta[:, bias : bias + outputs],
        }

    @torch.no_grad()
    def outputs(self, theta: Tensor, inputs: Tensor, steps: int) -> Tensor:
        """Outputs ``(L, S, B, O)`` of the last ``steps`` steps, from ``inputs`` ``(L or 1, T, B, I)``."""
        states, _ = self.recurrence.states(theta, self.places, inputs, steps, keep=False)
        return read(self.readout(theta), states)[: len(theta)]

    @torch.no_grad()
    def value_and_gradient(
        self, theta: Tensor, inputs: Tensor, steps: int, measure: Callable[[Tensor], tuple[Tensor, Tensor]]
    ) -> tuple[Tensor, Tensor]:
        """The loss ``(L)`` and its gradient ``(L, D)``; ``measure`` is as in ``unrolled.value_and_gradient``."""
        states, tape = self.recurrence.states(theta, self.places, inputs, steps)
        readout, lanes = self.readout(theta), len(theta)
        value, slope = measure(read(readout, states))
        grad_states, grad_readout = back_through_readout(readout["weight_out"], states, slope)
        gradient = torch.empty_like(theta)
        self.recurrence.gradient(tape, self.places, grad_states, gradient)
        for name, part in self.readout(gradient).items():
            part.copy_(grad_readout[name][:lanes])
        return value[:lanes], gradient
