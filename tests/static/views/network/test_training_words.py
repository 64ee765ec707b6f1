"""Training in words: the page and the command line fill in the same sentences with the same numbers."""

import json
import math
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cliffscape.app.frames.division.training_curves import curves
from cliffscape.app.runs.pair import RUN_NAMES
from cliffscape.app.runs.training import TrainingRun
from cliffscape.app.runs.training_result import format_share, progress_text, result_text
from cliffscape.app.scene.schema import Scene
from cliffscape.app.web.catalogue import catalogue
from tests import node
from tests.app.runs.test_network import small
from tests.app.runs.test_training import train_run

PROGRAM = """
import { readFileSync } from "node:fs";
import { bindCatalogue } from "./js/state/scene/catalogue.js";
import { withRows } from "./js/state/runs/training.js";
import { formatShare } from "./js/state/numbers.js";
import { progressText, resultText } from "./js/views/network/training_words.js";
const { catalogue, scene, frame, progress, shares } = JSON.parse(readFileSync(process.argv[2], "utf8"));
bindCatalogue(catalogue);
const arrays = ["loss", "gradient_norm", "clip_factor", "error", "error_at"];
for (const name of arrays) frame[name] = Float64Array.from(frame[name], Number);
const run = withRows(null, scene, frame);
console.log(JSON.stringify({
  results: ["without", "with"].map((name) => resultText(run, scene, name)),
  progress: progress.map(([done, total, pace]) => progressText({ done, total, pace }, "running")),
  shares: shares.map((share) => formatShare(share, 2)),
}));
"""
PROGRESS = [(0, 5, 0.0), (1, 20000, 3.14159), (1234, 20000, 208.4), (100, 20000, 250.0), (19000, 20000, 11.11)]
SHARES = [0.0, 1.0, 0.005, 0.125, 0.785, 0.996, 0.0005, 0.00001, 0.000004, 1 / 3]
NAN, INF = math.nan, math.inf


def page_words(scripts: Path, scene: Scene, run: TrainingRun) -> dict[str, list[str]]:
    """What the page says about a run."""
    frame = curves(run, scene, "", 0, min(run.done, scene.updates))
    words = {name: [repr(float(value)) for value in array.ravel()] for name, array in frame.arrays.items()}
    texts = {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}
    arrays = {name: [texts.get(word, word) for word in array] for name, array in words.items()}
    given = {"catalogue": catalogue(), "scene": scene.model_dump(mode="json"), "frame": {**frame.fields, **arrays}}
    given |= {"progress": PROGRESS, "shares": SHARES}
    (scripts / "words.js").write_text(PROGRAM, encoding="utf-8")
    (scripts / "words.json").write_text(json.dumps(given), encoding="utf-8")
    command = [node.executable(), str(scripts / "words.js"), str(scripts / "words.json")]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    found: dict[str, list[str]] = json.loads(answer.stdout)
    return found


def with_factors(run: TrainingRun, undefined: dict[int, int]) -> TrainingRun:
    """The run without a clip factor in the run with clipping, from some updates on, by the index of the seed."""
    run.rows = [row.copy() for row in run.rows]
    for seed, first in undefined.items():
        for row in run.rows[first - 1 :]:
            row[2, 1, seed] = NAN
    return run


def with_losses(run: TrainingRun, gaps: dict[int, list[tuple[int, int]]]) -> TrainingRun:
    """The run with Inf or NaN as the losses of both runs at some updates, counted from 1, by the index of the seed."""
    run.rows = [row.copy() for row in run.rows]
    for seed, ranges in gaps.items():
        for k, (first, last) in enumerate(ranges):
            for update in range(first, last + 1):
                run.rows[update - 1][0, :, seed] = (NAN, INF)[(k + update) % 2]
    return run


