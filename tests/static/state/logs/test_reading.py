"""The page reads logs as the command does: the same columns, runs and counts, for all examples and damaged ones."""

import base64
import io
import json
import subprocess
from typing import Any

import numpy as np
import pytest

from cliffscape.app.logs.log_error import LogError
from cliffscape.app.logs.reading import read_file
from cliffscape.app.web.your_run.page import your_run
from tests import node
from tests.app.advice.logs import unstable_log
from tests.app.logs.read_text import EXAMPLES
from tests.app.logs.test_recognition import LINES
from tests.static.scripts import copy_scripts

PROGRAM = """
import { readFileSync } from "node:fs";
import { isArchive, unpackArchive } from "./js/state/logs/numpy_archive.js";
import { readLog } from "./js/state/logs/reading.js";
const { logs, formats } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const found = await Promise.all(logs.map(async (log) => {
  try {
    const bytes = new Uint8Array(Buffer.from(log, "base64"));
    const archive = isArchive(bytes) ? await unpackArchive(bytes) : null;
    const { format, runs, counts, records, withNorm } = readLog(bytes, formats, { archive });
    const listed = [...runs].map(([name, { others, columns, numbered, repeated, place, ...numbers }]) => ({
      name, others, columns, numbered, repeated, place,
      numbers: Object.values(numbers).map((values) => Array.from(values, String)),
    }));
    const { lines, broken, other, firstBroken } = counts;
    return { label: format.label, runs: listed, counts: [lines, broken, other, firstBroken, records, withNorm] };
  } catch (error) {
    return { refused: error.message };
  }
}));
console.log(JSON.stringify(found));
"""
EXTRA = [
    "",
    "hello\nworld\n",
    "\ufeffstep;grad_norm\r\n1;2\r\n2;x\n3;4;5\n",
    'a,"grad_norm",step\n"x, y",2,1\n"z\nz",3,2\n"a"", b",4,3\n',
    "grad_norm\n1\n2\n",
    "epoch,step,grad_2.0_norm/bias,grad_2.0_norm/weight\n0,0,3.0,4.0\n0,50,,\n0,100,inf,1\n",
    "Wall time,Step,Value\n1,1,2.5\n2,2,-1.5\n",
    '[{"step": 1, "grad_norm": 2.0, "loss": NaN},\n {"step": 2, "grad_norm": -0.0}]',
    '{"log_history": [{"step": 1, "grad_norm": 2.0}, {"step": 2, "gr',
    '{"log_history": [{"step": 1, "grad_norm": 1e999, "a": "]}NaN\\""}]}',
    "".join(f'{{"epoch": {k // 2}, "iter": {k % 2}, "grad_norm": {k}}}\n' for k in range(6)),
    '{"train": {"grad_norm": Infinity, "loss": null}, "step": 1}\n{"step": 2, "grad_norm":\n',
    '{"step": NaN, "grad_norm": 1}\n{"step": 1, "grad_norm": 1}\n',
    "run,seed,update,loss,gradient_norm,clip_factor,error\nwithout,0,1,2.0,inf,1.0,nan\nwith,0,1,2.0,1.5,1.0,nan\n",
    *LINES,
    "\n".join(["Starting, with step and loss", '{"lr": 0.1}', *LINES]),
    unstable_log(),
]


