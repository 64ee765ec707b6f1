"""The address below a large QR code: what a class can type, and never the answer to a question."""

import json
import subprocess
from pathlib import Path

from tests import node

PROGRAM = """
import { shownAddress } from "./js/views/share/qr_code.js";
console.log(JSON.stringify(JSON.parse(process.argv[2]).map(shownAddress)));
"""
ROOM = "http://192.168.1.5:8000"
CASES = {
    f"{ROOM}/": f"{ROOM}/",
    f"{ROOM}/?clip.threshold=100": f"{ROOM}/?clip.threshold=100",
    f"{ROOM}/?lesson=04-gradient-descent-at-a-cliff": f"{ROOM}/?lesson=04-gradient-descent-at-a-cliff",
    f"{ROOM}/?{'steps=7&' * 9}": f"{ROOM}/…",
    f"{ROOM}/?ask=choice&ask.answer=1": f"{ROOM}/…",
}


def test_an_address_that_nobody_types_is_cut(scripts: Path) -> None:
    (scripts / "program.js").write_text(PROGRAM, encoding="utf-8")
    command = [node.executable(), str(scripts / "program.js"), json.dumps(list(CASES))]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout) == list(CASES.values())
