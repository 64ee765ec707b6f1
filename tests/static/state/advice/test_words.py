"""The page writes the sentences and shares that the command writes."""

import json
import subprocess
from pathlib import Path

from cliffscape.app.advice.sentences import percent, sentence
from cliffscape.app.web.your_run.page import your_run
from tests import node
from tests.static.scripts import copy_scripts

PROGRAM = """
import { readFileSync } from "node:fs";
import { sentences } from "./js/state/advice/words.js";
import { percent } from "./js/state/numbers.js";
const { tables, said, shares } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const say = sentences(tables);
console.log(JSON.stringify([said.map(([name, values]) => say(name, values)), shares.map(percent)]));
"""
SAID = [
    ("one_in", {"every": 12345.0}),
    ("not_recovered", {"step": 123456.0, "before": 1.23456, "after": 2e-7}),
    ("nonfinite", {"count": 3, "records": 2500, "step": 7010.0}),
    ("repeated", {"repeated": 1}),
    ("repeated", {"repeated": 2}),
    ("ceiling", {"ceiling": 1.0}),
    ("kind_limit", {"threshold": 0.00012, "low": 1.8, "high": 120000.0}),
    ("few_norms", {"count": 2, "fewest": 20}),
    ("learning_rate", {"records": 20, "step": 200.0}),
]
SHARES = [0, 1e-5, 0.004, 0.0349, 0.035, 0.305, 0.35, 0.885, 0.995, 0.9999, 1]


def test_sentences_and_shares(tmp_path: Path) -> None:
    folder = copy_scripts(tmp_path)
    (folder / "words.js").write_text(PROGRAM, encoding="utf-8")
    given = {"tables": your_run(), "said": SAID, "shares": SHARES}
    (folder / "given.json").write_text(json.dumps(given), encoding="utf-8")
    command = [node.executable(), str(folder / "words.js"), str(folder / "given.json")]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    said, shares = json.loads(answer.stdout)
    assert said == [sentence(name, values) for name, values in SAID]
    assert shares == [percent(share) for share in SHARES]
