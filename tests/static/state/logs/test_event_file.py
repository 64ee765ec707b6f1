"""Event files: images and graphs between the scalars are passed over, and their bytes are not read."""

import json
import subprocess
from pathlib import Path

from tests import node

PROGRAM = """
import { eventRecords, maskedCrc } from "./js/state/logs/event_file.js";
import { fileBytes } from "./js/state/logs/file_bytes.js";
const ascii = (text) => new TextEncoder().encode(text);
const number = new Uint8Array(new Float32Array([1.5]).buffer);
// An event with step 3 and the scalar "norm", and one of a megabyte.
const value = [0x0a, 4, ...ascii("norm"), 0x15, ...number];
const scalar = Uint8Array.from([0x10, 3, 0x2a, 2 + value.length, 0x0a, value.length, ...value]);
const image = new Uint8Array(1 << 20);
function record(content) {
  const whole = new Uint8Array(16 + content.length);
  const view = new DataView(whole.buffer);
  view.setBigUint64(0, BigInt(content.length), true);
  view.setUint32(8, maskedCrc(whole.subarray(0, 8)), true);
  whole.set(content, 12);
  view.setUint32(12 + content.length, maskedCrc(content), true);
  return whole;
}
const parts = [scalar, image, scalar, image].map(record);
const whole = new Uint8Array(await new Blob(parts).arrayBuffer());
let read = 0;
globalThis.FileReaderSync = class {
  readAsArrayBuffer({ first, last }) {
    const part = whole.slice(first, last);
    read += part.length;
    return part.buffer;
  }
};
const file = { size: whole.length, slice: (first, last) => ({ first, last }) };
const counts = { lines: 0, other: 0, broken: 0, addBroken() { this.broken++; } };
const rows = [...eventRecords(fileBytes(file, undefined, 50), undefined, counts)];
console.log(JSON.stringify({ rows, ...counts, read }));
"""


def test_large_records_are_passed_over(scripts: Path) -> None:
    (scripts / "program.js").write_text(PROGRAM, encoding="utf-8")
    command = [node.executable(), str(scripts / "program.js")]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    found = json.loads(answer.stdout)
    assert found.pop("read") < 1000
    values = {"step": 3, "norm": 1.5}
    assert found == {"rows": [[1, values], [3, values]], "lines": 4, "other": 2, "broken": 0}
