"""Uncertain cells of outcome maps."""

import math

import pytest
import torch
from torch import Tensor

from cliffscape.app.compute.encoding import Frame
from cliffscape.app.frames import outcomes
from cliffscape.app.frames.division.uncertain_cells import (
    NUDGES,
    depends_on_rounding,
    differs_from_neighbours,
    move_start,
)
from cliffscape.app.frames.outcome_cells import cell_outcomes, run_lanes
from cliffscape.app.frames.plan import frame as planned_frame
from cliffscape.app.frames.source import LandscapeSource
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.descent.sweep import Lanes
from cliffscape.landscapes.generators import run_to_end
from tests.app.frames.test_surface import run_frame, workspace

SIDE = 33
CLIFF = {"steps": 300, "clip": {"kind": "by_value"}, "window": "paper", "map": "outcomes"}


def picture(scene: Scene, side: int = SIDE) -> Frame:
    """The outcome map of a Scene."""
    return run_frame(planned_frame(scene, "outcomes", side).begin(workspace()))[1]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures of few cells are tested for certainty."""
    monkeypatch.setattr(outcomes, "TESTED", SIDE)


def test_coarse_maps_are_not_tested(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene.model_validate({"landscape": {"kind": "saddle"}, "map": "outcomes"})
    monkeypatch.setattr(outcomes, "TESTED", 129)
    frame = picture(scene)
    assert frame.fields["uncertain"] == {} and "uncertain_with" not in frame.arrays


def test_cells_are_uncertain_where_the_last_bit_of_the_start_decides() -> None:
    """Clipped by value, runs at the cliff are chaotic; on a smooth landscape no outcome depends on the last bit."""
    frame = picture(Scene.model_validate(CLIFF))
    assert 0.6 < frame.fields["uncertain"]["with"] < 0.9
    assert frame.arrays["uncertain_with"].mean() == pytest.approx(frame.fields["uncertain"]["with"])
    smooth = {"landscape": {"kind": "saddle"}, "map": "outcomes"}
    frame = picture(Scene.model_validate(smooth))
    assert frame.fields["uncertain"] == {"without": 0, "with": 0}


def moved_outcomes(scene: Scene, nudge: tuple[int, int]) -> Tensor:
    """The outcomes of all cells with clipping ``(side²,)`` if every start is moved in the last bit."""
    using = workspace()
    lanes = run_lanes(scene, "with", outcomes.axes_of(scene, "outcomes"), SIDE, torch.arange(SIDE**2))
    moved = Lanes(move_start(lanes.start, nudge), lanes.own)
    return run_to_end(cell_outcomes(scene, "with", moved, LandscapeSource(scene, using), using))["outcome"]


def test_few_other_cells_change_with_moves_that_were_not_tried() -> None:
    """Otherwise two programs that round differently would disagree on cells that are drawn as facts."""
    scene = Scene.model_validate(CLIFF)
    frame = picture(scene)
    certain = torch.from_numpy(frame.arrays["uncertain_with"]).reshape(-1) == 0
    known = torch.from_numpy(frame.arrays["outcome_with"]).reshape(-1)
    for nudge in ((-1, 0), (0, 1)):
        assert nudge not in NUDGES
        changed = moved_outcomes(scene, nudge) != known
        assert changed.double().mean() > 0.2
        assert (changed & certain).double().mean() < 0.03


def test_a_loss_that_visibly_changes_makes_a_cell_uncertain() -> None:
    outcome = torch.zeros(6, dtype=torch.uint8)
    known = {"outcome": outcome, "loss": torch.tensor([1.0, 1.0, 1e-9, 1e-9, math.nan, 2.0])}
    moved = {"outcome": outcome.clone(), "loss": torch.tensor([1.01, 1.1, 2e-9, 2e-9, math.nan, 2.0])}
    moved["outcome"][5] = 1
    assert depends_on_rounding(known, moved, 1e-4).tolist() == [False, True, False, False, False, True]
    assert depends_on_rounding(known, moved, 0.0).tolist() == [False, True, True, True, False, True]


def test_a_tested_cell_has_a_neighbour_with_another_outcome() -> None:
    outcomes = torch.tensor([[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1]])
    expected = [[0, 0, 0, 0], [0, 0, 1, 1], [0, 0, 1, 1]]
    assert differs_from_neighbours(outcomes).int().tolist() == expected
    assert differs_from_neighbours(outcomes[2:]).int().tolist() == expected[2:]


def test_a_start_moves_by_one_number() -> None:
    start = torch.tensor([[1.0, -2.0]], dtype=torch.float64)
    assert move_start(start, (1, 0)).tolist() == [[math.nextafter(1.0, math.inf), -2.0]]
    assert move_start(start, (0, -1)).tolist() == [[1.0, math.nextafter(-2.0, -math.inf)]]
