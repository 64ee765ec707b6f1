"""Objects of a JSON array in pieces: the same records as those of Python, wherever a piece ends."""

import base64
import io
import json
import subprocess
from pathlib import Path

from cliffscape.app.logs.engines.json_array import array_records
from cliffscape.app.logs.log_format import LogFormat
from cliffscape.app.logs.rows import LineCounts
from tests import node

PROGRAM = """
import { readFileSync } from "node:fs";
import { arrayRecords } from "./js/state/logs/json_array.js";
const { texts, format } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const read = (bytes, size) => {
  const counts = { lines: 0, broken: [], addBroken(line) { this.broken.push(line); } };
  const rows = [...arrayRecords(bytes, format, counts, size)];
  return { rows, lines: counts.lines, broken: counts.broken };
};
const found = texts.map((text) => {
  const bytes = new Uint8Array(Buffer.from(text, "base64"));
  return Array.from(bytes, (_, k) => read(bytes, k + 1));
});
console.log(JSON.stringify(found));
"""
RECORDS = LogFormat("records", "json_array", "", mark=r'"records"\s*:\s*\[')
WHOLE = '{"größe": 1,\n"records": [{"a": 1, "€]": "}\\"{"},\r\n {"b": {"c": [2, {}]}}\n , {"𝛻": ""}\n]}'
TEXTS = [
    WHOLE,
    *(WHOLE[: len(WHOLE) - cut] for cut in (2, 5, 8, 20)),
    '{"records": [1]}',
    '{"records": [{"a": 1} "',
    '{"records": [{"a": },{"a": 1}]}',
]


def test_records_do_not_depend_on_where_pieces_end(scripts: Path) -> None:
    (scripts / "program.js").write_text(PROGRAM, encoding="utf-8")
    given = {
        "texts": [base64.b64encode(text.encode()).decode() for text in TEXTS],
        "format": {"mark": RECORDS.mark},
    }
    (scripts / "given.json").write_text(json.dumps(given), encoding="utf-8")
    command = [node.executable(), str(scripts / "program.js"), str(scripts / "given.json")]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    for text, cut in zip(TEXTS, json.loads(answer.stdout), strict=True):
        counts = LineCounts()
        rows = [[line, values] for line, values in array_records(io.BytesIO(text.encode()), RECORDS, counts)]
        broken = [] if counts.first_broken is None else [counts.first_broken]
        assert len(cut) == len(text.encode())
        assert all(one == {"rows": rows, "lines": counts.lines, "broken": broken} for one in cut), text
