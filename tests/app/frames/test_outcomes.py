"""Frames of outcomes: every cell equals the verdict of its run."""

import functools
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from cliffscape.app.compute.cache import FrameGenerator
from cliffscape.app.compute.compiled import Routines
from cliffscape.app.compute.encoding import Frame, encode
from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames import outcomes, progress
from cliffscape.app.frames.outcomes import LEVELS, NETWORK_LEVELS, sides
from cliffscape.app.frames.plan import DEFAULT_KINDS, EVERY, plan
from cliffscape.app.frames.plan import frame as planned_frame
from cliffscape.app.runs.pair import RUN_NAMES, RunName
from cliffscape.app.runs.table import run_scene
from cliffscape.app.runs.verdicts import Summary, summary
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.descent.outcome import OUTCOMES
from tests.app.decoding import decode
from tests.app.frames.test_surface import run_frame, workspace

SIDE = 3
KNOWN = Routines()


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures of few cells."""
    monkeypatch.setattr(outcomes, "LEVELS", (SIDE, 5, 9))


@pytest.fixture(params=["compiled", "eager"])
def using(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Workspace with and without compiled routines."""
    found = workspace()
    # ``wait`` returns the compiled routine if there is a compiler.
    monkeypatch.setattr(found.routines, "get", KNOWN.wait if request.param == "compiled" else lambda *_: None)
    return found


def frame_of(scene: Scene, kind: Any, using: Workspace, side: int = SIDE) -> Frame:
    """A picture of the Scene."""
    return run_frame(planned_frame(scene, kind, side).begin(using))[1]


def cell(scene: Scene, frame: Frame, row: int, column: int) -> Scene:
    """The Scene of one cell."""
    form = scene.model_dump()
    form["start"] = list(scene.resolved_start)
    for axis, at in zip(frame.fields["axes"], (column, row), strict=True):
        value = axis["values"][at]
        family, _, field = axis["name"].partition(".")
        if family == "start":
            form["start"]["xy".index(field)] = value
        else:
            form[family] = {**form[family], field: value}
    return Scene.model_validate(form)


@functools.cache
def summaries(link: str) -> dict[RunName, Summary]:
    """Summaries of both runs of a Scene, by PyTorch."""
    scene = Scene.model_validate_json(link)
    return {run: summary(scene, record, run) for run, record in run_scene(scene).items()}


def check(scene: Scene, frame: Frame) -> None:
    """Every cell against the verdict of its own run."""
    for row in range(SIDE):
        for column in range(SIDE):
            one = cell(scene, frame, row, column)
            for run, said in summaries(one.model_dump_json()).items():
                found = {name: frame.arrays[f"{name}_{run}"][row, column] for name in ("outcome", "loss", "thrown")}
                assert OUTCOMES[int(found["outcome"])] == said.outcome
                assert bool(found["thrown"]) == said.thrown
                loss = said.end_loss if said.outcome != "diverged" else np.nan
                np.testing.assert_allclose(found["loss"], loss, rtol=1e-4, atol=1e-9)


DESCENT = {"kind": "gradient_descent", "learning_rate": 0.03}
SCENES: list[tuple[str, dict[str, Any]]] = [
    ("outcomes", {"landscape": {"kind": "product_of_weights"}, "optimizer": DESCENT}),
    ("outcomes", {"landscape": {"kind": "saddle"}, "optimizer": {"kind": "adam"}, "schedule": {"kind": "cosine"}}),
    ("outcomes", {"landscape": {"kind": "outlier"}, "steps": 20}),
    ("sweep", {"landscape": {"kind": "himmelblau"}, "steps": 30}),
    ("outcomes", {"landscape": {"kind": "saddle"}, "clip": {"kind": "random_step", "seed": 5}, "steps": 30}),
    ("sweep", {"landscape": {"kind": "ravine"}, "clip": {"kind": "random_step"}, "schedule": {"kind": "cosine"}}),
    ("sweep", {"landscape": {"kind": "ravine"}, "steps": 30, "sweep": ("clip.threshold", "start.y")}),
    ("sweep", {"landscape": {"kind": "ravine"}, "steps": 9, "sweep": ("landscape.condition_number", "start.x")}),
]


# One of each kind of axis: starts, starts with streams of their own, a start and a clip, a start and a landscape.
COMPILED = [SCENES[k] for k in (0, 4, 6, 7)]
CASES = [("eager", *scene) for scene in SCENES] + [("compiled", *scene) for scene in COMPILED]


