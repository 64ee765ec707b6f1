"""The step profile of the page equals that of Python, step by step."""

import json
import subprocess
from pathlib import Path

import pytest

from cliffscape.app.runs.table import run_scene
from cliffscape.app.scene.links import from_query
from cliffscape.app.web.catalogue import catalogue
from cliffscape.landscapes.backends.curvature_kernel import curvature_kernel
from cliffscape.landscapes.descent.step_profile import Reach, reach
from tests import node

PROGRAM = """
import { readFileSync } from "node:fs";
import { bindCatalogue } from "./js/state/scene/catalogue.js";
import { stepProfile } from "./js/state/runs/step_profile.js";
import * as curvature from "./curvature.js";
const { catalogue, scene, names, x, y } = JSON.parse(readFileSync(process.argv[2], "utf8"));
bindCatalogue(catalogue);
const profiles = x.slice(1).map((_, k) => stepProfile(scene, { ...curvature, parameters: names }, { x, y }, k));
console.log(JSON.stringify(profiles.map(({ linear_until, lowest_at }) => [linear_until, lowest_at])));
"""
QUERIES = [
    {},
    {"landscape": "himmelblau", "optimizer.learning_rate": "0.02"},
    {"landscape": "product_of_weights", "steps": "30"},
    {"landscape": "wall_and_floor", "steps": "40"},
]


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.get("landscape", "one_unit_rnn"))
def test_the_page_finds_the_same_distances(query: dict[str, str], scripts: Path) -> None:
    scene = from_query(query)
    position = run_scene(scene)["with"].position
    kernel = curvature_kernel(scene.landscape.kind, scene.parameters("landscape"))
    given = {"catalogue": catalogue(), "scene": scene.model_dump(mode="json"), "names": kernel.parameters}
    given |= {"x": position[:, 0].tolist(), "y": position[:, 1].tolist()}
    (scripts / "curvature.js").write_text(kernel.source, encoding="utf-8")
    (scripts / "step_profile.js").write_text(PROGRAM, encoding="utf-8")
    (scripts / "step_profile.json").write_text(json.dumps(given), encoding="utf-8")
    command = [node.executable(), str(scripts / "step_profile.js"), str(scripts / "step_profile.json")]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    found = [Reach(*numbers) for numbers in json.loads(answer.stdout)]
    loss = scene.surface.loss(**scene.parameters("landscape"))
    for k, of_page in enumerate(found):
        expected = reach(loss, position[k], position[k + 1] - position[k])
        assert of_page.linear_until == pytest.approx(expected.linear_until, rel=1e-6), k
        assert of_page.lowest_at == pytest.approx(expected.lowest_at, rel=1e-3), k
