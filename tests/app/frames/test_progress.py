"""The time that a picture takes: it is predicted from the points or cells so far, and sent if it is long."""

import pytest
import torch

from cliffscape.app.frames import outcomes
from cliffscape.app.frames import progress as progress_module
from cliffscape.app.frames.outcome_cells import Cells
from cliffscape.app.frames.outcomes import moves_per_cell, next_map
from cliffscape.app.frames.plan import frame, plan
from cliffscape.app.frames.progress import SAY_SECONDS, progress
from cliffscape.app.frames.source import source_of
from cliffscape.app.frames.surface import predicted_seconds
from cliffscape.app.runs.pair import RUN_NAMES, RunName
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.generators import run_to_end
from tests.app.frames.test_surface import run_frame, workspace
from tests.app.runs.test_network import small

KNOWN = (33, 65, 129, 257, 513)


def test_the_cells_of_the_coarser_map_are_not_computed_again() -> None:
    assert next_map(KNOWN, 257, 1e-3) == {"next": {"columns": 513, "seconds": round((513**2 - 257**2) * 1e-3)}}


def test_tests_for_certainty_are_part_of_the_time() -> None:
    expected = round((513**2 * 1.5 - 257**2) * 1e-3)
    assert next_map(KNOWN, 257, 1e-3, moves=0.5) == {"next": {"columns": 513, "seconds": expected}}


def test_only_maps_that_are_tested_have_the_time_of_tests() -> None:
    scene = Scene.model_validate({})
    outcome = torch.zeros(65, 65, dtype=torch.uint8)
    outcome[:, :32] = 1
    found: dict[RunName, Cells] = {run: {"outcome": outcome.reshape(-1)} for run in RUN_NAMES}
    # Two columns of cells are at the border, and two moves of each are tested.
    assert moves_per_cell(scene, KNOWN, found) == pytest.approx(2 * 2 / 65)
    assert moves_per_cell(scene, (33, 65), found) == 0
    assert moves_per_cell(scene.model_copy(update={"cloud": 4}), KNOWN, found) == 0
    coarse: dict[RunName, Cells] = {run: {"outcome": outcome[:33, :33].reshape(-1)} for run in RUN_NAMES}
    assert moves_per_cell(scene, KNOWN, coarse) == 0


def test_the_progress_of_a_map_says_how_long_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress_module, "MESSAGE_SECONDS", 0)
    monkeypatch.setattr(progress_module, "SAY_SECONDS", 0)
    scene = Scene.model_validate({"landscape": {"kind": "saddle"}, "steps": 50})
    work = frame(scene, "outcomes", 33).begin(workspace(1e-6))
    said = [one for one in work if one is not None and one.kind == "progress"]
    assert said and all(one.fields["seconds"] >= 0 for one in said)
    assert {one.fields["columns"] for one in said} == {33}


def test_a_short_map_and_the_finest_one_have_no_prediction() -> None:
    assert next_map(KNOWN, 33, SAY_SECONDS / (65**2 - 33**2) * 0.99) == {}
    assert next_map(KNOWN, 33, SAY_SECONDS / (65**2 - 33**2) * 1.01) != {}
    assert next_map(KNOWN, 513, 100.0) == {}


def test_frames_of_coarse_maps_announce_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outcomes, "LEVELS", (3, 5, 9))
    monkeypatch.setattr(outcomes, "SAY_SECONDS", 0)
    using, scene = workspace(), Scene.model_validate({"landscape": {"kind": "saddle"}, "steps": 5})
    frames = [run_frame(part.begin(using))[1] for part in plan(scene, ("outcomes",))]
    assert [one.fields.get("next", {}).get("columns") for one in frames] == [5, 9, None]
    assert all(one.fields["next"]["seconds"] >= 0 for one in frames[:2])


def test_only_long_times_are_sent() -> None:
    assert progress("k", 129, 0.25, SAY_SECONDS).fields == {"columns": 129, "share": 0.25}
    assert progress("k", 129, 0.25, 97.4).fields == {"columns": 129, "share": 0.25, "seconds": 97}


def test_a_surface_that_takes_long_is_announced_before_its_first_chunk() -> None:
    using, scene = workspace(), small()
    source = run_to_end(source_of(scene, using))
    sampler = source.sampler(129)
    assert predicted_seconds(sampler, 129**2, using) == 0
    # A chunk of 0.025 seconds has 25 points, so a point takes a millisecond.
    using.chunking._points[sampler.about] = 25
    assert predicted_seconds(sampler, 129**2, using) == pytest.approx(16.641)
    first = next(one for one in frame(scene, "surface", 129).begin(using) if one is not None)
    assert first.fields == {"columns": 129, "share": 0, "seconds": 17}
    using.chunking._points[sampler.about] = 25
    early = list(frame(scene, "surface", 33).begin(using))
    assert not any("seconds" in one.fields for one in early if one is not None)
