"""Slices through the principal directions of a training run."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.slices.directions import SLICES
from tests.landscapes.slices.test_directions import lay, walk
from tests.landscapes.slices.test_plane import subject


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_principal_directions_are_those_of_the_full_decomposition(dtype: torch.dtype) -> None:
    there = subject()
    run = walk(40, there.net.layout.size).to(dtype)
    plane = lay("principal", replace(there, snapshots=run))
    exact = run.double()
    _, spread, turn = torch.linalg.svd(exact - exact.mean(0))
    lengths = plane.directions.norm(dim=1)
    torch.testing.assert_close(lengths, torch.full_like(lengths, plane.facts["unit_length"]))
    alike = (plane.directions / lengths[:, None] * turn[:2]).sum(-1).abs()
    torch.testing.assert_close(alike, torch.ones_like(alike), rtol=0, atol=1e-8)
    share = (spread**2 / (spread**2).sum())[:2].tolist()
    assert plane.facts["explained_variance"] == pytest.approx(share, rel=1e-6) and 0.999 < sum(share) < 1
    assert torch.equal(plane.origin, exact[-1])


def test_the_whole_run_is_in_the_window_and_ends_at_the_origin() -> None:
    there = subject()
    run = walk(40, there.net.layout.size)
    plane = lay("principal", replace(there, snapshots=run))
    path, distance = plane.project(run)
    assert float(path.abs().max()) == pytest.approx(1) and distance.max() < 3e-3
    assert path[-1].tolist() == [0, 0] and distance[-1] == 0
    assert (path[0] >= 0).all() and path[0].tolist() == pytest.approx(plane.facts["run_start"])
    window = SLICES["principal"].window
    assert all(window.holds(tuple(place)) for place in path.tolist())


def test_snapshots_that_are_not_finite_are_left_out() -> None:
    there = subject()
    run = walk(12, there.net.layout.size)
    broken = torch.cat([run, 1e200 * run[:1], run[:1] / 0, run[:2] * torch.nan])
    whole, left = (lay("principal", replace(there, snapshots=each)) for each in (run, broken))
    assert torch.equal(whole.directions, left.directions) and torch.equal(whole.origin, left.origin)


@pytest.mark.parametrize(
    ("run", "message"),
    [
        (None, "slice must be placed through the snapshots of a training run, got no run"),
        (walk(12, 33)[:2], "slice must be placed through a run with at least 3 finite snapshots, got 2 of 2"),
        (
            walk(3, 33) / torch.tensor([[1.0], [1.0], [0.0]]),
            "slice must be placed through a run with at least 3 finite snapshots, got 2 of 3",
        ),
        (walk(2, 33).repeat(3, 1), "slice must be placed through snapshots that differ in two directions"),
        (torch.ones(5, 33), "slice must be placed through snapshots that differ in two directions"),
    ],
)
def test_a_run_that_spans_no_plane_is_rejected(run: Tensor | None, message: str) -> None:
    there = subject()
    assert there.net.layout.size == 33
    with pytest.raises(BoundError) as error:
        lay("principal", replace(there, snapshots=run))
    assert error.value.field == "slice" and str(error.value).startswith(message)