def typed_archives() -> list[bytes]:
    """Archives with a column of every type of numbers, of both byte orders: numbers of all magnitudes, Inf and NaN."""
    halves = np.arange(0, 1 << 16, 7, dtype=np.uint16).view(np.float16)
    found = []
    for kind in ("f2", "f4", "f8", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8"):
        if kind[0] == "f":
            values = halves
        else:
            ends = np.iinfo(kind)
            values = np.array([0, 1, ends.max // 3, ends.max, *([ends.min, -2] if ends.min else [])], dtype=kind)
        for order in "<>":
            given = values.astype(f"{order}{kind}")
            steps, runs = np.arange(len(values)), np.where(values < 1, "with", "größer").astype(f"{order}U6")
            archive = io.BytesIO()
            np.savez(
                archive, run=runs, update=steps.astype(f"{order}i4"), gradient_norm=np.ones_like(given), loss=given
            )
            found.append(archive.getvalue())
    return found


def archives() -> list[bytes]:
    """Archives as NumPy and this program write them, with arrays of other shapes, and one that is too short."""
    columns = {
        "run": np.array(["with", "without", "with"]),
        "update": np.arange(1, 4),
        "gradient_norm": np.array([1.5, np.inf, 0.25], dtype=np.float32),
        "loss": np.array([1.0, np.nan, 0.5]),
        "table": np.ones((2, 2)),
        "few": np.arange(2.0),
    }
    found = []
    for save in (np.savez, np.savez_compressed):
        file = io.BytesIO()
        save(file, **columns)
        found.append(file.getvalue())
    return [*found, found[1][:-30], *typed_archives(), *refused_archives()]


def refused_archives() -> list[bytes]:
    """Archives with a column that cannot be read, under a name that is needed and, longer, under another one."""
    found = []
    for kind in ("g", "c8", "c16", "?"):
        for name, length in (("gradient_norm", 30), ("loss", 30), ("update", 30), ("mask", 40)):
            columns = {"update": np.arange(30), "gradient_norm": np.ones(30), "loss": np.ones(30)}
            archive = io.BytesIO()
            np.savez(archive, **{**columns, name: np.ones(length, dtype=kind)})
            found.append(archive.getvalue())
    return found


def logs() -> list[bytes]:
    """The examples that a page reads, those cut at several places, and further texts."""
    whole = [path.read_bytes() for path in sorted(EXAMPLES.iterdir())]
    cut = [content[: len(content) * part // 7] for content in whole for part in (3, 5, 6)]
    return [*archives(), *whole, *cut, *(text.encode() for text in EXTRA), EXTRA[3].encode("utf-16")]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What the page reads from each of them."""
    folder = copy_scripts(tmp_path_factory.mktemp("logs"))
    (folder / "read.js").write_text(PROGRAM, encoding="utf-8")
    given = {"logs": [base64.b64encode(log).decode() for log in logs()], "formats": your_run()["formats"]}
    (folder / "given.json").write_text(json.dumps(given), encoding="utf-8")
    command = [node.executable(), str(folder / "read.js"), str(folder / "given.json")]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    found: list[dict[str, Any]] = json.loads(answer.stdout)
    return found


def test_the_page_reads_what_the_command_reads(answers: list[dict[str, Any]]) -> None:
    for content, answer in zip(logs(), answers, strict=True):
        try:
            reading = read_file(io.BytesIO(content), "log")
        except LogError as error:
            assert "refused" in answer, (error, answer)
            if "column" in error.problem:
                assert answer["refused"] == f"{error.problem[0].upper()}{error.problem[1:]}."
            continue
        assert answer.get("label") == reading.log_format.label, (content[:200], answer)
        counts = reading.counts
        expected = [counts.lines, counts.broken, counts.other, counts.first_broken, reading.records, reading.with_norm]
        assert answer["counts"] == expected, content[-300:]
        assert [one["name"] for one in answer["runs"]] == [*reading.runs]
        for one, run in zip(answer["runs"], reading.runs.values(), strict=True):
            columns = (run.steps, run.norms, run.losses, run.learning_rates)
            for found, wanted in zip(one["numbers"], columns, strict=True):
                np.testing.assert_array_equal(np.array(found, dtype=np.float64), wanted)
            assert (one["columns"], tuple(one["others"])) == (run.columns, run.others)
            assert (one["numbered"], one["repeated"]) == (run.numbered, run.repeated)
        assert [one["place"] for one in answer["runs"]] == [*reading.places.values()]


def test_refusals_are_sentences(answers: list[dict[str, Any]]) -> None:
    refused = [one["refused"] for one in answers if "refused" in one]
    assert len(refused) >= 4 and all(text[0].isupper() and text.endswith(".") for text in refused)
