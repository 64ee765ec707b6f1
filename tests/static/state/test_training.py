"""Results of training runs: where a run diverged, and where it was rescued."""

import json
import math
import subprocess
from pathlib import Path

import pytest

from cliffscape.app.web.catalogue import rules
from tests import node

PROGRAM = """
import { bindCatalogue } from "./js/state/scene/catalogue.js";
import { outcome } from "./js/state/runs/training.js";
const { losses, seeds, rules } = JSON.parse(process.argv[2]);
bindCatalogue({ rules });
const loss = Float64Array.from(losses, Number);
const total = losses.length / (2 * seeds);
const run = { seeds, total, done: total, loss, gradient_norm: loss, clip_factor: loss, errors: new Map() };
const { diverged, rescued } = outcome(run, { runs: "both" }, "with");
console.log(JSON.stringify({ diverged, rescued }));
"""
LARGE = 1e200  # beyond float32, and a loss like any other


def results(scripts: Path, runs: list[list[float]]) -> dict[str, list[object]]:
    """Where the runs with clipping diverged or were rescued; the runs without are the same."""
    (scripts / "training.js").write_text(PROGRAM, encoding="utf-8")
    words = [
        {math.inf: "Infinity"}.get(value, "NaN" if math.isnan(value) else str(value)) for run in runs for value in run
    ]
    given = json.dumps({"losses": words * 2, "seeds": len(runs), "rules": rules()})
    answer = subprocess.run(
        [node.executable(), str(scripts / "training.js"), given], capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    found: dict[str, list[object]] = json.loads(answer.stdout)
    return found


@pytest.mark.parametrize(
    ("losses", "diverged", "rescued"),
    [
        ([1.0, LARGE, 3.0, 2.0], [], []),
        ([1.0, LARGE, math.inf, math.nan], [3], []),
        ([math.nan] * 4, [1], []),
        ([1.0, math.inf, math.nan, 2.0], [], [(2, 3)]),
        ([math.inf, 2.0, math.inf, math.inf], [3], []),
    ],
)
def test_a_run_diverges_where_its_last_losses_become_inf_or_nan(
    losses: list[float], diverged: list[int], rescued: list[tuple[int, int]], scripts: Path
) -> None:
    found = results(scripts, [losses])
    assert found["diverged"] == diverged
    assert [(one["first"], one["last"]) for one in found["rescued"]] == rescued  # type: ignore[index]


def test_every_seed_counts(scripts: Path) -> None:
    found = results(scripts, [[1.0, math.inf, math.inf], [1.0, 1.0, 1.0], [1.0, 1.0, math.nan]])
    assert found == {"diverged": [2, 3], "rescued": []}
