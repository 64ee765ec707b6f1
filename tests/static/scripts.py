"""The page's scripts in Node."""

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests import node
from tests.source.files import ROOT

# A function of a program: the bytes of a frame without arrays, as the server sends it.
FRAME = """
function frameBytes(fields) {
  const header = new TextEncoder().encode(JSON.stringify({ arrays: [], length: 0, ...fields }));
  const whole = new Uint8Array(8 + header.length);
  new DataView(whole.buffer).setUint32(0, 0x46494c43, true);
  new DataView(whole.buffer).setUint32(4, header.length, true);
  whole.set(header, 8);
  return whole;
}
"""
SIGNATURES = """
import { readFileSync } from "node:fs";
import { bindCatalogue } from "./js/state/scene/catalogue.js";
import { signature } from "./js/state/scene/dependencies.js";
const { catalogue, kinds, scenes } = JSON.parse(readFileSync(process.argv[2], "utf8"));
bindCatalogue(catalogue);
console.log(JSON.stringify(scenes.map((scene) => kinds.map((kind) => signature(kind, scene)))));
"""


def copy_scripts(folder: Path) -> Path:
    """Copy the scripts to ``folder`` with a package.json, so that Node loads them as modules."""
    shutil.copytree(ROOT / "static" / "js", folder / "js")
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    return folder


def signatures(
    scripts: Path, catalogue: Mapping[str, Any], kinds: Sequence[str], scenes: Sequence[Any]
) -> list[list[str]]:
    """The page's signature of every kind, Scene by Scene."""
    (scripts / "signatures.js").write_text(SIGNATURES, encoding="utf-8")
    given = {"catalogue": catalogue, "kinds": kinds, "scenes": scenes}
    (scripts / "signatures.json").write_text(json.dumps(given), encoding="utf-8")
    command = [node.executable(), str(scripts / "signatures.js"), str(scripts / "signatures.json")]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    found: list[list[str]] = json.loads(answer.stdout)
    return found
