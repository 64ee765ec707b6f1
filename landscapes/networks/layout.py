"""The position of every named parameter in one flat theta ``(..., D)``: views, coordinate names, rows."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from cliffscape.landscapes.bound_error import BoundError, must_be

Shape = tuple[int, ...]
# An error lists this many names of parameters at most.
MOST_NAMES = 12


@dataclass(frozen=True)
class Layout:
    """Names and shapes of the parameters, in the order of their positions in theta."""

    shapes: Mapping[str, Shape]

    @cached_property
    def offsets(self) -> dict[str, int]:
        """Index in theta of each parameter's first number."""
        offsets, place = {}, 0
        for name, shape in self.shapes.items():
            offsets[name] = place
            place += math.prod(shape)
        return offsets

    @cached_property
    def size(self) -> int:
        """D: the total number of parameters."""
        return sum(math.prod(shape) for shape in self.shapes.values())

    def unpack(self, theta: Tensor) -> dict[str, Tensor]:
        """Views ``(..., *shape)`` of theta ``(..., D)`` by name.

        Raises:
            ValueError: theta's last axis is not D long.
        """
        if theta.shape[-1] != self.size:
            raise ValueError(must_be("theta", str(tuple(theta.shape)), f"of shape (..., {self.size})"))
        parts = torch.split(theta, [math.prod(shape) for shape in self.shapes.values()], -1)
        pairs = zip(self.shapes.items(), parts, strict=True)
        return {name: torch.unflatten(part, -1, shape) for (name, shape), part in pairs}

    def pack(self, tensors: Mapping[str, Tensor]) -> Tensor:
        """One theta ``(..., D)`` from tensors ``(..., *shape)``; the inverse of ``unpack``."""
        return torch.cat([tensors[name].flatten(-len(shape)) for name, shape in self.shapes.items()], -1)

    def coordinate(self, index: int) -> str:
        """The name of one coordinate, as in ``weight_hh[0,1]``.

        Raises:
            ValueError: there is no such coordinate.
        """
        if not 0 <= index < self.size:
            raise ValueError(must_be("index", index, f"from 0 to {self.size - 1}"))
        name = max((name for name in self.shapes if self.offsets[name] <= index), key=self.offsets.__getitem__)
        place, places = index - self.offsets[name], []
        for length in reversed(self.shapes[name]):
            place, remainder = divmod(place, length)
            places.append(str(remainder))
        return f"{name}[{','.join(reversed(places))}]"

    def index(self, coordinate: str, field: str = "coordinate") -> int:
        """The index in theta of a coordinate such as ``weight_hh[0,1]`` or ``bias[3]``, which errors call ``field``.

        Raises:
            BoundError: the text is not of that form, there is no such parameter, or an index is out of bounds.
        """
        match = re.fullmatch(r"\s*([^\[\]]*[^\[\]\s])\s*\[\s*(\d+(?:\s*,\s*\d+)*)\s*\]\s*", coordinate, re.ASCII)
        if match is None:
            raise BoundError(field, coordinate, f"a parameter of the net such as {self.coordinate(0)}")
        name, places = match[1], [int(place) for place in match[2].split(",")]
        if name not in self.shapes:
            names = [*list(self.shapes)[:MOST_NAMES], *(["..."] if len(self.shapes) > MOST_NAMES else [])]
            raise BoundError(field, coordinate, f"an entry of one of the net's parameters: {', '.join(names)}")
        shape = self.shapes[name]
        if len(places) != len(shape):
            count, example = "1 index" if len(shape) == 1 else f"{len(shape)} indices", ",".join("0" * len(shape))
            raise BoundError(field, coordinate, f"{name} with {count}, such as {name}[{example}]")
        flat = 0
        for axis, (place, length) in enumerate(zip(places, shape, strict=True)):
            if place >= length:
                word = ("a row", "a column")[axis] if len(shape) == 2 else "an index"
                raise BoundError(field, coordinate, f"{name} with {word} from 0 to {length - 1}")
            flat = flat * length + place
        return self.offsets[name] + flat

    def rows(self) -> Tensor:
        """The row index ``(D,)`` of each coordinate; a row holds the weights into one unit, for each gate.

        A whole bias vector is one row. If each entry were a row, normalisation would reduce a direction to its signs.
        Reference: Li et al. 2018, section 4 (filter-wise normalisation)
        """
        parts, used = [], 0
        for shape in self.shapes.values():
            count = shape[0] if len(shape) > 1 else 1
            parts.append(used + torch.arange(count).repeat_interleave(math.prod(shape) // count))
            used += count
        return torch.cat(parts)
