"""A mesh that is adapted to a surface: its points are dense where the surface is steep.

A uniform grid draws a diagonal wall with a jagged edge. Here the points of every line across the window have equal
distances along the surface (equal arc length, as in moving-mesh methods: Huang & Russell 2011, section 1.2), so
the points of neighbouring lines fall on the same stretch of the wall, and mesh lines run along it.
"""

import math
from collections.abc import Generator, Iterator

import torch
from torch import Tensor

from cliffscape.landscapes.loss import Loss, Window

# Weight of the whole height range, relative to the width of the window, in the arc length. Larger values put more
# points on walls and fewer on floors.
HEIGHT_WEIGHT = 0.6
# Lines extend a little beyond the window and are cut off at its edge. Otherwise a wall that leaves the window would
# vanish from one line to the next, and the mesh would have a false slope between the two.
MARGIN = 0.05
MIN_SPACING = 2e-5  # shares of the window
OVERSAMPLING = 4  # fine points per point of the mesh
LOG_FLOOR = 1e-3
# A round reduces the spacing on a wall by a factor of a hundred or more, so 7 rounds reach float64's resolution.
MAX_ROUNDS = 7
# After MIN_ROUNDS, the rounds end when neighbours differ by less than MAX_CLIMB of the height range.
MIN_ROUNDS = 3
MAX_CLIMB = 0.2
# Ranges below this share of the heights themselves are rounding, and the profile is flat.
GRAIN = 1e-12
TINY = 1e-300  # a range of heights to divide by where all of them are 0


def heights(loss: Tensor, scale: str) -> Tensor:
    """Losses as drawn: unchanged, or on a symmetric log scale that is linear below LOG_FLOOR.

    The page computes the same heights in ``static/js/views/canvas/value_scale.js``, and a test compares the two.
    """
    if scale != "log":
        return loss
    size = loss.abs()
    # Each form is exact where the other one rounds or overflows.
    small, large = torch.log1p(size / LOG_FLOOR) / math.log(10), torch.log10(size + LOG_FLOOR) - math.log10(LOG_FLOOR)
    return loss.sign() * torch.where(size < 1, small, large)


def replace_nonfinite(height: Tensor) -> Tensor:
    """Heights with the highest finite one in place of Inf and NaN, so that an edge to them is a wall of that height."""
    finite = height.isfinite()
    # Divided by two, so that the difference of two heights stays finite.
    halves = height / 2
    top = halves[finite].max() if bool(finite.any()) else halves.new_zeros(())
    return torch.where(finite, halves, top)


def span(low: Tensor, high: Tensor) -> Tensor:
    """The range of heights to measure a climb by: at least their rounding."""
    return torch.maximum(high - low, GRAIN * torch.maximum(low.abs(), high.abs())).clamp_min(TINY)


