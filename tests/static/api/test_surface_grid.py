"""The surface that a page of its own computes is the one that the server sends."""

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cliffscape.app.scene.schema import Scene
from cliffscape.app.web.catalogue import catalogue
from cliffscape.landscapes.backends.surface import SurfaceRecipe
from tests import node
from tests.app.frames.test_surface import frame_of

PROGRAM = """
import { readFileSync } from "node:fs";
import { surfaceGrid } from "./js/api/page_file/surface_grid.js";
import { bindCatalogue } from "./js/state/scene/catalogue.js";
import * as kernel from "./kernel.js";
const { catalogue, scene, side } = JSON.parse(readFileSync(process.argv[2], "utf8"));
bindCatalogue(catalogue);
const work = surfaceGrid(kernel, scene, side);
let next = work.next();
while (!next.done) next = work.next();
const { loss, gradient_norm, ...rest } = next.value;
console.log(JSON.stringify({ ...rest, loss: [...loss], gradient_norm: [...gradient_norm] }));
"""


@pytest.mark.parametrize(
    "form",
    [
        {"landscape": {"kind": "himmelblau"}},
        {"landscape": {"kind": "ravine", "condition_number": 30}, "window": (-1, 2, -0.5, 0.25)},
    ],
)
def test_it_equals_the_servers(scripts: Path, form: dict[str, Any]) -> None:
    scene, side = Scene.model_validate(form), 33
    expected = frame_of(form, "surface", side)
    (scripts / "kernel.js").write_text(SurfaceRecipe(scene.landscape.kind).kernel().source, encoding="utf-8")
    (scripts / "grid.js").write_text(PROGRAM, encoding="utf-8")
    given = {"catalogue": catalogue(), "scene": scene.model_dump(mode="json"), "side": side}
    (scripts / "grid.json").write_text(json.dumps(given), encoding="utf-8")
    command = [node.executable(), str(scripts / "grid.js"), str(scripts / "grid.json")]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    found = json.loads(answer.stdout)
    assert (found["columns"], found["rows"]) == (side, side)
    assert found["window"] == list(scene.resolved_window)
    for name in ("loss", "gradient_norm"):
        # The server rounds to float32.
        np.testing.assert_allclose(found[name], expected.arrays[name].ravel(), rtol=1e-6, atol=1e-6)
