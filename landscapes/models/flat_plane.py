"""The parameters of a module at points of a plane, computed in their own types."""

import math
from collections.abc import Mapping
from typing import NamedTuple

import torch
from torch import Tensor

from cliffscape.landscapes.models.flat_parameters import FlatParameters
from cliffscape.landscapes.slices.plane import Slice


class Part(NamedTuple):
    """The parameters of one type on one device: ``flat`` holds them, and the plane is that of their coordinates."""

    names: tuple[str, ...]
    flat: Tensor
    origin: Tensor
    first: Tensor
    second: Tensor


class FlatPlane:
    """A plane through the parameters of a module. ``write`` moves the module, and ``tensors`` gives tensors to pass.

    With ``channels_last`` the filters of convolutions in two dimensions lie in memory as PyTorch's format of that name.
    """

    def __init__(self, parameters: FlatParameters, plane: Slice, channels_last: bool = False) -> None:
        self.parameters, self.channels_last = parameters, channels_last
        rows = [parameters.unpack(one) for one in (plane.origin, *plane.directions)]
        self.parts = []
        for names in parameters.groups():
            origin, first, second = (torch.cat([self._flatten(row[name]) for name in names]) for row in rows)
            self.parts.append(Part(names, origin.clone(), origin, first, second))

    def _flatten(self, tensor: Tensor) -> Tensor:
        return (tensor.permute(0, 2, 3, 1) if self._is_filter(tensor) else tensor).flatten()

    def _is_filter(self, tensor: Tensor) -> bool:
        return self.channels_last and tensor.dim() == 4

    def _view(self, flat: Tensor, name: str) -> Tensor:
        """A parameter ``(..., *shape)`` as a view of its part of a flat tensor ``(..., n)``."""
        own = self.parameters.tensors[name]
        lead = flat.shape[:-1]
        if not self._is_filter(own):
            return flat.reshape((*lead, *own.shape))
        out, into, high, wide = own.shape
        return flat.reshape((*lead, out, high, wide, into)).movedim(-1, -3)

    def _split(self, flat: Tensor, names: tuple[str, ...]) -> dict[str, Tensor]:
        sizes = [self.parameters.tensors[name].numel() for name in names]
        return {name: self._view(one, name) for name, one in zip(names, torch.split(flat, sizes, -1), strict=True)}

    def attach(self) -> None:
        """Make the module's parameters views of this plane's tensors, so that ``write`` moves them."""
        if self.parameters.attached is self:
            return
        self.parameters.attached = self
        for part in self.parts:
            for name, tensor in self._split(part.flat, part.names).items():
                self.parameters.tensors[name].data = tensor

    def write(self, x: float, y: float) -> None:
        """Move the module to a point."""
        for part in self.parts:
            along, upward = (representable(one, part.flat.dtype) for one in (x, y))
            torch.add(part.origin, part.first, alpha=along, out=part.flat).add_(part.second, alpha=upward)

    def tensors(self, point: Tensor) -> Mapping[str, Tensor]:
        """The parameters ``(..., *shape)`` at points ``(..., 2)``, which can be differentiated by the points."""
        found: dict[str, Tensor] = {}
        for part in self.parts:
            x, y = point.to(part.origin).unsqueeze(-2).unbind(-1)
            found |= self._split(part.origin + x * part.first + y * part.second, part.names)
        return found


def representable(value: float, dtype: torch.dtype) -> float:
    """The value, or Inf where it is too large for a type: PyTorch refuses such a factor."""
    return value if abs(value) <= torch.finfo(dtype).max else math.copysign(math.inf, value)