def redistribute(places: Tensor, height: Tensor, count: int) -> Tensor:
    """New places ``(lines, count)``, evenly spaced along the profile ``height`` at ``places``."""
    flat = replace_nonfinite(height)
    # Quantiles, so that a few extreme heights do not set the range. About 32 lines are enough to estimate them.
    low, high = torch.quantile(flat[:: max(1, flat.shape[0] // 32)].flatten(), torch.tensor([0.01, 0.99]).to(flat))
    climb = flat.clamp(low, high).diff(dim=-1) / span(low, high)
    length = torch.hypot(places.diff(dim=-1), HEIGHT_WEIGHT * climb)
    along = torch.cat([torch.zeros_like(length[:, :1]), length.cumsum(-1)], -1)
    wanted = torch.linspace(0, 1, count).to(along) * along[:, -1:]
    right = torch.searchsorted(along, wanted.contiguous()).clamp(1, along.shape[-1] - 1)
    before, after = along.gather(-1, right - 1), along.gather(-1, right)
    share = ((wanted - before) / (after - before).clamp_min(TINY)).clamp(0, 1)
    return torch.lerp(places.gather(-1, right - 1), places.gather(-1, right), share)


def largest_climb(height: Tensor) -> float:
    """The largest height difference between neighbouring points, as a share of the whole height range."""
    flat = replace_nonfinite(height)
    low, high = flat.min(), flat.max()
    return float(flat.diff(dim=-1).abs().max() / span(low, high))


def select_points(height: Tensor, count: int) -> Tensor:
    """Which ``count`` of the fine points to keep: every OVERSAMPLING-th, or the bottom of a valley next to it.

    Otherwise a valley narrower than the mesh would be cut at a different depth on every line and look like a comb.
    """
    low = torch.zeros_like(height, dtype=torch.bool)
    low[:, 1:-1] = (height[:, 1:-1] < height[:, :-2]) & (height[:, 1:-1] <= height[:, 2:])
    index = (OVERSAMPLING * torch.arange(count, device=height.device)).expand(len(height), -1).clone()
    inner = index[:, 1:-1].clone()
    for offset in (-2, -1, 1):
        index[:, 1:-1] = torch.where(low.gather(-1, inner + offset), inner + offset, index[:, 1:-1])
    return index


def mesh_points(window: Window, places: Tensor, upright: bool) -> Tensor:
    """Points ``(lines, count, 2)`` at ``places`` along each line, for vertical (upright) or horizontal lines."""
    even = torch.linspace(0, 1, places.shape[0]).to(places).unsqueeze(-1).expand_as(places)
    x, y = (even, places) if upright else (places, even)
    left, right, bottom, top = window
    return torch.stack([left + x * (right - left), bottom + y * (top - bottom)], -1)


def separate_shares(at: Tensor, window: Window) -> Tensor:
    """Mesh points ``(lines, count, 2)`` as shares of the window, neighbours on a line at least MIN_SPACING apart.

    On a wall of width 1e-10 all points of a row would coincide in float32, and a renderer that computes normals from
    such triangles draws stripes. The shift stays far below a pixel.
    """
    left, right, bottom, top = window
    share = (at - at.new_tensor([left, bottom])) / at.new_tensor([right - left, top - bottom])
    # Lines run along the coordinate that changes on them; the other one stays.
    along = (share[:, -1] - share[:, 0]).abs().sum(0) > 0
    steps = MIN_SPACING * torch.arange(at.shape[1]).to(at).unsqueeze(-1)
    apart = (torch.cummax(share - steps, 1).values + steps).clamp(max=1)
    return torch.where(along, apart, share).clamp(0, 1)


def losses(loss: Loss, at: Tensor, chunk: int) -> Generator[None, None, Tensor]:
    """Losses at ``(lines, count, 2)`` points; yields after every chunk so that the caller may stop."""
    rows = []
    for piece in torch.split(at.reshape(-1, 2), chunk):
        rows.append(loss(piece))
        yield
    return torch.cat(rows).reshape(at.shape[:-1])


def prefers_vertical(loss: Loss, window: Window, scale: str, device: torch.device) -> bool:
    """Whether lines along y cross the walls at steeper angles than lines along x."""
    height = heights(loss(window.grid(65, 65, device)), scale)
    jumps = [height.diff(dim=axis).abs().nan_to_num().amax(axis).mean() for axis in (0, 1)]
    return bool(jumps[0] >= jumps[1])


def aligned_mesh(
    loss: Loss, window: Window, lines: int, count: int, scale: str, device: torch.device, chunk: int
) -> Iterator[tuple[Tensor, Tensor] | None]:
    """Yield None after every chunk of work, then points ``(lines, count, 2)`` with losses ``(lines, count)``."""
    upright = prefers_vertical(loss, window, scale, device)
    fine = OVERSAMPLING * (count - 1) + 1
    places = torch.linspace(-MARGIN, 1 + MARGIN, fine, dtype=torch.float64, device=device).expand(lines, -1)
    for done in range(1, MAX_ROUNDS + 1):
        value = yield from losses(loss, mesh_points(window, places, upright), chunk)
        places = redistribute(places, heights(value, scale), fine)
        if done >= MIN_ROUNDS and largest_climb(heights(value, scale)) < MAX_CLIMB:
            break
    places = places.clamp(0, 1)
    value = yield from losses(loss, mesh_points(window, places, upright), chunk)
    index = select_points(heights(value, scale), count)
    at = mesh_points(window, places.gather(-1, index), upright)
    yield at, value.gather(-1, index)
