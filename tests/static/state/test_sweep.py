"""Outcome maps that the page computes are those of the server: axes, levels, cells and shares."""

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cliffscape.app.compute.compiled import Routines
from cliffscape.app.compute.encoding import Frame
from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames import outcomes
from cliffscape.app.frames.kernel import sweep_kernel_frame
from cliffscape.app.frames.outcomes import IN_BROWSER, axes_of, outcome_map, sides
from cliffscape.app.scene.kernel_recipe import recipe
from cliffscape.app.scene.links import from_query
from cliffscape.app.scene.schema import Scene
from cliffscape.app.web.catalogue import catalogue
from cliffscape.landscapes.descent.outcome import OUTCOMES
from cliffscape.landscapes.generators import run_to_end
from tests import node
from tests.app.frames.test_surface import workspace

PROGRAM = """
import { readFileSync } from "node:fs";
import { bindCatalogue } from "./js/state/scene/catalogue.js";
import { startOf } from "./js/state/scene/lookup.js";
import { pageSides, sidesOf } from "./js/state/scene/map_levels.js";
import { mapAxes, validAxes } from "./js/state/scene/sweep_axes.js";
import { axisValues, computeShare, mergeShares, sweepTask } from "./js/state/maps/sweep.js";
import { outcomeFrame, withUncertain } from "./js/state/maps/outcome_frame.js";
import { computeTests, mergeTests } from "./js/state/maps/uncertain_cells.js";
const { catalogue, jobs } = JSON.parse(readFileSync(process.argv[2], "utf8"));
bindCatalogue(catalogue);
const plain = (key, value) => (typeof value === "number" && !Number.isFinite(value) ? String(value) : value);
const arrays = (frame) =>
  Object.fromEntries(Object.entries(frame).map(([k, v]) => [k, ArrayBuffer.isView(v) ? Array.from(v) : v]));
function follow(work) {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}
const found = [];
for (const { scene, kernels, sides, workers } of jobs) {
  const axes = mapAxes(scene);
  const about = { axes, valid: validAxes(scene, axes), sides: sidesOf(scene), page: pageSides(scene) };
  about.values = axes.map((axis) => Array.from(axisValues(axis, 17)));
  const modules = {};
  for (const [run, file] of Object.entries(kernels)) modules[run] = await import(`./${file}`);
  const task = sweepTask(scene, axes, startOf(scene), sides);
  let whole = null;
  for (const side of sides) {
    const shares = Array.from({ length: workers }, (_, k) => follow(computeShare(modules, task, side, [k, workers])));
    whole = mergeShares(task, side, shares, whole);
  }
  let frame = whole && outcomeFrame(task, sides.at(-1), whole);
  if (frame) {
    const about = { ...task, known: whole };
    const shares = [0, 1].map((k) => follow(computeTests(modules, about, sides.at(-1), [k, 2])));
    frame = withUncertain(frame, mergeTests(about, sides.at(-1), shares));
  }
  found.push({ ...about, frame: frame && arrays(frame) });
}
console.log(JSON.stringify(found, plain));
"""
SMOOTH = [
    "landscape=saddle&steps=30&map=outcomes",
    "landscape=saddle&steps=30&map=outcomes&clip.threshold=0.05&window=-1,1,-0.3,0.8",
    "landscape=ravine&steps=20&map=sweep",
    "landscape=himmelblau&optimizer=adam&schedule=cosine&map=sweep&sweep=start.y,optimizer.learning_rate",
    "landscape=product_of_weights&clip=by_value&steps=60&map=outcomes",
    "landscape=product_of_weights&clip=none&steps=60&map=sweep&sweep=start.x,start.y",
    "landscape=ravine&steps=20&map=sweep&sweep=landscape.condition_number,clip.threshold&sweep_ranges=2,90,0.01,3",
    "landscape=rosenbrock&steps=40&map=sweep&sweep_scales=linear,log",
    "landscape=saddle&clip=by_norm&optimizer=momentum&steps=25&map=sweep&sweep=clip.threshold,start.x",
    "landscape=saddle&clip=random_step&steps=30&map=outcomes",
]
CLIFF = [
    "steps=100&map=outcomes&window=paper",
    pytest.param("steps=100&map=outcomes&window=paper&clip=by_value", marks=pytest.mark.thorough),
]
NUMBERS = ("loss", "converged_at", "longest_step", "thrown")


