"""Cells of outcome maps: which ones are uncertain."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from cliffscape.app.compute.cores import Cores
from cliffscape.app.compute.encoding import Frame
from cliffscape.app.frames import outcomes
from cliffscape.app.frames.outcome_cells import average_clouds, differs_from_neighbours, move_start
from cliffscape.app.frames.plan import frame as planned_frame
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.descent.outcome import OUTCOMES, RunResult
from tests.app.frames.test_surface import run_frame, workspace


def picture(scene: Scene, side: int = 33) -> Frame:
    """The outcome map of a Scene."""
    return run_frame(planned_frame(scene, "outcomes", side).begin(workspace()))[1]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures of few cells are tested for certainty."""
    monkeypatch.setattr(outcomes, "TESTED", 33)


def test_coarse_maps_are_not_tested(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene.model_validate({"landscape": {"kind": "saddle"}, "map": "outcomes"})
    monkeypatch.setattr(outcomes, "TESTED", 129)
    frame = picture(scene)
    assert frame.fields["uncertain"] == {} and "uncertain_with" not in frame.arrays


def test_cells_are_uncertain_where_the_last_bit_of_the_start_decides() -> None:
    """Clipped by value, runs at the cliff are chaotic; on a smooth landscape no outcome depends on the last bit."""
    cliff = {"steps": 300, "clip": {"kind": "by_value"}, "window": "paper", "map": "outcomes"}
    frame = picture(Scene.model_validate(cliff))
    assert 0.3 < frame.fields["uncertain"]["with"] < 0.7
    assert frame.arrays["uncertain_with"].mean() == pytest.approx(frame.fields["uncertain"]["with"])
    smooth = {"landscape": {"kind": "saddle"}, "map": "outcomes"}
    frame = picture(Scene.model_validate(smooth))
    assert frame.fields["uncertain"] == {"without": 0, "with": 0}


def test_an_uncertain_cell_has_a_neighbour_with_another_outcome() -> None:
    outcomes = torch.tensor([[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 1, 0]])
    expected = [[0, 0, 0, 0], [0, 0, 1, 0], [0, 1, 1, 1]]
    assert differs_from_neighbours(outcomes).int().tolist() == expected


def test_a_cloud_of_one_start_is_that_start() -> None:
    nan, column = math.nan, lambda *numbers: torch.tensor(numbers, dtype=torch.float64)
    # The codes of all outcomes; the starts of the larger clouds are equal.
    codes = torch.arange(len(OUTCOMES), dtype=torch.uint8)
    numbers = [column(*range(len(codes) - 1), nan) / k for k in (1, 3, 7)]
    single = RunResult(codes, *numbers, codes % 2 == 0)
    triple = RunResult(*(one.repeat_interleave(3) for one in single))
    found, expected = average_clouds(single, 1), average_clouds(triple, 3)
    assert found.keys() == expected.keys()
    for name, one in found.items():
        torch.testing.assert_close(one, expected[name], rtol=0, atol=0, equal_nan=True, msg=name)


def test_a_start_moves_by_one_number() -> None:
    start = torch.tensor([[1.0, -2.0]], dtype=torch.float64)
    assert move_start(start, (1, 0)).tolist() == [[math.nextafter(1.0, math.inf), -2.0]]
    assert move_start(start, (0, -1)).tolist() == [[1.0, math.nextafter(-2.0, -math.inf)]]


def test_cores_share_the_lanes_of_a_network() -> None:
    """Its map is the same to the last bit, however many threads compute it."""
    form = {
        "landscape": {"kind": "recurrent_network", "batch_size": 4},
        "cell": {"kind": "tanh_rnn", "hidden_units": 4},
        "task": {"kind": "adding", "sequence_length": 10},
        "steps": 5,
    }
    sizes: list[int] = []

    class CountedCores(Cores):
        def map_lanes(self, function: Any, lanes: Any, fewest: int) -> Any:
            sizes.append(len(lanes))
            return super().map_lanes(function, lanes, fewest)

    cores = CountedCores(3)
    using = (replace(workspace(), cores=cores), workspace())
    part = planned_frame(Scene.model_validate(form), "outcomes", 17)
    shared, alone = (run_frame(part.begin(one))[1] for one in using)
    assert max(sizes) >= 2 * 12
    for name, numbers in alone.arrays.items():
        np.testing.assert_array_equal(shared.arrays[name], numbers)
    cores.close()