@pytest.mark.parametrize(("using", "kind", "form"), CASES, indirect=["using"])
def test_every_cell_equals_the_verdict_of_its_run(kind: str, form: dict[str, Any], using: Workspace) -> None:
    scene = Scene.model_validate(form)
    frame = frame_of(scene, kind, using)
    assert [frame.fields[name] for name in ("columns", "rows", "steps")] == [SIDE, SIDE, scene.steps]
    check(scene, frame)
    (read,) = decode(encode(frame))
    assert read.arrays["outcome_with"].dtype == np.uint8
    assert read.arrays["loss_with"].dtype == np.float32


def test_shares_count_the_cells(using: Workspace) -> None:
    scene = Scene.model_validate(SCENES[0][1])
    frame = frame_of(scene, "outcomes", using, 5)
    for run in RUN_NAMES:
        said, outcomes = frame.fields["shares"][run], frame.arrays[f"outcome_{run}"]
        assert said["outcomes"] == [float((outcomes == code).mean()) for code in range(len(OUTCOMES))]
        assert said["converged"] == said["outcomes"][0]
        assert said["thrown"] == float(frame.arrays[f"thrown_{run}"].mean(dtype=float))
        assert "converged_with" not in frame.arrays
    assert frame.fields["differ"] == float((frame.arrays["outcome_with"] != frame.arrays["outcome_without"]).mean())
    assert frame.fields["shares"]["with"]["converged"] > frame.fields["shares"]["without"]["converged"]


def test_finer_pictures_keep_the_cells_of_coarser_ones(using: Workspace) -> None:
    scene = Scene.model_validate(SCENES[3][1])
    coarse = frame_of(scene, "sweep", using)
    fine, alone = frame_of(scene, "sweep", using, 5), frame_of(scene, "sweep", workspace(), 5)
    for name, array in coarse.arrays.items():
        np.testing.assert_array_equal(fine.arrays[name][::2, ::2], array)
    np.testing.assert_array_equal(fine.arrays["outcome_with"], alone.arrays["outcome_with"])
    np.testing.assert_array_equal(fine.arrays["outcome_without"], alone.arrays["outcome_without"])


def test_without_clipping_the_threshold_makes_no_difference(using: Workspace) -> None:
    frame = frame_of(Scene.model_validate(SCENES[3][1]), "sweep", using)
    np.testing.assert_array_equal(*np.broadcast_arrays(frame.arrays["loss_without"], frame.arrays["loss_without"][:1]))
    assert len(np.unique(frame.arrays["loss_with"], axis=0)) > 1


def test_a_cloud_gives_shares(using: Workspace) -> None:
    form = {**SCENES[0][1], "cloud": 8, "steps": 20, "window": (0.4, 2.4, 0.4, 2.4)}
    frame = frame_of(Scene.model_validate(form), "outcomes", using)
    share = frame.arrays["converged_without"]
    assert set(np.unique(share * 8) % 1) == {0.0}
    assert frame.fields["shares"]["without"]["converged"] == pytest.approx(float(share.mean()))
    assert frame.arrays["outcome_without"][share > 0.5].max() == 0


def test_a_sweep_of_diverging_runs_is_drawn(using: Workspace) -> None:
    lost = {"sweep_ranges": (9.0, 10.0, 900.0, 1000.0), "landscape": {"kind": "rosenbrock"}}
    frame = frame_of(Scene.model_validate(lost), "sweep", using)
    assert set(np.unique(frame.arrays["outcome_without"])) == {OUTCOMES.index("diverged")}
    assert np.isnan(frame.arrays["loss_without"]).all()
    assert [frame.fields["shares"][run]["runs"] for run in RUN_NAMES] == [SIDE, SIDE * SIDE]
    assert encode(frame)


def test_long_work_reports_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "MESSAGE_SECONDS", 0.0)
    using = workspace(1e-9)
    monkeypatch.setattr(using.routines, "get", lambda *_: None)
    (part, *_) = plan(Scene.model_validate({"steps": 10}), ["outcomes"])
    work: FrameGenerator = part.begin(using)
    said = [shown.fields["share"] for shown in iter(lambda: next(work, None), None) if shown is not None]
    assert said == sorted(said) and 0 < said[0] < 0.5 < said[-1] <= 1


def test_outcome_maps_are_sent_only_on_request_and_coarse_to_fine() -> None:
    scene = Scene.model_validate({})
    assert not {"outcomes", "sweep"} & {part.kind for part in plan(scene)}
    assert [part.kind for part in plan(scene, ["outcomes", "sweep"])] == ["outcomes", "sweep"] * 3
    assert all(part.long for part in plan(scene, ["sweep"]))
    assert {"outcomes", "sweep"} <= set(EVERY) - set(DEFAULT_KINDS)