def page_maps(scripts: Path, jobs: list[tuple[Scene, tuple[int, ...]]], workers: int = 3) -> list[dict[str, Any]]:
    """Axes, levels and frames of the page, for each Scene up to the last of some levels; none without levels."""
    (scripts / "program.js").write_text(PROGRAM, encoding="utf-8")
    listed = []
    for number, (scene, levels) in enumerate(jobs):
        files = {}
        for run, clip in (("without", "none"), ("with", None)) if levels else ():
            files[run] = f"kernel_{number}_{run}.js"
            (scripts / files[run]).write_text(recipe(scene, "sweep", clip).trace().source, encoding="utf-8")
        form = scene.model_dump(mode="json")
        listed.append({"scene": form, "kernels": files, "sides": levels, "workers": workers})
    (scripts / "jobs.json").write_text(json.dumps({"catalogue": catalogue(), "jobs": listed}), encoding="utf-8")
    command = [node.executable(), str(scripts / "program.js"), str(scripts / "jobs.json")]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    found: list[dict[str, Any]] = json.loads(answer.stdout)
    return found


def server_map(scene: Scene, side: int, using: Workspace) -> Frame:
    """The server's frame, with its uncertain cells, which coarse maps do not have on the page."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outcomes, "TESTED", side)
        return run_to_end(outcome_map(scene, scene.map, side, "", using))


def numbers(column: list[float | str]) -> np.ndarray[Any, Any]:
    """A column from JSON, in which NaN and Inf are texts."""
    return np.array([float(value) for value in column])


@pytest.fixture(scope="module")
def smooth(scripts: Path) -> dict[str, tuple[dict[str, Any], Frame]]:
    """The page's map of every Scene with 17 cells per side, and the server's."""
    scenes = [from_query(dict(part.split("=") for part in link.split("&"))) for link in SMOOTH]
    found = page_maps(scripts, [(scene, (5, 9, 17)) for scene in scenes])
    maps = [server_map(scene, 17, workspace()) for scene in scenes]
    return dict(zip(SMOOTH, zip(found, maps, strict=True), strict=True))


@pytest.mark.parametrize("link", SMOOTH)
def test_every_cell_is_the_servers_on_smooth_landscapes(
    smooth: dict[str, tuple[dict[str, Any], Frame]], link: str
) -> None:
    page, server = smooth[link]
    assert {name.removesuffix(end) for name in server.arrays for end in ("_with", "_without")} >= set(NUMBERS)
    for name, expected in server.arrays.items():
        found = numbers(page["frame"][name])
        if name.startswith(("outcome", "thrown", "converged_at", "uncertain")):
            np.testing.assert_array_equal(found, expected.reshape(-1), err_msg=name)
        else:
            # The server sends float32.
            np.testing.assert_allclose(found, expected.reshape(-1), rtol=1e-5, atol=1e-30, err_msg=name)


@pytest.mark.parametrize("link", SMOOTH)
def test_the_frame_has_the_fields_of_the_servers(smooth: dict[str, tuple[dict[str, Any], Frame]], link: str) -> None:
    page, server = smooth[link]
    frame, fields = dict(page["frame"]), server.fields
    assert frame["kind"] == server.kind
    assert frame.pop("axes") == fields["axes"]
    for run, expected in fields["shares"].items():
        for name, share in expected.items():
            assert frame["shares"][run][name] == pytest.approx(share, abs=1e-12)
    assert frame["differ"] == pytest.approx(fields["differ"], abs=1e-12)
    for name in ("columns", "rows", "finest", "steps", "start", "cloud"):
        assert frame[name] == fields[name]
    assert set(frame) - {"partial", "kind"} == {*fields, *server.arrays} - {"axes"}


@pytest.mark.parametrize("link", CLIFF)
def test_shares_are_the_servers_within_a_point_on_the_cliff(
    scripts: Path, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neighbouring runs separate, so single cells depend on the last bits of the exponentials."""
    scene = from_query(dict(part.split("=") for part in link.split("&")))
    [page] = page_maps(scripts, [(scene, (33, 65))])
    using = workspace()
    # Compiled if there is a compiler: 4,225 runs, and as many for each neighbour in the last bit.
    monkeypatch.setattr(using.routines, "get", Routines().wait)
    expected = server_map(scene, 65, using)
    for run, shares in expected.fields["shares"].items():
        found = page["frame"]["shares"][run]
        assert found["outcomes"] == pytest.approx(shares["outcomes"], abs=0.01)
        assert found["thrown"] == pytest.approx(shares["thrown"], abs=0.01)
        uncertain = page["frame"]["uncertain"][run], expected.fields["uncertain"][run]
        # Which cells are uncertain depends on the last bits too: of about 600 cells, some 35 more or fewer by chance.
        assert uncertain[0] == pytest.approx(uncertain[1], abs=0.025)


