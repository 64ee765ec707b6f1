"""Replays: the numbers of what was recorded, for any number of points, and a lane's do not depend on the others."""

import weakref

import pytest
import torch
from torch import Tensor

from cliffscape.app.compute.gpu.replay import LANES, Replay, Work, record_graph
from tests.devices import DEVICES


def measure(points: Tensor) -> tuple[Tensor, Tensor]:
    return (points**2).sum(-1), 2 * points


def repeat(work: Work, device: torch.device) -> Work:
    """Instead of a graph: the work itself."""
    work()
    return work


def replay(device: str) -> Replay:
    return Replay(measure, torch.device(device), repeat if device == "cpu" else record_graph)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("shape", [(2,), (1, 2), (2, 2), (2, LANES, 2), (2 * LANES + 1, 2), (0, 2)])
def test_loss_and_gradient_have_the_shape_of_the_points(shape: tuple[int, ...], device: str) -> None:
    points = torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    value, gradient = replay(device)(points)
    assert torch.equal(value, (points**2).sum(-1)) and torch.equal(gradient, 2 * points)


def test_what_a_graph_reads_lives_as_long_as_the_graph() -> None:
    """A graph holds addresses only, and these tensors are not passed to it."""

    class Target:
        def measure(self, points: Tensor) -> tuple[Tensor, Tensor]:
            return measure(points)

    target = Target()
    recorded = Replay(target.measure, torch.device("cpu"), lambda work, device: lambda: None)
    alive = weakref.ref(target)
    del target
    assert alive() is not None
    del recorded
    assert alive() is None


@pytest.mark.parametrize("device", DEVICES)
def test_results_stay_as_they_are_when_other_points_follow(device: str) -> None:
    recorded = replay(device)
    first, _ = recorded(torch.ones(3, 2, dtype=torch.float64))
    recorded(torch.zeros(3, 2, dtype=torch.float64))
    assert first.tolist() == [2, 2, 2]
