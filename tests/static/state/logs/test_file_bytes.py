"""The bytes of a file in blocks: the same as those of the whole file, wherever a part begins."""

import json
import subprocess
from pathlib import Path

from tests import node

PROGRAM = """
import { fileBytes } from "./js/state/logs/file_bytes.js";
const size = 20_000_003;
const whole = Uint8Array.from({ length: size }, (_, k) => (k * 7919) % 251);
let reads = 0;
globalThis.FileReaderSync = class {
  readAsArrayBuffer({ first, last }) {
    reads++;
    return whole.slice(first, last).buffer;
  }
};
const shares = [];
const file = { size, slice: (first, last) => ({ first, last }) };
const bytes = fileBytes(file, (share) => shares.push(share));
const same = [];
const near = [[0, 2], [5, 70_000], [8_388_600, 8_388_700], [19_999_990, 20_000_500], [0, 10], [0, size]];
for (const [first, last] of near) {
  const [part, wanted] = [bytes.subarray(first, last), whole.subarray(first, last)];
  same.push(part.length === wanted.length && part.every((byte, k) => byte === wanted[k]));
}
console.log(JSON.stringify({ same, reads, last: shares.at(-1), length: bytes.length }));
"""


def test_parts_of_a_file_are_those_of_its_bytes(scripts: Path) -> None:
    (scripts / "program.js").write_text(PROGRAM, encoding="utf-8")
    command = [node.executable(), str(scripts / "program.js")]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    # A part within the present block is no read.
    assert json.loads(answer.stdout) == {"same": [True] * 6, "reads": 5, "last": 1, "length": 20_000_003}