def keys(kind: Any, **form: Any) -> list[str]:
    """Keys of a Scene's pictures."""
    return [part.key for part in plan(Scene.model_validate(form), [kind])]


def test_keys_depend_only_on_what_is_shown() -> None:
    assert keys("outcomes") == keys("outcomes", start=(4.0, -1.5), runs="with", sweep=("start.x", "start.y"))
    assert keys("outcomes") == keys("outcomes", cloud_seed=3)
    assert keys("sweep") != keys("sweep", start=(4.0, -1.5))
    assert keys("sweep") == keys("sweep", window=(3, 6, -3, -1))
    for kind in ("outcomes", "sweep"):
        for form in ({"steps": 61}, {"cloud": 2}, {"clip": {"kind": "none"}}, {"schedule": {"kind": "cosine"}}):
            assert keys(kind) != keys(kind, **form)
    assert keys("outcomes") != keys("outcomes", window="paper")
    assert keys("sweep") != keys("sweep", sweep_ranges=(0.1, 1, 0.1, 1))
    assert keys("outcomes", cloud=2, cloud_seed=3) != keys("outcomes", cloud=2)


def test_pictures_beyond_the_budget_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outcomes, "LEVELS", LEVELS)
    assert sides(Scene.model_validate({})) == LEVELS
    assert sides(Scene.model_validate({}), gpu=True) == (*LEVELS, 1025)
    assert sides(Scene.model_validate({"steps": 1000}), gpu=True) == sides(Scene.model_validate({"steps": 1000}))
    assert sides(Scene.model_validate({"steps": 1000, "cloud": 64})) == (33, 65)
    assert sides(Scene.model_validate({"landscape": {"kind": "heavy_tails"}})) == (33,)
    assert sides(Scene.model_validate({"steps": 100_000})) == (33,)
    assert sides(Scene.model_validate({"steps": 100_000, "cloud": 8})) == (17,)
    assert sides(Scene.model_validate({"steps": 100_000, "cloud": 64})) == (9,)
    assert sides(Scene.model_validate({"landscape": {"kind": "recurrent_network"}})) == NETWORK_LEVELS


def test_networks_have_outcome_maps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outcomes, "NETWORK_LEVELS", (3,))
    form = {
        "landscape": {"kind": "recurrent_network", "batch_size": 4},
        "cell": {"kind": "tanh_rnn", "hidden_units": 4},
        "task": {"kind": "adding", "sequence_length": 10},
        "steps": 5,
    }
    scene = Scene.model_validate(form)
    frame = frame_of(scene, "outcomes", workspace(), 3)
    window = scene.resolved_window
    middle = Scene.model_validate({**form, "start": window.grid(3, 3)[1, 1].tolist()})
    for run, record in run_scene(middle).items():
        assert frame.arrays[f"loss_{run}"][1, 1] == pytest.approx(float(record.loss[-1]), rel=1e-5)
        assert OUTCOMES[int(frame.arrays[f"outcome_{run}"][1, 1])] == summary(middle, record, run).outcome
    assert frame_of(scene, "sweep", workspace(), 3).arrays["loss_with"].shape == (3, 3)


def test_a_clip_that_cannot_be_swept_says_so(client: TestClient) -> None:
    body = {"scene": {"clip": {"kind": "autoclip"}}, "kinds": ["outcomes"]}
    (said, *rest) = decode(client.post("/frames", json=body).content)
    assert not rest
    assert (said.header["kind"], said.header["title"]) == ("error", "The Scene cannot be computed")
    assert said.header["errors"][0]["field"] == "clip"
    assert "remembers" in said.header["detail"]


def test_a_run_picked_on_the_map_is_on_the_same_map() -> None:
    """The values of the varied quantities do not count; all others do."""
    picked = {
        "optimizer": {"kind": "gradient_descent", "learning_rate": 3.0},
        "clip": {"kind": "by_norm", "threshold": 2.0},
    }
    assert keys("sweep", **picked) == keys("sweep")
    assert keys("sweep", landscape={"kind": "one_unit_rnn", "target": 0.6}) != keys("sweep")
    assert keys("sweep", start=(4.0, -2.0)) != keys("sweep")
    across = ("start.x", "clip.threshold")
    assert keys("sweep", sweep=across, start=(4.0, -1.7)) == keys("sweep", sweep=across)
    assert keys("sweep", sweep=across, start=(4.6, -2.0)) != keys("sweep", sweep=across)
    assert keys("sweep", sweep=across[::-1]) != keys("sweep", sweep=across)
    assert keys("outcomes", start=(4.0, -2.0)) == keys("outcomes")
    assert keys("outcomes", **picked) != keys("outcomes")
