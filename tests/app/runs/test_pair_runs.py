"""Both runs in one batch: each is the run alone, to the last bit."""

import pytest
import torch

from cliffscape.app.runs.pair import RUN_NAMES, RunName, build_loss, run_pair, transforms
from cliffscape.app.scene.links import from_query
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.descent.descend import Record, trajectory
from cliffscape.landscapes.generators import run_to_end

SCENES = [
    # Runs on the slice of a network are tested in test_network.py.
    *({"landscape": entry.kind} for entry in LANDSCAPES if entry.kind != "recurrent_network"),
    *({"landscape": "outlier", "clip": entry.kind} for entry in CLIPS),
    *({"optimizer": entry.kind} for entry in OPTIMIZERS),
    {"landscape": "outlier", "landscape.minibatch_size": "3", "optimizer": "sam", "clip": "random_step"},
    {"landscape": "linear_recurrence", "landscape.sequence_length": "100", "start": "1.25,2"},
]


def single_run(scene: Scene, run: RunName) -> Record:
    """The trajectory of a run alone, ``(steps + 1, ...)``."""
    start = torch.tensor(scene.resolved_start, dtype=torch.float64)
    return trajectory(build_loss(scene), start, *transforms(scene, run), scene.steps)


@pytest.mark.parametrize("query", SCENES, ids=lambda query: " ".join(query.values()))
def test_a_run_does_not_depend_on_the_other(query: dict[str, str]) -> None:
    scene = from_query({"steps": "12", **query})
    both = run_to_end(run_pair(scene))
    for row, run in enumerate(RUN_NAMES):
        for column, alone in zip(both, single_run(scene, run), strict=True):
            torch.testing.assert_close(column[:, row], alone, rtol=0, atol=0, equal_nan=True)
