"""The update of a clip as JavaScript: the same norms as the clip in PyTorch."""

import json
import subprocess
from pathlib import Path

import numpy as np

from cliffscape.app.web.your_run.clip_update import clip_update
from cliffscape.landscapes.advice.clip_replay import clip_norms
from cliffscape.landscapes.catalogue import CLIPS
from tests.landscapes.advice.logs import noisy
from tests.node import executable

PROGRAM = """
import { readFileSync } from "node:fs";
import { parameters, state, update } from "./clip.mjs";
const { norms, values } = JSON.parse(readFileSync(process.argv[2], "utf8"));
let now = state;
const found = norms.map((norm) => {
  const [clipped, ...next] = update(parameters.map((name) => values[name]), norm, ...now);
  now = next;
  return clipped;
});
console.log(JSON.stringify(found));
"""


def test_zclip_in_the_browser_is_that_of_pytorch(tmp_path: Path) -> None:
    norms = noisy(300)
    norms[[10, 100, 200]] = [50, 20, 30]
    values = {f"clip.{name}": value for name, value in CLIPS["zclip"].defaults.items()}
    (tmp_path / "clip.mjs").write_text(clip_update("zclip"), encoding="utf-8")
    (tmp_path / "run.mjs").write_text(PROGRAM, encoding="utf-8")
    (tmp_path / "given.json").write_text(json.dumps({"norms": norms.tolist(), "values": values}), encoding="utf-8")
    command = [executable(), str(tmp_path / "run.mjs"), str(tmp_path / "given.json")]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    np.testing.assert_allclose(json.loads(answer.stdout), clip_norms(norms, "zclip"), rtol=1e-12)
