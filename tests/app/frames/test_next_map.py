"""The time that the next finer map takes: it is predicted from the cells so far, and sent if it is long."""

import pytest

from cliffscape.app.frames import outcomes
from cliffscape.app.frames.outcomes import SAY_SECONDS, next_map
from cliffscape.app.frames.plan import plan
from cliffscape.app.scene.schema import Scene
from tests.app.frames.test_surface import run_frame, workspace

KNOWN = (33, 65, 129, 257, 513)


def test_the_cells_of_the_coarser_map_are_not_computed_again() -> None:
    assert next_map(KNOWN, 257, 1e-3) == {"next": {"columns": 513, "seconds": round((513**2 - 257**2) * 1e-3)}}


def test_a_short_map_and_the_finest_one_have_no_prediction() -> None:
    assert next_map(KNOWN, 33, SAY_SECONDS / (65**2 - 33**2) * 0.99) == {}
    assert next_map(KNOWN, 33, SAY_SECONDS / (65**2 - 33**2) * 1.01) != {}
    assert next_map(KNOWN, 513, 100.0) == {}


def test_frames_of_coarse_maps_announce_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outcomes, "LEVELS", (3, 5, 9))
    monkeypatch.setattr(outcomes, "SAY_SECONDS", 0)
    using, scene = workspace(), Scene.model_validate({"landscape": {"kind": "saddle"}, "steps": 5})
    frames = [run_frame(part.begin(using))[1] for part in plan(scene, ("outcomes",))]
    assert [frame.fields.get("next", {}).get("columns") for frame in frames] == [5, 9, None]
    assert all(frame.fields["next"]["seconds"] >= 0 for frame in frames[:2])