FREE = {"optimizer": {"kind": "hessian_free", "iterations": 3}}
CASES: list[tuple[dict[str, Any], dict[int, list[tuple[int, int]]]]] = [
    ({}, {}),
    ({}, {0: [(4, 4)]}),
    ({}, {0: [(4, 4), (9, 11)]}),
    ({}, {0: [(20, 30)]}),
    ({}, {0: [(2, 3), (25, 30)]}),
    ({}, {0: [(1, 30)]}),
    ({"seeds": 3}, {}),
    ({"seeds": 4}, {1: [(5, 30)], 2: [(1, 2)], 3: [(12, 30)]}),
    ({"runs": "both", "clip": {"kind": "by_norm", "threshold": 0.05}}, {}),
    ({"cell": {"kind": "tanh_rnn", "hidden_units": 3}, **FREE}, {}),
    ({"optimizer": {"kind": "hessian_free", "iterations": 1}}, {}),
]


@pytest.mark.parametrize(("form", "gaps"), CASES)
def test_the_command_line_says_what_the_page_says(
    form: dict[str, Any], gaps: dict[int, list[tuple[int, int]]], scripts: Path
) -> None:
    scene = small(updates=30, **form)
    run = with_losses(train_run(scene), gaps)
    found = page_words(scripts, scene, run)
    assert found["results"] == [result_text(run, scene, name) for name in RUN_NAMES]
    assert found["progress"] == [progress_text(*numbers) for numbers in PROGRESS]
    assert found["shares"] == [format_share(share) for share in SHARES]


@pytest.mark.parametrize(
    ("seeds", "undefined", "said"),
    [
        (1, {0: 7}, "PyTorch raises an error at update 7, because the norm that it computes there is Inf or NaN"),
        (3, {0: 9, 2: 5}, "PyTorch raises an error in 2 of 3 seeds, the first at update 5"),
        (1, {}, ""),
    ],
)
def test_the_error_of_pytorch_is_named(seeds: int, undefined: dict[int, int], said: str, scripts: Path) -> None:
    scene = small(updates=12, seeds=seeds, clip={"kind": "by_norm_pytorch_error"})
    run = with_factors(train_run(scene), undefined)
    without, clipped = page_words(scripts, scene, run)["results"]
    assert [without, clipped] == [result_text(run, scene, name) for name in RUN_NAMES]
    assert "PyTorch" not in without
    assert f"; {said}; " in clipped if said else "PyTorch" not in clipped
    # Clips that raise no error say nothing of it.
    other = small(updates=12, seeds=seeds, clip={"kind": "by_norm_pytorch"})
    assert "PyTorch" not in result_text(run, other, "with")


def test_a_paused_run_is_summed_up_by_the_updates_so_far(scripts: Path) -> None:
    scene = small(updates=5000)
    run = train_run(small(updates=12))
    expected = [result_text(run, scene, name) for name in RUN_NAMES]
    assert page_words(scripts, scene, run)["results"] == expected


def test_a_run_that_was_not_counted_has_no_error(scripts: Path) -> None:
    scene, run = small(updates=12), train_run(small(updates=12))
    run.errors, run.counted = [], []
    found = page_words(scripts, scene, run)["results"]
    assert found == [result_text(run, scene, name) for name in RUN_NAMES]
    assert "– of 200 new sequences wrong" in found[0]


def test_the_sentences_of_one_seed() -> None:
    """Written out, so that both programs cannot be wrong together."""
    scene = small(updates=30, optimizer={"kind": "hessian_free", "iterations": 3})
    run = with_losses(train_run(scene), {0: [(20, 30)]})
    run.errors[-1] = np.full((2, 1), 0.125)
    for row in run.rows[:15]:
        row[2, 1] = 0.5
    for row in run.rows[15:]:
        row[2, 1] = 1.0
    assert result_text(run, scene, "with") == (
        "diverged at update 20; loss NaN; 13 % of 200 new sequences wrong; 50 % of the updates clipped; "
        "each update took 1 gradient and 3 curvature products, as much work as 7 gradients"
    )
    assert progress_text(1234, 20000, 208.4) == "1,234 of 20,000 updates; 208 updates/s, 2 min left"
