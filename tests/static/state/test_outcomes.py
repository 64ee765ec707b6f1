"""The sentences of the outcome map: shares in whole percents, and why a picture is not finer."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cliffscape.app.runs.pair import RUN_LABELS
from cliffscape.app.web.catalogue import rules
from cliffscape.landscapes.descent.outcome import LABELS, OUTCOMES
from tests import node

CATALOGUE = {"run_labels": RUN_LABELS, "outcomes": OUTCOMES, "outcome_labels": LABELS, "rules": rules()}


def said(scripts: Path, call: str, *arguments: Any) -> Any:
    """What a function of state/runs/outcomes.js returns."""
    program = f"""
import {{ bindCatalogue }} from "./js/state/scene/catalogue.js";
import * as outcomes from "./js/state/runs/outcomes.js";
bindCatalogue({json.dumps(CATALOGUE)});
console.log(JSON.stringify(outcomes.{call}(...JSON.parse(process.argv[2]))));
"""
    (scripts / "program.js").write_text(program, encoding="utf-8")
    command = [node.executable(), str(scripts / "program.js"), json.dumps(arguments)]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)


def frame(**fields: Any) -> dict[str, Any]:
    """The fields of an outcome frame that the sentences use."""
    runs = {"with": ([1.0, 0, 0, 0, 0], 1.0, 0.0), "without": ([0.43, 0.1, 0.07, 0.38, 0.02], 0.43, 0.68)}
    shares = {run: {"outcomes": f, "converged": c, "thrown": t, "runs": 1000} for run, (f, c, t) in runs.items()}
    axes = [{"name": name, "low": 0.5, "high": 1.5, "log": False} for name in ("start.x", "start.y")]
    usual = {"kind": "outcomes", "columns": 513, "rows": 513, "finest": 513, "axes": axes, "steps": 300, "cloud": 1}
    return {**usual, "shares": shares, **fields}


def test_a_cell_has_the_values_that_it_was_computed_with(scripts: Path) -> None:
    """To the last bit, which the random stream of a run depends on; not those at the same shares of the axes."""
    axes = [{"name": name, "low": 0.1, "high": 0.9, "log": False} for name in ("start.x", "start.y")]
    values = ([0.1, 0.30000000000000004, 0.5, 0.7000000000000001, 0.9], [0.1, 0.49999999999999994, 0.9])
    given = frame(columns=5, rows=3, axes=[{**axis, "values": known} for axis, known in zip(axes, values, strict=True)])
    found = said(scripts, "cellAt", given, 0.26, 0.6)
    assert found == {"index": 6, "values": [0.30000000000000004, 0.49999999999999994]}


def test_one_sentence_describes_both_runs_with_the_clipped_one_first(scripts: Path) -> None:
    words = said(scripts, "sweepWords", frame(), OUTCOMES, ["without", "with"], True)
    assert words == (
        "With clipping 100\u00a0% of the starts in this window converge within 300 steps; "
        "without, 43\u00a0% do and 68\u00a0% are thrown at some step and 2\u00a0% diverge."
    )


def test_the_intervals_of_the_shares_are_within_reach(scripts: Path) -> None:
    assert said(scripts, "sweepIntervals", frame(), OUTCOMES, ["without", "with"], True) == [
        "With clipping, 1,000 runs: converge 100 % (95 % interval 99.6 % to 100 %); "
        "thrown at some step 0 % (95 % interval 0 % to 0.383 %); diverge 0 % (95 % interval 0 % to 0.383 %)",
        "Without clipping, 1,000 runs: converge 43 % (95 % interval 40 % to 46.1 %); "
        "thrown at some step 68 % (95 % interval 65 % to 70.8 %); diverge 2 % (95 % interval 1.3 % to 3.07 %)",
    ]


def test_without_a_known_minimum_only_throws_are_counted(scripts: Path) -> None:
    words = said(scripts, "sweepWords", frame(kind="sweep"), OUTCOMES, ["without", "with"], False)
    assert words == (
        "With clipping, of the runs on this map none are thrown; "
        "without, 68\u00a0% are thrown at some step and 2\u00a0% diverge."
    )


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0, "0\u00a0%"),
        (0.004, "less than 1\u00a0%"),
        (0.5, "50\u00a0%"),
        (0.996, "more than 99\u00a0%"),
        (1, "100\u00a0%"),
    ],
)
def test_0_and_100_percent_are_shown_only_if_they_are_exact(scripts: Path, share: float, words: str) -> None:
    assert said(scripts, "percent", share) == words


def test_the_limit_is_named_once_the_picture_is_as_fine_as_possible(scripts: Path) -> None:
    assert said(scripts, "limitWords", frame()) == ""
    assert said(scripts, "limitWords", frame(columns=33, finest=65, cloud=64)) == ""
    costly = frame(columns=65, rows=65, finest=65, cloud=64, steps=1000)
    assert said(scripts, "limitWords", costly) == (
        "With 1000 steps and 64 starts per cell, a finer map would take too long."
    )
    deep = [{"name": "start.x", "low": 4.0, "high": 4.0 + 1e-13, "log": False}, frame()["axes"][1]]
    assert "limit of float64" in said(scripts, "limitWords", frame(axes=deep))


def test_a_run_that_ends_otherwise_than_its_cell_is_named(scripts: Path) -> None:
    codes = [OUTCOMES.index(name) for name in ("converged", "thrown", "converged", "thrown")]
    axes = [{**axis, "values": [0.5, 1.5]} for axis in frame()["axes"]]
    small = frame(columns=2, rows=2, axes=axes, outcome_with=codes, outcome_without=codes)
    runs = [{"run": run, "summary": {"outcome": "thrown"}} for run in ("without", "with")]
    assert said(scripts, "disagreement", small, [1.5, 0.5], runs) == ""
    words = said(scripts, "disagreement", small, [0.5, 1.5], runs[1:])
    assert words == (
        "This cell is uncertain: the run that is played ends with clipping thrown instead of converged. "
        "A change in the last bit decides."
    )
    assert " and " in said(scripts, "disagreement", small, [0.5, 1.5], runs)
    assert said(scripts, "disagreement", small, [0.5, 1.4], runs) == "", "between the cells"
    assert said(scripts, "disagreement", {**small, "cloud": 16}, [0.5, 1.5], runs) == ""


@pytest.mark.parametrize(("seconds", "time"), [(6, "6 seconds"), (89, "89 seconds"), (97, "2 minutes")])
def test_a_map_that_takes_long_is_announced(scripts: Path, seconds: int, time: str) -> None:
    assert said(scripts, "nextWords", frame()) == ""
    coming = frame(columns=257, next={"columns": 513, "seconds": seconds})
    assert said(scripts, "nextWords", coming) == f"A finer map with 513 by 513 cells follows in about {time}."
