"""The turns of a network's work: pieces give the same numbers, and no turn takes long."""

from typing import Any

import pytest
import torch

from cliffscape.app.compute.cache import SizedCache
from cliffscape.app.compute.chunking import Chunking
from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames.plan import frame
from cliffscape.app.frames.source import source_of
from cliffscape.app.runs import network
from cliffscape.app.runs.network import STEP_SECONDS, build_view
from cliffscape.landscapes.catalogue import OPTIMIZERS
from cliffscape.landscapes.derivatives import curvatures
from cliffscape.landscapes.descent.sweep import Lanes
from cliffscape.landscapes.generators import run_to_end
from cliffscape.landscapes.networks import cost
from cliffscape.landscapes.slices import hessian
from tests.app.runs.test_network import small
from tests.app.turns import count_turns

POINTS = torch.tensor([[1.0, 0.5], [1.5, -0.5]], dtype=torch.float64)


def workspace() -> Workspace:
    """A workspace that holds nothing yet."""
    return Workspace(torch.device("cpu"), SizedCache(1 << 24, lambda kernel: len(kernel.source)), Chunking(0.025))


def test_curvatures_of_pieces_are_those_of_the_whole_minibatch(monkeypatch: pytest.MonkeyPatch) -> None:
    view = run_to_end(build_view(small()))
    expected = torch.stack(curvatures(view.loss, POINTS), -1)
    torch.testing.assert_close(run_to_end(view.curvatures(POINTS)), expected, rtol=1e-9, atol=1e-12)
    monkeypatch.setattr(hessian, "PIECE_MULTIPLICATIONS", 0)
    monkeypatch.setattr(hessian, "MIN_SEQUENCES", 1)
    turns, found = count_turns(view.curvatures(POINTS))
    torch.testing.assert_close(found[:, 1], expected[:, 1], rtol=1e-9, atol=0)
    torch.testing.assert_close(found[:, 0], expected[:, 0], rtol=1e-9, atol=1e-12)
    # One turn for each sequence of the minibatch at each point.
    assert turns >= 2 * 4


def test_the_pair_of_a_large_network_has_no_sharpness(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "sharpness" in run_to_end(frame(small(), "pair", None).begin(workspace())).arrays
    monkeypatch.setattr(cost, "PRODUCT_RATE", 1.0)
    assert run_to_end(run_to_end(build_view(small())).curvatures(POINTS)) is None
    assert "sharpness" not in run_to_end(frame(small(), "pair", None).begin(workspace())).arrays


@pytest.mark.parametrize("kind", ["gradient_descent", "hessian_free"])
def test_as_many_descents_step_together_as_fit_into_time_and_memory(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = small()
    view, optimizer = run_to_end(build_view(scene)), OPTIMIZERS[kind].function()
    one = view.bytes_per_point() if optimizer.asks is None else cost.graph_bytes(scene.net, 4)
    assert [view.lanes(optimizer, memory) for memory in (1, 3 * one, 9 * one)] == [1, 3, 9]
    work = cost.multiply_adds(scene.net, 4)
    for name in ("GRADIENT_RATE", "PRODUCT_RATE"):
        monkeypatch.setattr(network, name, 5 * work / STEP_SECONDS)
    assert view.lanes(optimizer, 1 << 40) == 5


def test_an_outcome_map_stops_after_every_step_of_a_large_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each turn is the steps that take some tenths of a second, however many are left."""
    scene: Any = small()
    monkeypatch.setattr(network, "GRADIENT_RATE", 2 * cost.multiply_adds(scene.net, 4) / STEP_SECONDS)
    source = run_to_end(source_of(scene, workspace()))
    work, _ = source.sweep("with", Lanes(POINTS.repeat(2, 1)))
    assert max(work) == 2