FORMS: list[dict[str, Any]] = [
    {},
    {"map": "sweep"},
    {"map": "sweep", "landscape": {"kind": "ravine"}},
    {"map": "sweep", "optimizer": {"kind": "adam"}, "clip": {"kind": "none"}},
    {"map": "sweep", "optimizer": {"kind": "adam"}, "clip": {"kind": "by_norm_else_random"}},
    {"map": "sweep", "sweep": ("clip.seed", "start.y"), "clip": {"kind": "random_step"}},
    {"map": "sweep", "sweep": ("clip.threshold", "start.y"), "window": (3, 6, -3, -1)},
    {"map": "sweep", "sweep_scales": ("linear", "linear")},
    {"map": "sweep", "sweep_ranges": (0.1, 0.7, 0.003, 1)},
    {"map": "outcomes", "window": "paper"},
    {"map": "outcomes", "steps": 3000},
    {"map": "outcomes", "steps": 100_000},
    {"map": "outcomes", "steps": 5000, "landscape": {"kind": "outlier"}},
]


def test_the_next_number_is_that_of_pytorch(scripts: Path) -> None:
    """Uncertain cells are tested with starts that are moved in the last bit."""
    values = [0.0, 1.0, -1.0, 2.0, 0.1, -3.7, 5e-324, -5e-324, 1e300]
    program = """
import { nextNumber } from "./js/state/maps/uncertain_cells.js";
const values = JSON.parse(process.argv[2]);
console.log(JSON.stringify([1, -1, 0].map((direction) => values.map((value) => nextNumber(value, direction)))));
"""
    (scripts / "next.js").write_text(program, encoding="utf-8")
    command = [node.executable(), str(scripts / "next.js"), json.dumps(values)]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert found == [[float(np.nextafter(value, end)) for value in values] for end in (np.inf, -np.inf)] + [values]


def test_axes_and_levels_are_the_servers(scripts: Path) -> None:
    scenes = [Scene.model_validate(form) for form in FORMS]
    for scene, page in zip(scenes, page_maps(scripts, [(scene, ()) for scene in scenes]), strict=True):
        assert page["sides"] == list(sides(scene))
        assert page["page"] == [side for side in sides(scene) if side <= IN_BROWSER]
        assert page["valid"]
        expected = axes_of(scene, "sweep" if scene.map == "sweep" else "outcomes")
        assert page["axes"] == [vars(axis) for axis in expected]
        for values, axis in zip(page["values"], expected, strict=True):
            assert values == axis.values(17).tolist()


def test_axes_that_the_server_refuses_are_left_to_it(scripts: Path) -> None:
    """The server words the error."""
    form = Scene.model_validate({"map": "sweep"})
    wrong = [
        {"sweep_ranges": (5, 1, 0.1, 1)},
        {"sweep_ranges": (0.1, 1e9, 0.1, 1)},
        {"sweep": ("clip.threshold", "clip.threshold")},
        {"sweep": ("clip.threshold", "clip.nothing")},
    ]
    scenes = [form.model_copy(update=change) for change in wrong]
    assert [page["valid"] for page in page_maps(scripts, [(scene, ()) for scene in scenes])] == [False] * len(wrong)


def test_the_frame_of_kernels_has_the_address_of_both_runs() -> None:
    frame = run_to_end(sweep_kernel_frame(Scene.model_validate({}), None, "", workspace()))
    assert set(frame.fields) == {"without", "with"}
    assert all("program=sweep" in one["url"] for one in frame.fields.values())
    assert "clip.threshold" in frame.fields["with"]["parameters"]
    assert "clip.threshold" not in frame.fields["without"]["parameters"]
    assert len(OUTCOMES) == len(catalogue()["outcomes"])
