"""What a page does not read: too many records, and archives that do not fit into memory."""

import base64
import io
import json
import subprocess
from pathlib import Path

import numpy as np
import pytest

from cliffscape.app.logs import reading
from cliffscape.app.logs.engines import numpy_archive
from cliffscape.app.logs.log_error import LogError
from cliffscape.app.web.your_run.page import your_run
from tests import node

PROGRAM = """
import { readFileSync } from "node:fs";
import { unpackArchive } from "./js/state/logs/numpy_archive.js";
import { readLog } from "./js/state/logs/reading.js";
const { text, archive, formats } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const bytesOf = (text) => new Uint8Array(Buffer.from(text, "base64"));
const attempt = async (read) => {
  try {
    return (await read()).withNorm ?? "read";
  } catch (error) {
    return error.message;
  }
};
const bytes = bytesOf(archive);
const columns = await unpackArchive(bytes);
console.log(JSON.stringify([
  await attempt(() => readLog(bytesOf(text), formats, { most: 3 })),
  await attempt(() => readLog(bytesOf(text), formats, { most: 2 })),
  await attempt(() => readLog(bytes, formats, { archive: columns, most: 999 })),
  await attempt(() => unpackArchive(bytes, 16_000)),
  await attempt(() => unpackArchive(bytes, 100)),
]));
"""
# Only three of the records are kept.
TEXT = '{"step": 1, "grad_norm": 2}\n{"step": 2}\n{"note": 1}\n{"step": 3, "loss": 1}\n{"step": 4, "grad_norm": 1}\n'
KEPT = "number of records with a gradient norm, a loss or a learning rate must be at most"


def archive() -> bytes:
    """A small file with larger arrays."""
    file = io.BytesIO()
    np.savez_compressed(file, update=np.arange(1000), gradient_norm=np.ones(1000))
    return file.getvalue()


def test_the_page_names_the_bound(scripts: Path) -> None:
    (scripts / "program.js").write_text(PROGRAM, encoding="utf-8")
    contents = {"text": TEXT.encode(), "archive": archive()}
    given = {name: base64.b64encode(content).decode() for name, content in contents.items()}
    (scripts / "given.json").write_text(json.dumps({**given, "formats": your_run()["formats"]}), encoding="utf-8")
    command = [node.executable(), str(scripts / "program.js"), str(scripts / "given.json")]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout) == [
        2,
        f"The {KEPT} 2, got more.",
        f"The {KEPT} 999, got more.",
        "The size of an archive must be at most 16,000 bytes, got 16,256.",
        f"The size of an archive must be at most 100 bytes, got {len(archive()):,}.",
    ]


def test_the_command_names_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_RECORDS", 3)
    assert reading.read_file(io.BytesIO(TEXT.encode()), "log").with_norm == 2
    monkeypatch.setattr(reading, "MOST_RECORDS", 2)
    with pytest.raises(LogError, match=f"log: the {KEPT} 2, got more"):
        reading.read_file(io.BytesIO(TEXT.encode()), "log")
    monkeypatch.setattr(numpy_archive, "LARGEST", 16_000)
    with pytest.raises(LogError, match="log: the size of an archive must be at most 16,000 bytes, got 16,256"):
        reading.read_file(io.BytesIO(archive()), "log")
