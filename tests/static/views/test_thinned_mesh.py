"""The relief of a landscape with hills between neighbouring points has fewer of them, and the same edges."""

import json
import subprocess
from math import isfinite
from pathlib import Path

import pytest

from cliffscape.app.frames.plan import frame
from cliffscape.app.scene.schema import Scene
from tests import node
from tests.app.frames.test_surface import run_frame, workspace

PROGRAM = """
import { readFileSync } from "node:fs";
import { meshOf } from "./js/views/relief/mesh.js";
const { arrays, scale, ...frame } = JSON.parse(readFileSync(0));
for (const [name, values] of Object.entries(arrays)) frame[name] = Float64Array.from(values, (one) => one ?? Infinity);
const { lines, count, across, upward, z, gradient_norm } = meshOf(frame, scale);
const edges = [across[0], across.at(-1), upward[0], upward.at(-1)];
const sizes = [across, upward, z, gradient_norm].map((one) => one.length);
console.log(JSON.stringify({ lines, count, edges, sizes }));
"""
ROUGH = {"landscape": {"kind": "ackley"}, "window": (-1e4, 1e4, -1e4, 1e4), "start": (5, 5)}
SIDE = 129


def mesh_of(scripts: Path, form: dict[str, object]) -> dict[str, object]:
    """The size of a Scene's finest relief as the page draws it."""
    scene = Scene.model_validate(form)
    _, found = run_frame(frame(scene, "relief", SIDE).begin(workspace()))
    columns = {name: array.ravel().tolist() for name, array in found.arrays.items()}
    arrays = {name: [one if isfinite(one) else None for one in column] for name, column in columns.items()}
    given = {**found.fields, "arrays": arrays, "scale": scene.resolved_height}
    (scripts / "mesh.mjs").write_text(PROGRAM, encoding="utf-8")
    command = [node.executable(), str(scripts / "mesh.mjs")]
    done = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def test_spikes_are_drawn_through_every_fourth_point(scripts: Path) -> None:
    found = mesh_of(scripts, ROUGH)
    assert (found["lines"], found["count"], found["sizes"]) == (33, 33, [33**2] * 4)
    assert found["edges"] == [0, 1, 0, 1]


@pytest.mark.parametrize("kind", ["ackley", "rastrigin", "repeated_composition"])
def test_hills_of_many_points_are_drawn_through_all_of_them(scripts: Path, kind: str) -> None:
    found = mesh_of(scripts, {"landscape": {"kind": kind}})
    assert (found["lines"], found["count"]) == (SIDE, SIDE)
