"""The mesh of the relief: points stand on the cliff's wall, where a uniform grid of the same size has none."""

import math

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.analysis.mesh import (
    aligned_mesh,
    heights,
    mesh_points,
    prefers_vertical,
    redistribute,
    select_points,
    separate_shares,
)
from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.loss import Landscape, Loss, Window
from tests.reference import tensor

CPU = torch.device("cpu")
RNN = LANDSCAPES["one_unit_rnn"]
UNIT = Window(-1.0, 1.0, -1.0, 1.0)


def mesh(loss: Loss, window: Window, lines: int, count: int, scale: str = "linear") -> tuple[Tensor, Tensor]:
    """The finished mesh: points ``(lines, count, 2)`` and losses."""
    made = [part for part in aligned_mesh(loss, window, lines, count, scale, CPU, 5000) if part is not None]
    assert len(made) == 1
    return made[0]


def on_the_wall(at: Tensor, value: Tensor) -> Tensor:
    """Points of each line that stand between the plateaus (0.03 and 0.38 at most) at the cliff itself."""
    from_line = at[..., 1] - (0.5 - 0.6224593312018546 * at[..., 0])
    return ((from_line.abs() < 0.01) & (value > 0.06) & (value < 0.36)).sum(-1)


@pytest.mark.parametrize("name", RNN.windows)
def test_the_mesh_resolves_a_wall_that_a_grid_misses(name: str) -> None:
    """Every line from w = 4.6 to where the cliff leaves the window: at least eight of its 65 points on the wall.

    The wall is 2e-3 wide at w = 4.6 and 1e-6 at w = 5.4, a uniform grid's step 2e-2: one point by luck, mostly none.
    """
    window = RNN.windows[name]
    leaves = (0.5 - window.bottom) / 0.6224593312018546 - 0.03
    at, value = mesh(RNN.loss(), window, 65, 65)
    seen = (at[:, 0, 0] >= 4.6) & (at[:, 0, 0] <= leaves)
    assert seen.sum() > 20
    assert on_the_wall(at, value)[seen].min() >= 8
    grid = window.grid(65, 65).transpose(0, 1)
    assert on_the_wall(grid, RNN.loss()(grid))[seen].max() <= 1


@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry.kind) for entry in LANDSCAPES])
def test_meshes_fill_their_window(entry: Landscape) -> None:
    """Lines at even places from edge to edge; along each, points from edge to edge in order, with their losses."""
    for window in entry.windows.values():
        at, value = mesh(entry.loss(), window, 33, 49, entry.height)
        assert at.shape == (33, 49, 2) and value.shape == (33, 49)
        torch.testing.assert_close(value, entry.loss()(at), rtol=1e-9, atol=1e-12)
        x, y = at.unbind(-1)
        upright = bool((x.diff(dim=1) == 0).all())
        across, along = (x, y) if upright else (y, x)
        low, high = (window.bottom, window.top) if upright else (window.left, window.right)
        first, last = (window.left, window.right) if upright else (window.bottom, window.top)
        expected = torch.linspace(first, last, 33, dtype=torch.float64)
        torch.testing.assert_close(across, expected[:, None].expand(33, 49), rtol=0, atol=1e-12)
        assert (along.diff(dim=1) >= 0).all()
        torch.testing.assert_close(along[:, [0, -1]], tensor([low, high]).expand(33, 2), rtol=0, atol=1e-12)
        assert along.min() >= low and along.max() <= high


def test_work_is_done_in_chunks() -> None:
    """Never more points at once than were asked for, but for the small grid that finds the direction."""
    sizes = []

    def counting_loss(theta: Tensor) -> Tensor:
        sizes.append(theta[..., 0].numel())
        return RNN.loss()(theta)

    parts = list(aligned_mesh(counting_loss, RNN.window, 20, 30, "linear", CPU, 700))
    assert all(part is None for part in parts[:-1]) and parts[-1] is not None
    assert sizes[0] == 65 * 65 and max(sizes[1:]) <= 700
    assert len(parts) - 1 == len(sizes) - 1 > 4


