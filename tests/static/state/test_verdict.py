"""Verdicts and headlines of the page equal those of Python, in every clause."""

import json
import math
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cliffscape.app.runs.pair import RunName
from cliffscape.app.runs.table import run_scene
from cliffscape.app.runs.verdicts import end_curvatures, headline, summary, verdict
from cliffscape.app.scene.schema import Scene
from cliffscape.app.web.catalogue import catalogue
from cliffscape.landscapes.backends.outcome_kernel import outcome_kernel
from cliffscape.landscapes.catalogue import CLIPS
from cliffscape.landscapes.descent.descend import Record
from cliffscape.landscapes.optimizers.curvature_products import cost
from tests import node
from tests.app.runs.verdict_scenes import LINKS, runs_of, scene_of

PROGRAM = """
import { readFileSync } from "node:fs";
import { signature } from "./js/state/scene/dependencies.js";
import { bindCatalogue } from "./js/state/scene/catalogue.js";
import { placedSummary } from "./js/state/runs/pair.js";
import { summary } from "./js/state/runs/trajectories.js";
import { headline, verdict } from "./js/state/verdict.js";
import * as rules from "./outcome.js";
const { catalogue, runs } = JSON.parse(readFileSync(process.argv[2], "utf8"));
bindCatalogue(catalogue);
const said = runs.map(({ columns, steps, run, about, cost, scene, place }) => {
  const rows = Object.fromEntries(Object.entries(columns).map(([name, words]) => [name, words.map(Number)]));
  const found = summary({ ...rows, steps }, rules, { ...about, solved: about.solved ?? -Infinity }, run, cost);
  const lead = `${catalogue.run_labels[run]}, ${catalogue.outcome_labels[found.outcome]}: `;
  // Both runs' curvatures at their ends, as the server sends them.
  const pair = { runs: [run], flattest: [Number(place[0])], sharpness: [Number(place[1])] };
  const curvature = { parameters: [], flattest: () => pair.flattest[0], sharpness: () => pair.sharpness[0] };
  const state = { scene, pair, curvature, curvatureFor: signature("curvature", scene), kernels: { outcome: rules } };
  const placed = placedSummary(state, { run, of: scene, trajectory: rows, summary: found });
  return [lead + verdict(placed).join("; "), headline(scene, run, placed)];
});
console.log(JSON.stringify(said));
"""
NEWTON = {"optimizer": {"kind": "newton"}, "landscape": {"kind": "product_of_weights"}, "steps": 12}
# PyTorch squares a norm of 1.4e235.
RAISING = {
    "landscape": {"kind": "product_of_weights", "repetitions": 10},
    "window": (-1e6, 1e6, -1e6, 1e6),
    "start": (1e6, 1e6),
    "steps": 5,
    "clip": {"kind": "by_norm_pytorch_error", "threshold": 1},
}
# Scenes, the run, the rows whose loss is NaN, the rows without a finite step, and the clauses to expect.
CASES: list[tuple[dict[str, Any], RunName, list[int], dict[int, float], set[str]]] = [
    ({}, "without", [], {}, {"thrown", "end"}),
    ({}, "with", [], {}, {"end", "oscillates", "clipped"}),
    ({}, "with", [0, 1, 2], {}, {"gap", "end", "oscillates", "clipped"}),
    ({}, "without", [3, 4, 7], {}, {"thrown", "gaps", "end"}),
    ({}, "without", [*range(40, 61)], {}, {"thrown", "nonfinite"}),
    ({}, "with", [5, *range(58, 61)], {}, {"gap_of_one", "nonfinite", "clipped"}),
    ({}, "without", [*range(61)], {}, {"nonfinite_start"}),
    (RAISING, "with", [], {}, {"nonfinite", "raised", "clipped"}),
    (NEWTON, "without", [], {}, {"end", "cost"}),
    # Its cost has four digits, all of which are shown.
    ({**NEWTON, "steps": 999}, "without", [], {}, {"end", "cost"}),
    (NEWTON, "without", [*range(5, 13)], {4: math.inf}, {"nonfinite", "singular", "cost"}),
    (NEWTON, "with", [*range(5, 13)], {4: math.nan}, {"nonfinite", "overflowed", "clipped", "cost"}),
]


def with_gaps(record: Record, rows: list[int], lengths: dict[int, float]) -> Record:
    """A run whose loss is NaN at some rows, and with other step lengths."""
    loss, length = record.loss.clone(), record.step_length.clone()
    loss[rows] = math.nan
    for row, value in lengths.items():
        length[row] = value
    return record._replace(loss=loss, step_length=length)


def as_json(scene: Scene, run: RunName, record: Record) -> dict[str, Any]:
    """What the page knows of a run."""
    columns = {"x": record.position[:, 0], "y": record.position[:, 1], **record._asdict()}
    del columns["position"]
    price = cost(scene.build("optimizer"), 2)
    examples, size = scene.surface.examples, scene.parameters("landscape").get("minibatch_size", 0)
    return {
        "columns": {
            # JSON has no Inf, and JavaScript reads no "inf".
            name: [str(value).replace("inf", "Infinity") for value in column.tolist()]
            for name, column in columns.items()
        },
        "steps": scene.steps,
        "run": run,
        "about": {
            "solved": scene.surface.solved,
            "diagonal": scene.surface.window.diagonal,
            "threshold": float(scene.parameters("clip").get("threshold", 0) > 0),
            "raises": float(CLIPS[scene.clip.kind].raises),
            "minibatches": float(examples > size),
        },
        "cost": price._asdict() if price.matrix else None,
        "scene": scene.model_dump(mode="json"),
        "place": [str(float(one)).replace("inf", "Infinity") for one in end_curvatures(scene, record.position[-1])],
    }


def verdicts_of_page(scripts: Path, runs: list[dict[str, Any]]) -> list[list[str]]:
    """The verdicts that the page shows of runs, with their leads, and the headlines."""
    (scripts / "outcome.js").write_text(outcome_kernel().source, encoding="utf-8")
    (scripts / "verdict.js").write_text(PROGRAM, encoding="utf-8")
    given = {"catalogue": catalogue(), "runs": runs}
    (scripts / "verdict.json").write_text(json.dumps(given), encoding="utf-8")
    command = [node.executable(), str(scripts / "verdict.js"), str(scripts / "verdict.json")]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    found: list[list[str]] = json.loads(answer.stdout)
    return found


@pytest.mark.parametrize(("form", "run", "rows", "lengths", "clauses"), CASES)
def test_the_page_says_the_same(
    form: dict[str, Any], run: RunName, rows: list[int], lengths: dict[int, float], clauses: set[str], scripts: Path
) -> None:
    scene = Scene.model_validate({**form, "runs": run})
    record = with_gaps(run_scene(scene)[run], rows, lengths)
    found = summary(scene, record, run)
    assert set(found.clauses) == clauses
    assert verdicts_of_page(scripts, [as_json(scene, run, record)]) == [
        [verdict(found, run), headline(scene, found, run)]
    ]


def test_the_page_says_the_same_of_many_scenes(scripts: Path) -> None:
    given, expected = [], []
    for link in LINKS:
        scene = scene_of(link)
        for run, (record, found) in runs_of(link).items():
            given.append(as_json(scene, run, record))
            expected.append([verdict(found, run), headline(scene, found, run)])
    assert verdicts_of_page(scripts, given) == expected
