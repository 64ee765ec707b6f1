"""The reports that a worker sends: for every example of a log the numbers of the command."""

import io
import json
import subprocess
from pathlib import Path
from typing import Any

from cliffscape.app.advice.text_pictures import distribution
from cliffscape.app.logs.reading import read_file
from cliffscape.app.web.your_run.clip_update import clip_update
from cliffscape.app.web.your_run.page import your_run
from cliffscape.landscapes.advice.advice import Advice, advise
from tests import node
from tests.app.advice.logs import unstable_log
from tests.app.logs.read_text import EXAMPLES
from tests.source.files import ROOT
from tests.static.state.advice.test_advice import compare, same

PROGRAM = """
import { readFileSync } from "node:fs";
import { logReports } from "./js/state/advice/log_reports.js";
import * as zclip from "./zclip.js";
const { logs, tables } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const plain = (_, value) => {
  if (value instanceof Map) return [...value];
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value ?? null;
};
const found = await Promise.all(logs.map(async (path) => {
  const noted = [];
  const notes = { noteFormat: () => noted.push("format"), noteRead: () => noted.push("read") };
  const { reports, withNorm } = await logReports(new Uint8Array(readFileSync(path)), tables, { zclip }, notes);
  return { reports, withNorm, noted };
}));
console.log(JSON.stringify(found, plain));
"""


def logs(folder: Path) -> list[Path]:
    """All examples, that of the page, and an unstable run."""
    path = folder / "unstable.txt"
    path.write_text(unstable_log(), encoding="utf-8")
    return [*sorted(EXAMPLES.glob("[a-z]*")), ROOT / "static" / "examples" / "temporal-order.csv", path]


def unfold(report: dict[str, Any], advice: Advice) -> dict[str, Any]:
    """The report with the fields of the advice, after a comparison of those that differ."""
    warm, nonfinite, spikes = report["warm"], report["nonfinite"], report["spikes"]
    step = warm.pop("step")
    assert step == (advice.log.steps[advice.warm_up.records - 1] if advice.warm_up.records else None)
    assert nonfinite == {"count": len(advice.nonfinite), "steps": list(advice.nonfinite[:5])}
    raised = sum(one.raised for one in advice.spikes)
    assert (spikes["count"], spikes["raised"]) == (len(advice.spikes), raised)
    same([[*row.values()] for row in report["bars"]], bars(advice))
    return {**report, "nonfinite": advice.nonfinite, "spikes": spikes["largest"]}


def bars(advice: Advice) -> list[Any]:
    """The distribution of the norms after the warm-up."""
    return [row[:3] for row in distribution(advice.log.norms[advice.warm_up.records :])]


def test_the_reports_are_those_of_the_command(scripts: Path, tmp_path: Path) -> None:
    (scripts / "zclip.js").write_text(clip_update("zclip"), encoding="utf-8")
    (scripts / "program.js").write_text(PROGRAM, encoding="utf-8")
    paths = logs(tmp_path)
    given = {"logs": [*map(str, paths)], "tables": your_run()}
    (scripts / "given.json").write_text(json.dumps(given), encoding="utf-8")
    command = [node.executable(), str(scripts / "program.js"), str(scripts / "given.json")]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    for path, found in zip(paths, json.loads(answer.stdout), strict=True):
        reading = read_file(io.BytesIO(path.read_bytes()), path.name)
        assert (found["withNorm"], found["noted"]) == (reading.with_norm, ["format", "read"])
        assert [name for name, _ in found["reports"]] == [*reading.runs]
        for name, report in found["reports"]:
            run, advice = reading.runs[name], advise(reading.runs[name], reading.places[name])
            assert (report["columns"], tuple(report["others"])) == (run.columns, run.others)
            assert (report["numbered"], report["repeated"]) == (run.numbered, run.repeated)
            assert report["place"] == reading.places[name]
            compare(unfold(report, advice), advice)
