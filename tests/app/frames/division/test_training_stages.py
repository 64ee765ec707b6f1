"""Divided training runs: the curves and the state of one process, for any division of the seeds."""

from typing import Any

import numpy as np
import pytest
import torch

from cliffscape.app.frames.division import training_stages
from cliffscape.app.frames.division.stage import Actors
from cliffscape.app.frames.division.training_stages import join_states
from cliffscape.app.frames.kind import KINDS
from cliffscape.app.frames.plan import frame
from cliffscape.app.runs.stored_training import load_run
from cliffscape.app.runs.training import TrainingRun, initial_run
from cliffscape.app.scene.content_key import run_key
from cliffscape.app.scene.schema import Scene
from tests.app.frames.division.scattered import assert_equal, compute_scattered
from tests.app.frames.test_network import run_frame, workspace
from tests.app.runs.test_network import small
from tests.app.runs.test_training import CLIPPED, train_run

FORMS: list[dict[str, Any]] = [
    CLIPPED,
    {"clip": {"kind": "random_step"}, "optimizer": {"kind": "adam"}},
]


def division_of(scene: Scene, actors: int) -> Any:
    """The division of the Scene's training over so many actors."""
    divide = KINDS["training"].divide
    assert divide is not None
    return divide(scene, None, frame(scene, "training", None).key, Actors(actors), workspace().cells)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every run is worth dividing, and every block is shown."""
    monkeypatch.setattr("cliffscape.app.frames.training.WORTHWHILE_SECONDS", 0.0)
    monkeypatch.setattr(training_stages, "MESSAGE_SECONDS", 0.0)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("actors", "lost"), [(2, False), (3, True)])
def test_divided_curves_have_the_bits_of_one_process(form: dict[str, Any], actors: int, lost: bool) -> None:
    scene = small(updates=60, seeds=5, **form)
    found = compute_scattered(division_of(scene, actors), lambda: workspace(0.005), actors, 1, lost)
    assert found.parts == [actors, 1]
    ((_, expected),) = [run_frame(frame(scene, "training", None).begin(workspace()))]
    assert_equal(found.frame, expected)
    assert found.frame.arrays["error_at"].tolist() == [25, 50, 60]
    # Rows of all seeds come as soon as the slowest part has them, each but once.
    firsts = [piece.fields["first"] for piece in found.previews]
    assert firsts == [0, *[piece.fields["updates"] for piece in found.previews[:-1]]]
    joined = np.concatenate([piece.arrays["loss"] for piece in found.previews], -1)
    np.testing.assert_array_equal(joined, expected.arrays["loss"][..., : joined.shape[-1]])
    assert len({piece.fields["token"] for piece in found.previews}) == (2 if lost else 1)


def test_the_whole_run_is_stored_and_its_parts_continue() -> None:
    scene, longer = small(updates=30, seeds=3, **CLIPPED), small(updates=55, seeds=3, **CLIPPED)
    using = workspace()
    compute_scattered(division_of(scene, 2), lambda: using, 1, 0)
    stored = load_run(scene, using)
    assert stored.done == 30 and using.runs.get(run_key(scene)) is stored
    expected = train_run(scene)
    assert torch.equal(stored.carry.theta, expected.carry.theta)
    assert stored.positions(30)[1] == expected.positions(30)[1]
    assert torch.equal(stored.positions(30)[0], expected.positions(30)[0])
    parts: list[TrainingRun] = [load_run(longer, using, seeds) for seeds in (range(1), range(1, 3))]
    assert [part.done for part in parts] == [30, 30]
    found = compute_scattered(division_of(longer, 2), lambda: using, 1, 0)
    ((_, whole),) = [run_frame(frame(longer, "training", None).begin(workspace()))]
    np.testing.assert_array_equal(found.frame.arrays["loss"], whole.arrays["loss"])
    # The end of the shorter run was counted too.
    assert found.frame.arrays["error_at"].tolist() == [25, 30, 50, 55]


def test_only_counts_that_all_parts_have_are_joined() -> None:
    scene = small(updates=30, seeds=3)
    runs = [initial_run(scene, seeds=seeds) for seeds in (range(2), range(2, 3))]
    while runs[0].done < 7:
        runs[0].advance(7, 1.0)
    for run in runs:
        while run.done < 30:
            run.advance(30, 1.0)
    assert runs[0].counted == [7, 25, 30]
    joined = join_states(scene, [run.state() for run in runs])
    assert joined.counted == [25, 30] and joined.errors.shape == (2, 2, 3)
    np.testing.assert_array_equal(joined.errors, np.stack(train_run(scene).errors))


def test_short_runs_single_seeds_and_slices_of_a_run_are_not_divided(monkeypatch: pytest.MonkeyPatch) -> None:
    assert division_of(small(updates=60), 8) is None
    assert division_of(small(updates=60, seeds=4), 1) is None
    assert division_of(small(updates=60, seeds=4, slice={"kind": "principal"}), 8) is None
    monkeypatch.setattr("cliffscape.app.frames.training.WORTHWHILE_SECONDS", 2.0)
    assert division_of(small(updates=60, seeds=4), 8) is None
    assert division_of(small(updates=2000, seeds=4), 8) is not None
