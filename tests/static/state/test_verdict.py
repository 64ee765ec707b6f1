"""Verdicts of the page equal those of Python, in every sentence."""

import json
import math
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cliffscape.app.runs.pair import RunName
from cliffscape.app.runs.table import run_scene
from cliffscape.app.runs.verdicts import summary, verdict
from cliffscape.app.scene.schema import Scene
from cliffscape.app.web.catalogue import catalogue
from cliffscape.landscapes.backends.outcome_kernel import outcome_kernel
from cliffscape.landscapes.catalogue import CLIPS
from cliffscape.landscapes.descent.descend import Record
from cliffscape.landscapes.descent.outcome import SENTENCES
from cliffscape.landscapes.optimizers.curvature_products import cost
from tests import node

PROGRAM = """
import { readFileSync } from "node:fs";
import { bindCatalogue } from "./js/state/scene/catalogue.js";
import { summary } from "./js/state/runs/trajectories.js";
import { verdict } from "./js/state/verdict.js";
import * as rules from "./outcome.js";
const { catalogue, columns, steps, run, task, cost } = JSON.parse(readFileSync(process.argv[2], "utf8"));
bindCatalogue(catalogue);
const rows = Object.fromEntries(Object.entries(columns).map(([name, words]) => [name, words.map(Number)]));
const found = summary({ ...rows, steps }, rules, task, cost);
const lead = `${catalogue.run_labels[run]}, ${catalogue.outcome_labels[found.outcome]}: `;
console.log(JSON.stringify(lead + verdict(catalogue.sentences, found, run).join("; ")));
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
# Scenes, the run, the rows whose loss is NaN, the rows without a finite step, and the sentences to expect.
CASES: list[tuple[dict[str, Any], RunName, list[int], dict[int, float], set[str]]] = [
    ({}, "without", [], {}, {"thrown", "end"}),
    ({}, "with", [], {}, {"end", "clipped"}),
    ({}, "with", [0, 1, 2], {}, {"gap", "end", "clipped"}),
    ({}, "without", [3, 4, 7], {}, {"thrown", "gaps", "end"}),
    ({}, "without", [*range(40, 61)], {}, {"thrown", "nonfinite"}),
    ({}, "with", [5, *range(58, 61)], {}, {"gap", "nonfinite", "clipped"}),
    ({}, "without", [*range(61)], {}, {"nonfinite_start"}),
    (RAISING, "with", [], {}, {"nonfinite", "raised", "clipped"}),
    (NEWTON, "without", [], {}, {"end", "cost"}),
    # Its cost has four digits, all of which are shown.
    ({**NEWTON, "steps": 999}, "without", [], {}, {"cost"}),
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


def verdict_of_page(scripts: Path, scene: Scene, run: RunName, record: Record) -> str:
    """The verdict that the page shows of a run, with its lead."""
    columns = {"x": record.position[:, 0], "y": record.position[:, 1], **record._asdict()}
    del columns["position"]
    price = cost(scene.build("optimizer"), 2)
    given = {
        "catalogue": catalogue(),
        "columns": {
            # JSON has no Inf, and JavaScript reads no "inf".
            name: [str(value).replace("inf", "Infinity") for value in column.tolist()]
            for name, column in columns.items()
        },
        "steps": scene.steps,
        "run": run,
        "task": {
            "solved": scene.surface.solved,
            "diagonal": scene.surface.window.diagonal,
            "raises": CLIPS[scene.clip.kind].raises,
        },
        "cost": price._asdict() if price.matrix else None,
    }
    (scripts / "outcome.js").write_text(outcome_kernel().source, encoding="utf-8")
    (scripts / "verdict.js").write_text(PROGRAM, encoding="utf-8")
    (scripts / "verdict.json").write_text(json.dumps(given), encoding="utf-8")
    command = [node.executable(), str(scripts / "verdict.js"), str(scripts / "verdict.json")]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    return str(json.loads(answer.stdout))


@pytest.mark.parametrize(("form", "run", "rows", "lengths", "sentences"), CASES)
def test_the_page_says_the_same(
    form: dict[str, Any], run: RunName, rows: list[int], lengths: dict[int, float], sentences: set[str], scripts: Path
) -> None:
    scene = Scene.model_validate({**form, "runs": run})
    record = with_gaps(run_scene(scene)[run], rows, lengths)
    expected = verdict(summary(scene, record), run)
    shown = {name for name, sentence in SENTENCES.items() if sentence.partition("{")[0] in expected}
    assert {name for name in sentences if name not in shown} == set()
    assert verdict_of_page(scripts, scene, run, record) == expected


def test_every_sentence_has_a_case() -> None:
    assert set().union(*(sentences for *_, sentences in CASES)) == set(SENTENCES)
