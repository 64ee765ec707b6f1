"""Cells of outcome maps: averages of clouds, and cores that share them."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import torch

from cliffscape.app.compute.cores import Cores
from cliffscape.app.frames.outcome_cells import average_clouds
from cliffscape.app.frames.plan import frame as planned_frame
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.descent.outcome import OUTCOMES, RunResult
from tests.app.frames.test_surface import run_frame, workspace


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
        # What a single start does is yes or no, in one byte; of several it is a share.
        same = {"rtol": 0, "atol": 0, "equal_nan": True, "check_dtype": False}
        torch.testing.assert_close(one, expected[name], **same, msg=name)
    assert {one.dtype for name, one in found.items() if name in ("thrown", "converged")} == {torch.uint8}


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
