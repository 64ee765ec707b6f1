"""Text of files in pieces: the same lines as those of Python, wherever a piece ends."""

import base64
import io
import json
import subprocess
from pathlib import Path

from cliffscape.app.logs.text_lines import LONGEST_LINE, text_lines
from tests import node

PROGRAM = """
import { readFileSync } from "node:fs";
import { textLines } from "./js/state/logs/text.js";
const { short, long } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const bytesOf = (text) => new Uint8Array(Buffer.from(text, "base64"));
const cut = short.map(bytesOf).map((bytes) => Array.from(bytes, (_, k) => [...textLines(bytes, k + 1)]));
const lengths = (size) => [...textLines(bytesOf(long), size)].map((line) => line.length);
console.log(JSON.stringify({ cut, lengths: [1 << 19, 999_983, 1 << 22].map(lengths) }));
"""
# Characters of one to four bytes, all line ends, and a colour.
TEXT = "step 1\r\ngröße: 2 €\r\n\r𝛻 norm\r\x1b[38;2;180;60;0mloss\x1b[0m 3\n\nend"
SHORT = [TEXT.encode(encoding) for encoding in ("utf-8", "utf-8-sig", "utf-16")]
SHORT += [b"\xfe\xff" + TEXT.encode("utf-16-be"), f"{TEXT}\r\n".encode(), b"\xff a\xc3\n\xe2\x82"]
LONG = "\n".join("x" * length for length in (LONGEST_LINE - 1, LONGEST_LINE, LONGEST_LINE + 1, 2 * LONGEST_LINE, 3))


def python_lines(content: bytes) -> list[str]:
    """The lines as the command reads them."""
    return list(text_lines(io.BytesIO(content)))


def test_lines_do_not_depend_on_where_pieces_end(scripts: Path) -> None:
    (scripts / "program.js").write_text(PROGRAM, encoding="utf-8")
    given = {
        "short": [base64.b64encode(content).decode() for content in SHORT],
        "long": base64.b64encode(LONG.encode()).decode(),
    }
    (scripts / "given.json").write_text(json.dumps(given), encoding="utf-8")
    command = [node.executable(), str(scripts / "program.js"), str(scripts / "given.json")]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    found = json.loads(answer.stdout)
    for content, cut in zip(SHORT, found["cut"], strict=True):
        assert len(cut) == len(content)
        assert all(lines == python_lines(content) for lines in cut), content
    lengths = [len(line) for line in python_lines(LONG.encode())]
    assert found["lengths"] == [lengths] * 3
