"""Headless runs: trajectories, verdicts and surfaces of a Scene, and errors for what it does not have."""

from unittest.mock import Mock

import pytest
import torch

from cliffscape.app.lessons.headless import HeadlessRun
from cliffscape.app.runs import network
from cliffscape.app.runs.table import run_scene
from cliffscape.app.runs.verdicts import summary
from cliffscape.app.scene.links import from_query
from cliffscape.landscapes.bound_error import BoundError


@pytest.fixture(scope="module")
def headless() -> HeadlessRun:
    return HeadlessRun(from_query({"steps": "20", "runs": "with"}))


def test_both_runs_are_computed_whichever_are_shown(headless: HeadlessRun) -> None:
    made = run_scene(from_query({"steps": "20"}))
    for run, record in made.items():
        torch.testing.assert_close(headless.record(run), record, rtol=0, atol=0, equal_nan=True)
        # NaN is not equal to itself.
        assert repr(headless.summary(run)) == repr(summary(headless.scene, record, run))


def test_rows_are_counted_from_both_ends(headless: HeadlessRun) -> None:
    assert [headless.row("with", step) for step in (0, 20, -1, -21)] == [0, 20, 20, 0]


@pytest.mark.parametrize("step", [21, -22])
def test_a_row_beyond_the_run_is_reported(headless: HeadlessRun, step: int) -> None:
    with pytest.raises(BoundError, match=f"from -21 to 20 in a run of 20 steps, got {step}"):
        headless.row("with", step)


def test_no_step_is_taken_from_the_end(headless: HeadlessRun) -> None:
    with pytest.raises(BoundError, match="at most 19, the last one that is taken, got -1"):
        headless.move("with", -1)


def test_an_unknown_run_is_an_error(headless: HeadlessRun) -> None:
    with pytest.raises(BoundError, match="one of without, with, got 'within'"):
        headless.record("within")


def test_a_move_goes_from_row_to_row_against_the_gradient(headless: HeadlessRun) -> None:
    here, gradient, move = headless.move("without", 3)
    record = headless.record("without")
    assert torch.equal(here, record.position[3])
    torch.testing.assert_close(move, -0.5 * gradient, rtol=1e-12, atol=1e-12)


def test_the_slice_of_a_network_has_gradients_too() -> None:
    net = HeadlessRun(
        from_query({"landscape": "recurrent_network", "cell.hidden_units": "3", "task.sequence_length": "10"})
    )
    value, gradient = net.value_and_gradient(torch.tensor([[0.1, 0.2]], dtype=torch.float64))
    assert value.shape == (1,)
    assert gradient.shape == (1, 2)
    torch.testing.assert_close(net.loss(torch.tensor([[0.1, 0.2]], dtype=torch.float64)), value)


@pytest.mark.parametrize("optimizer", ["newton", "sam"])
def test_descents_on_a_slice_have_the_derivatives_of_their_optimizer(optimizer: str) -> None:
    query = {"landscape": "recurrent_network", "cell.hidden_units": "3", "task.sequence_length": "10", "steps": "5"}
    net = HeadlessRun(from_query({**query, "optimizer": optimizer}))
    start = torch.tensor(net.scene.resolved_start, dtype=torch.float64).expand(2, 2)
    *_, block = net.descend("with", start, net.scene.steps)
    torch.testing.assert_close(block.position[:, 0], net.record("with").position, rtol=1e-9, atol=1e-12)


def test_a_network_is_built_once_for_both_runs_and_their_verdicts(monkeypatch: pytest.MonkeyPatch) -> None:
    views = Mock(wraps=network.build_subject)
    monkeypatch.setattr(network, "build_subject", views)
    query = {"landscape": "recurrent_network", "cell.hidden_units": "3", "task.sequence_length": "10", "steps": "50"}
    net = HeadlessRun(from_query({**query, "slice": "coordinates", "runs": "with"}))
    found = {run: net.summary(run) for run in ("without", "with")}
    # A run at rest has a verdict about the curvature, for which the network is needed too.
    assert all("rests" in one.clauses for one in found.values())
    assert net.summary("with") is found["with"]
    assert views.call_count == 1
