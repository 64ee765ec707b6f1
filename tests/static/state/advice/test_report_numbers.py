"""The numbers of a report: what the slider's thresholds clip and keep, and the parts of the picture."""

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cliffscape.app.web.your_run.page import your_run
from cliffscape.landscapes.advice.norm_log import Numbers
from cliffscape.landscapes.advice.thresholds import effect
from tests import node
from tests.landscapes.advice.logs import noisy

PROGRAM = """
import { readFileSync } from "node:fs";
import { advise } from "./js/state/advice/advice.js";
import { reportNumbers } from "./js/state/advice/report_numbers.js";
const { logs, tables } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const plain = (_, value) => (typeof value === "number" && !Number.isFinite(value) ? String(value) : value);
console.log(JSON.stringify(logs.map((given) => {
  const norms = Float64Array.from(given, Number);
  const [steps, none] = [norms.map((_, k) => k + 1), norms.map(() => NaN)];
  const run = { steps, norms, losses: none, rates: none, place: "before" };
  return reportNumbers(run, advise(run, { ...tables, clips: [] }, {}), tables.rules);
}), plain));
"""


def logs() -> list[Numbers]:
    """Norms with spikes, Inf, NaN and zeros, more than a picture has pixels; few norms; norms that are no numbers."""
    many = noisy(10_001, 3.0)
    many[50::400] *= 30
    many[[100, 7000, 7001, *range(8000, 8040)]] = [np.inf, np.nan, 0.0, *[np.nan] * 40]
    return [many, noisy(3), np.full(1, 2.0), np.full(20, np.nan), np.empty(0)]


@pytest.fixture(scope="module")
def reports(scripts: Path) -> list[dict[str, Any]]:
    """The numbers of the reports on them."""
    (scripts / "program.js").write_text(PROGRAM, encoding="utf-8")
    texts = [["Infinity" if one == np.inf else repr(float(one)).replace("nan", "NaN") for one in log] for log in logs()]
    (scripts / "given.json").write_text(json.dumps({"logs": texts, "tables": your_run()}), encoding="utf-8")
    command = [node.executable(), str(scripts / "program.js"), str(scripts / "given.json")]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    found: list[dict[str, Any]] = json.loads(answer.stdout)
    return found


def test_the_slider_has_the_effect_of_every_threshold(reports: list[dict[str, Any]]) -> None:
    for norms, report in zip(logs()[:3], reports, strict=False):
        effects = report["slider"]["effects"]
        thresholds = np.array([one["threshold"] for one in effects])
        assert len(effects) == 1001 and (np.diff(thresholds) > 0).all()
        finite = norms[np.isfinite(norms) & (norms > 0)]
        assert thresholds[0] < finite.min() and thresholds[-1] > finite.max()
        rest = norms[report["warm"]["records"] :]
        for one in effects[::10]:
            wanted = effect(rest, one["threshold"])
            assert (one["clipped"], one["kept"]) == pytest.approx((wanted.clipped, wanted.kept), rel=1e-12)


def test_the_slider_begins_at_the_recommended_threshold(reports: list[dict[str, Any]]) -> None:
    found = reports[0]["slider"]
    assert found["effects"][found["initial"]] == reports[0]["recommended"]
    assert reports[1]["recommendation"]["kind"] == "none" and reports[1]["slider"]["initial"] == 1000


def test_parts_of_the_picture_hold_all_norms(reports: list[dict[str, Any]]) -> None:
    parts = reports[0]["picture"]["parts"]
    assert len(parts) <= 700
    for part, norms in zip(parts, np.split(logs()[0], [one["at"] for one in parts[1:]]), strict=True):
        shown = norms[np.isfinite(norms) & (norms > 0)]
        ends = (shown.min(), shown.max()) if len(shown) else (np.nan, np.nan)
        assert (float(part["low"]), float(part["high"])) == pytest.approx(ends, rel=0, nan_ok=True)
        assert part["broken"] == (not np.isfinite(norms).all())
    assert sum(one["broken"] for one in parts) == 5
    assert [one["at"] for one in reports[1]["picture"]["parts"]] == [0, 1, 2]


def test_long_lists_are_cut(reports: list[dict[str, Any]]) -> None:
    report = reports[0]
    spikes = report["spikes"]
    assert spikes["count"] > 10 and len(spikes["largest"]) == 10
    assert [one["first"] for one in spikes["largest"]] == sorted(one["first"] for one in spikes["largest"])
    assert report["nonfinite"] == {"count": 42, "steps": [101, 7001, 8001, 8002, 8003]}
    # However long the log is.
    assert len(json.dumps(report)) < 200_000


def test_without_norms_there_is_no_picture(reports: list[dict[str, Any]]) -> None:
    for report in reports[3:]:
        assert "picture" not in report and "slider" not in report and report["bars"] == []
