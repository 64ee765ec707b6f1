"""The check of a new version: a process that prints the sentence about an error, and nothing else."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cliffscape.app.landscape_files.watcher import start_check
from tests.app.landscape_files.bad_files import GOOD

BROKEN = "mine.py, line 18: NameError: name 'missing' is not defined"


@pytest.mark.parametrize(("added", "sentence"), [("", ""), ("print(missing)\n", BROKEN)], ids=["good", "broken"])
def test_standard_output_is_the_sentence_whatever_the_file_prints(tmp_path: Path, added: str, sentence: str) -> None:
    path = tmp_path / "mine.py"
    path.write_text(f"{GOOD}print('a line')\n{added}", encoding="utf-8")
    out, _ = start_check([path]).communicate(timeout=100)
    assert json.loads(out) == sentence


def test_the_traceback_is_on_standard_error(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text("1 / 0\n", encoding="utf-8")
    command = [sys.executable, "-m", "cliffscape.app.landscape_files.check", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0
    lines = done.stderr.splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[1] == f'  File "{path}", line 1, in <module>'
    assert lines[-1].startswith("mine.py, line 1: ZeroDivisionError: division by zero (the page keeps")