@pytest.mark.parametrize(("turn", "upright"), [(0.0, False), (math.pi / 2, True), (0.3, False), (1.2, True)])
def test_lines_cross_the_wall(turn: float, upright: bool) -> None:
    """A wall across x asks for level lines, one across y for upright ones; either way each line gets its points."""

    def wall(theta: Tensor) -> Tensor:
        x, y = theta.unbind(-1)
        return torch.sigmoid(2000 * (x * math.cos(turn) + y * math.sin(turn)))

    assert prefers_vertical(wall, UNIT, "linear", CPU) is upright
    _, value = mesh(wall, UNIT, 41, 41)
    on_wall = ((value > 0.05) & (value < 0.95)).sum(-1)
    crossing = (value.amin(-1) < 0.01) & (value.amax(-1) > 0.99)
    assert crossing.sum() > 20 and on_wall[crossing].min() >= 5


def test_a_plain_gets_a_uniform_mesh() -> None:
    at, _ = mesh(lambda theta: torch.zeros_like(theta[..., 0]), UNIT, 9, 9)
    inner = at.diff(dim=1).norm(dim=-1)[:, 1:-1]
    torch.testing.assert_close(inner, inner.mean().expand_as(inner), rtol=1e-9, atol=0)


def test_redistributed_points_are_evenly_spaced_along_the_profile() -> None:
    """On a ramp with a jump in the middle: as much of the height between any two neighbours, or of the width."""
    places = torch.linspace(0, 1, 4001, dtype=torch.float64).expand(3, -1)
    height = (places > 0.5).double()
    new = redistribute(places, height, 33)
    assert new.shape == (3, 33) and (new.diff(dim=-1) >= 0).all()
    assert new[:, 0].tolist() == [0.0] * 3 and new[:, -1].tolist() == [1.0] * 3
    at_the_jump = ((new - 0.5).abs() < 1e-3).sum(-1)
    assert at_the_jump.min() >= 8, "the climb counts 0.6 of a window's width: 3 of 8 points, at least a quarter"


def test_inf_and_nan_are_left_out_of_the_layout() -> None:
    def broken(theta: Tensor) -> Tensor:
        x, y = theta.unbind(-1)
        return torch.where(x > 0.5, torch.inf, torch.where(y > 0.5, torch.nan, torch.tanh(20 * x)))

    at, value = mesh(broken, UNIT, 17, 17)
    assert at.isfinite().all() and value.isnan().any() and value.isinf().any()


def test_heights_are_drawn_as_they_are_or_on_a_symmetric_log_scale() -> None:
    losses = tensor([-100.0, -0.01, 0.0, 1e-9, 0.01, 100.0])
    assert heights(losses, "linear") is losses
    logarithmic = heights(losses, "log")
    assert logarithmic[2] == 0 and logarithmic[3] == pytest.approx(0, abs=1e-5)
    assert logarithmic[-1] == pytest.approx(5, abs=1e-4), "five decades above the floor of 0.001"
    assert (logarithmic.diff() > 0).all()
    torch.testing.assert_close(logarithmic[:2].flip(0), -logarithmic[-2:])


def test_a_narrow_valley_keeps_its_floor() -> None:
    """Of the fine points the very lowest is kept beside its place in the stride, so that no comb appears."""
    height = torch.ones(3, 41, dtype=torch.float64)
    for line, floor in enumerate((18, 19, 21)):
        height[line, floor] = 0.0
    index = select_points(height, 11)
    assert index.shape == (3, 11) and (index.diff(dim=-1) > 0).all()
    assert height.gather(-1, index).amin(-1).tolist() == [0.0, 0.0, 0.0]
    assert index[:, [0, -1]].tolist() == [[0, 40]] * 3


@pytest.mark.parametrize("upright", [True, False])
def test_points_on_a_wall_are_distinct_in_float32(upright: bool) -> None:
    """A wall far narrower than float32 can tell: no two neighbours fall together, and none moves by a pixel."""
    places = torch.sort(0.5 + 1e-10 * torch.rand(5, 65, dtype=torch.float64)).values
    places[:, 0], places[:, -1] = 0, 1
    window = Window(3.5, 5.7, -3.0, -1.3)
    at = mesh_points(window, places, upright)
    seen = separate_shares(at, window).float()
    shares = (at - tensor([3.5, -3.0])) / tensor([2.2, 1.7])
    axis = 1 if upright else 0
    assert (shares.float()[..., axis].diff(dim=1) == 0).any(), "as they are, points fall together"
    assert (seen[..., axis].diff(dim=1) > 0).all()
    torch.testing.assert_close(seen[..., 1 - axis], shares.float()[..., 1 - axis], rtol=0, atol=1e-7)
    assert (seen - shares).abs().max() < 65 * 2e-5 + 1e-6
