"""What the threshold does in a run, in a sentence: a safety net, or a limit of most steps, as Python says it."""

import json
import subprocess
from pathlib import Path

import pytest

from cliffscape.app.runs.table import run_scene, summaries
from cliffscape.app.runs.verdicts import verdict_lines
from cliffscape.app.scene.links import from_query, parse_link
from cliffscape.app.web.catalogue import catalogue
from cliffscape.landscapes.backends.outcome_kernel import outcome_kernel
from tests import node
from tests.landscapes.descent.test_clip_role import CASES

PROGRAM = """
import { readFileSync } from "node:fs";
import { clipRole } from "./js/state/runs/clip_role.js";
import { circumstancesOf, summary } from "./js/state/runs/trajectories.js";
import { bindCatalogue } from "./js/state/scene/catalogue.js";
import * as rules from "./outcome.js";
const { catalogue, runs } = JSON.parse(readFileSync(process.argv[2], "utf8"));
bindCatalogue(catalogue);
console.log(JSON.stringify(runs.map(({ scene, run, ...trajectory }) =>
  clipRole(summary(trajectory, rules, circumstancesOf(scene), run)))));
"""
WORDS = {
    "safety_net": "The threshold is a safety net: under 5 % of the steps are clipped.",
    "frequent": "The threshold is more than a safety net: 5 % to 50 % of the steps are clipped.",
    "limit": "The threshold limits the step: over 50 % of the steps are clipped.",
    "": "",
}
LINKS = ["", "clip.threshold=900", "clip.threshold=0.0001", "clip=none", "clip=autoclip", "runs=without", "steps=1"]


def roles_of_page(scripts: Path, runs: list[dict[str, object]]) -> list[str]:
    """What the page says of runs."""
    (scripts / "outcome.js").write_text(outcome_kernel().source, encoding="utf-8")
    (scripts / "program.js").write_text(PROGRAM, encoding="utf-8")
    (scripts / "runs.json").write_text(json.dumps({"catalogue": catalogue(), "runs": runs}), encoding="utf-8")
    command = [node.executable(), str(scripts / "program.js"), str(scripts / "runs.json")]
    found: list[str] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
    return found


@pytest.mark.parametrize(("clipped", "taken", "role"), CASES)
def test_the_role_of_the_threshold(scripts: Path, clipped: int, taken: int, role: str) -> None:
    factors = [0.5] * clipped + [1.0] * (taken - clipped) + [1.0]
    ones = {name: [1.0] * (taken + 1) for name in ("x", "y", "loss", "gradient_norm", "step_length")}
    scene = catalogue()["scene"]
    run = {"scene": scene, "run": "with", "steps": taken, "clip_factor": factors, **ones}
    assert roles_of_page(scripts, [run]) == [WORDS[role]]


def test_the_page_and_the_command_line_say_the_same(scripts: Path) -> None:
    given: list[dict[str, object]] = []
    expected: list[str] = []
    for link in LINKS:
        scene = from_query(parse_link(link)[0])
        found = run_scene(scene)
        for run, record in found.items():
            columns = {"x": record.position[:, 0], "y": record.position[:, 1], **record._asdict()}
            del columns["position"]
            # JSON has no NaN, which is the length of the step after the last one.
            rows = {name: column.nan_to_num(0).tolist() for name, column in columns.items()}
            given.append({"scene": scene.model_dump(mode="json"), "run": run, "steps": scene.steps, **rows})
        roles = verdict_lines(summaries(scene, found))[len(found) :]
        expected += [roles[0] if run == "with" and roles else "" for run in found]
    assert roles_of_page(scripts, given) == expected
    assert set(expected) == set(WORDS.values())
