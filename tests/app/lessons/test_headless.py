"""Evidence: runs, verdicts and surfaces of a Scene, and what it has not."""

import pytest
import torch

from cliffscape.app.lessons.headless import Evidence, EvidenceError
from cliffscape.app.runs.table import run_scene
from cliffscape.app.runs.verdicts import summary
from cliffscape.app.scene.links import from_query


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return Evidence(from_query({"steps": "20", "runs": "with"}))


def test_both_lanes_are_run_whichever_are_shown(evidence: Evidence) -> None:
    made = run_scene(from_query({"steps": "20"}))
    for run, record in made.items():
        torch.testing.assert_close(evidence.of(run), record, rtol=0, atol=0, equal_nan=True)
        assert evidence.summary(run) == summary(evidence.scene, record)


def test_rows_are_counted_from_both_ends(evidence: Evidence) -> None:
    assert [evidence.row("with", step) for step in (0, 20, -1, -21)] == [0, 20, 20, 0]


@pytest.mark.parametrize("step", [21, -22])
def test_a_row_beyond_the_run_is_told(evidence: Evidence, step: int) -> None:
    with pytest.raises(EvidenceError, match=f"from -21 to 20 in a run of 20 steps, got {step}"):
        evidence.row("with", step)


def test_no_step_is_taken_from_the_end(evidence: Evidence) -> None:
    with pytest.raises(EvidenceError, match="at most 19, from which one is taken, got -1"):
        evidence.move("with", -1)


def test_an_unknown_lane_is_told(evidence: Evidence) -> None:
    with pytest.raises(EvidenceError, match="one of without, with, got 'within'"):
        evidence.of("within")


def test_a_move_goes_from_row_to_row_against_the_gradient(evidence: Evidence) -> None:
    here, gradient, move = evidence.move("without", 3)
    record = evidence.of("without")
    assert torch.equal(here, record.position[3])
    torch.testing.assert_close(move, -0.5 * gradient, rtol=1e-12, atol=1e-12)


def test_a_nets_slice_has_gradients_too() -> None:
    net = Evidence(
        from_query({"landscape": "recurrent_network", "cell.hidden_units": "3", "task.sequence_length": "10"})
    )
    value, gradient = net.value_and_gradient(torch.tensor([[0.1, 0.2]], dtype=torch.float64))
    assert value.shape == (1,)
    assert gradient.shape == (1, 2)
    torch.testing.assert_close(net.loss(torch.tensor([[0.1, 0.2]], dtype=torch.float64)), value)
