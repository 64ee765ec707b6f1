"""Checks of a landscape that the user has declared: its window and start, and the values and gradients of its loss."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.loss import Landscape, Window

# A value may differ in the last bits if a function computes it in a batch.
TOLERANCE = 1e-9


def check_landscape(entry: Landscape) -> None:
    """Check a landscape with its declared numbers, and evaluate it in all shapes in which the program does.

    Raises:
        BoundError: something about it is out of bounds.
    """
    check_ranges(entry)
    check_axes(entry)
    for point in (entry.start, *entry.minima(**entry.defaults)):
        check_point(entry, point)
    check_windows(entry)
    points = points_of(entry)
    values = [check_loss(entry, theta) for theta in points]
    check_rows(entry, points[1], values[1])
    check_parameters(entry, points[1])
    check_gradient(entry, points[0])


def check_ranges(entry: Landscape) -> None:
    """Check that every parameter has bounds in order, and a default between them."""
    for one in entry.parameters:
        low, high, name = one.range.low, one.range.high, f"{entry.kind}.{one.name}"
        if low > high:
            raise BoundError(f"the range of {name}", (low, high), "its lowest and its highest value, in this order")
        if one.range.log and low <= 0:
            raise BoundError(f"the range of {name}", (low, high), "positive, because its scale is logarithmic")
        size = len(one.default) if isinstance(one.default, str) else one.default
        if not low <= size <= high:
            what = "the length of the default" if one.type is str else "the default"
            raise BoundError(f"{what} of {name}", size, f"from {low:g} to {high:g}, as its range says")


def check_axes(entry: Landscape) -> None:
    """Check that the loss has one or two parameters, each with a name."""
    axes = entry.axes
    if not (isinstance(axes, tuple) and len(axes) in (1, 2) and all(isinstance(name, str) and name for name in axes)):
        raise BoundError(f"the axes of {entry.kind}", repr(axes), "a tuple of one or two names, such as ('x',)")


def check_windows(entry: Landscape) -> None:
    """Check that the windows have an extent, and that the start is inside one of them."""
    for name, window in entry.windows.items():
        if entry.curve and not (window.left < window.right and window.bottom == window.top == 0):
            bound = "left and right, in this order, because the loss has one parameter"
            raise BoundError(f"window '{name}'", declared_numbers(window), bound)
        if not entry.curve and not (window.left < window.right and window.bottom < window.top):
            raise BoundError(f"window '{name}'", tuple(window), "left, right, bottom and top, in this order")
    if not any(window.holds(entry.start) for window in entry.windows.values()):
        raise BoundError(f"the start of {entry.kind}", entry.start, "inside one of its windows")


def declared_numbers(window: Window) -> tuple[float, ...]:
    """The numbers of a window as a file declares it; without a height they are two."""
    return tuple(window) if any(window[2:]) else tuple(window[:2])


def check_point(entry: Landscape, point: Any) -> None:
    """Check that a start or a minimum consists of two numbers, or is a single one on a curve."""
    pair = isinstance(point, tuple) and len(point) == 2 and all(isinstance(one, int | float) for one in point)
    if not pair or (entry.curve and point[1] != 0):
        bound = "numbers, because the loss has one parameter" if entry.curve else "tuples of two numbers"
        raise BoundError(f"start and minima of {entry.kind}", repr(point), bound)


def points_of(entry: Landscape) -> tuple[Tensor, ...]:
    """The start alone, five points in a row, and a grid; of a curve, with one coordinate each."""
    grid = entry.window.grid(4, 3)[..., : entry.dimension]
    start = torch.tensor(entry.start[: entry.dimension], dtype=torch.float64)
    return start, torch.cat([start[None], grid.flatten(0, 1)[:4]]), grid


def check_loss(entry: Landscape, theta: Tensor, parameters: Mapping[str, Any] | None = None) -> Tensor:
    """The loss at ``theta``, if it has one number in float64 for every point."""
    value = entry.loss(**parameters or {})(theta)
    shape, name = tuple(theta.shape), f"the loss of {entry.kind} for theta of shape {tuple(theta.shape)}"
    if not isinstance(value, Tensor):
        raise BoundError(name, type(value).__name__, "a tensor")
    if value.shape != shape[:-1]:
        raise BoundError(name, f"shape {tuple(value.shape)}", f"of shape {shape[:-1]}, one number for every point")
    if value.dtype != theta.dtype:
        raise BoundError(name, value.dtype, f"of type {theta.dtype}, as theta is")
    return value


def check_rows(entry: Landscape, points: Tensor, together: Tensor) -> None:
    """Check that the loss of a point does not depend on the other points of a batch, nor on chance."""
    alone = torch.stack([entry.loss()(point) for point in points])
    differs = ~torch.isclose(alone, together, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True)
    if differs.any():
        row = int(differs.int().argmax())
        bound = f"the same for a point alone and in a batch, which gives {together[row]:g}"
        raise BoundError(f"the loss of {entry.kind}", f"{alone[row]:g} for the point alone", bound)


def check_parameters(entry: Landscape, points: Tensor) -> None:
    """Check that every numeric parameter may have one value per point, as it has in a sweep."""
    whole = torch.ones(len(points), dtype=points.dtype)
    check_loss(entry, points, {one.name: whole * float(one.default) for one in entry.numbers})


def check_gradient(entry: Landscape, theta: Tensor) -> None:
    """Check that autograd can take the gradient at the start."""
    # Without this, a loss that is computed outside PyTorch would have the gradient 0 everywhere.
    value = entry.loss()(theta.clone().requires_grad_())
    if not value.requires_grad:
        bound = "computed from theta with operations that autograd can differentiate"
        raise BoundError(f"the loss of {entry.kind}", "a result without a gradient", bound)
    value_and_gradient(entry.loss(), theta)
