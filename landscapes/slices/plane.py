"""A slice: an affine plane in parameter space, on which a loss of many parameters is a landscape of two."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.declare import Entry, Family, Point
from cliffscape.landscapes.loss import Loss, Window
from cliffscape.landscapes.transform import norm

# Smallest sine of the angle between two directions. Smaller angles cannot be distinguished in a float32 picture.
PARALLEL = 1e-4

ValueAndGradient = Callable[[Tensor], tuple[Tensor, Tensor]]
Facts = Mapping[str, float | list[float]]


@dataclass(frozen=True)
class Slice:
    """``origin`` ``(D,)`` and two ``directions`` ``(2, D)``, orthogonal or not, of the same type and device.

    ``axes`` names the two coordinates. ``facts`` are numbers to show with the picture.

    Raises:
        BoundError: a value is not finite, a direction is zero, or the directions are parallel.
    """

    origin: Tensor
    directions: Tensor
    axes: tuple[str, str]
    facts: Facts = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("origin", "directions"):
            if not bool(getattr(self, name).isfinite().all()):
                raise BoundError(name, "Inf or NaN", "finite")
        lengths = norm(self.directions.double())
        for row, length in enumerate(lengths.flatten().tolist()):
            if length == 0:
                raise BoundError(f"directions[{row}]", "length 0", "longer than 0")
        first, second = self.directions.double() / lengths
        sine = float(norm(second - (second @ first) * first))
        if sine < PARALLEL:
            bound = f"not parallel, at an angle with a sine of at least {PARALLEL}"
            raise BoundError("directions", f"{sine:.1g}", bound)

    def lift(self, point: Tensor) -> Tensor:
        """Theta ``(..., D)`` at slice coordinates ``(..., 2)``."""
        x, y = point[..., :1], point[..., 1:]
        # Not a matrix product: its rounding depends on the number of points, and no point may depend on the others.
        return self.origin + (x * self.directions[0] + y * self.directions[1])

    def project(self, theta: Tensor) -> tuple[Tensor, Tensor]:
        """Coordinates ``(..., 2)`` of the plane's nearest point to theta ``(..., D)``, and the distance ``(...)``."""
        basis, triangle = self._factors
        offset = theta - self.origin
        point = torch.linalg.solve_triangular(triangle, (offset @ basis).unsqueeze(-1), upper=True).squeeze(-1)
        return point, norm(offset - point @ self.directions)[..., 0]

    def along(self, offset: Tensor) -> Tensor:
        """Squared length ``(...)`` of the part of offsets ``(..., D)`` that lies along the plane.

        Not computed by least squares: the last bit of LAPACK's solution depends on the addresses of its arrays.
        """
        return ((offset @ self._factors[0]) ** 2).sum(-1)

    def loss(self, loss: Loss) -> Loss:
        """A loss of theta ``(..., D)`` as a loss of slice coordinates ``(..., 2)``."""
        return lambda point: loss(self.lift(point))

    def value_and_gradient(self, whole: ValueAndGradient) -> ValueAndGradient:
        """A function with values loss ``(...)`` and gradient ``(..., D)`` as one with ``(...)`` and ``(..., 2)``.

        Descents on slices of nets pass ``Net.value_and_gradient``. benchmarks/slice_gradients.py measures that it is
        faster than autograd, and several times faster than two tangents in forward mode, for all sizes of nets.
        """

        def on_plane(point: Tensor) -> tuple[Tensor, Tensor]:
            value, gradient = whole(self.lift(point))
            return value, self._components(gradient)

        return on_plane

    def _components(self, gradient: Tensor) -> Tensor:
        """Gradients ``(..., D)`` along the two directions ``(..., 2)``."""
        lanes = gradient.reshape(-1, gradient.shape[-1])
        # PyTorch has another kernel for one row than for several, which rounds differently. No lane may depend on how
        # many there are.
        several = lanes.expand(2, -1) if len(lanes) == 1 else lanes
        return (several @ self.directions.mT)[: len(lanes)].reshape(*gradient.shape[:-1], 2)

    def to(self, device: torch.device | str, dtype: torch.dtype) -> "Slice":
        """The same plane on another device or in another type."""
        return replace(self, origin=self.origin.to(device, dtype), directions=self.directions.to(device, dtype))

    @cached_property
    def _factors(self) -> tuple[Tensor, Tensor]:
        """Orthonormal columns ``(D, 2)`` that span the plane, and the triangle ``(2, 2)`` that gives directions."""
        basis, triangle = torch.linalg.qr(self.directions.mT)
        return basis, triangle


@dataclass(frozen=True)
class Slicing(Entry):
    """A way to choose a slice: a generator of None, between pieces of work, that returns the ``Slice``.

    ``window`` and ``start`` are the default window and start, in slice coordinates. ``height`` is ``linear`` or
    ``log``, as for a landscape. A slice ``of_run`` needs the snapshots of a training run.
    """

    window: Window
    start: Point
    height: str
    of_run: bool


SLICES: Family[Slicing] = Family("slice", entry=Slicing, skip=("subject",))


def slicing(
    *, label: str, window: tuple[float, float, float, float], start: Point, height: str = "log", of_run: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function that returns a slice through a ``Subject``; its keywords are ``Slicing``'s fields."""
    return SLICES.register(label, window=Window(*window), start=start, height=height, of_run=of_run)
