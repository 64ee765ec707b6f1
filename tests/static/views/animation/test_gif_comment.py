"""Comment of a GIF: before the first picture, in blocks of at most 255 bytes."""

import base64
import json
import subprocess
from pathlib import Path

from tests import node

PROGRAM = """
import { withComment } from "./js/views/animation/gif_comment.js";
const { gif, text } = JSON.parse(process.argv[2]);
const parts = withComment(new Uint8Array(Buffer.from(gif, "base64")), text);
console.log(Buffer.concat(parts).toString("base64"));
"""
# Four colours, then the extension that repeats the animation, then the rest.
HEAD = b"GIF89a" + bytes([2, 0, 2, 0, 0x80 | 1, 0, 0]) + bytes(range(12))
REPETITION = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
REST = b"\x21\xf9 and so on"


def test_a_comment_is_in_front_of_the_first_picture(scripts: Path) -> None:
    (scripts / "comment.js").write_text(PROGRAM, encoding="utf-8")
    words = "ε = 0.5; " * 40
    given = {"gif": base64.b64encode(HEAD + REPETITION + REST).decode(), "text": words}
    command = [node.executable(), str(scripts / "comment.js"), json.dumps(given)]
    found = base64.b64decode(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
    assert found.startswith(HEAD + REPETITION + b"\x21\xfe")
    assert found.endswith(b"\0" + REST)
    blocks = found[len(HEAD + REPETITION) + 2 : -len(REST) - 1]
    text = b""
    while blocks:
        length, blocks = blocks[0], blocks[1:]
        text, blocks = text + blocks[:length], blocks[length:]
    assert text.decode() == words
