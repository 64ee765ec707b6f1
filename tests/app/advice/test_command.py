"""``cliffscape advise``."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cliffscape.app.cli import cli
from tests.app.advice.logs import unstable_log
from tests.app.logs.read_text import EXAMPLES


def invoke(*arguments: str) -> tuple[int, str, str]:
    """Exit status, standard output and standard error."""
    result = CliRunner().invoke(cli, ["advise", *arguments])
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def log(tmp_path: Path) -> str:
    """A log in a file whose name says nothing."""
    path = tmp_path / "x"
    path.write_text(unstable_log(), encoding="utf-8")
    return str(path)


def test_the_report_is_on_standard_output(log: str) -> None:
    status, out, err = invoke(log)
    assert (status, err) == (0, "")
    assert [line for line in out.splitlines() if line and line[0] != " "] == [
        *("Log", "Gradient norms", "Spikes", "Thresholds", "Other rules", "Recommendation")
    ]


def test_json(log: str) -> None:
    status, out, err = invoke(log, "--json")
    assert (status, err) == (0, "") and json.loads(out)["recommendation"]["kind"] == "limit"


def test_a_run_is_chosen_by_its_name() -> None:
    path = str(EXAMPLES / "weights_and_biases.csv")
    assert json.loads(invoke(path, "--json")[1])["run"] == "lively-sun-1"
    assert json.loads(invoke(path, "--json", "--run", "calm-sea-2")[1])["run"] == "calm-sea-2"
    status, out, err = invoke(path, "--run", "x")
    assert (status, out) == (2, "")
    assert err == "--run must be one of 'lively-sun-1', 'calm-sea-2', got x\n"


@pytest.mark.parametrize("path", sorted(EXAMPLES.iterdir()), ids=lambda path: path.name)
def test_every_example_has_a_report(path: Path) -> None:
    status, out, err = invoke(str(path))
    assert (status, err) == (0, "") if path.suffix != ".md" else (status, out) == (2, "")


def test_errors_are_one_sentence(tmp_path: Path) -> None:
    assert invoke("/nowhere") == (2, "", "/nowhere: cannot be read: No such file or directory\n")
    path = tmp_path / "empty"
    path.touch()
    assert invoke(str(path)) == (2, "", f"{path}: expected a log with gradient norms, but the file is empty\n")


def test_a_refusal_needs_no_pytorch() -> None:
    """Importing PyTorch takes longer than reading most logs."""
    code = """
import sys
from cliffscape.app.cli import cli

try:
    cli(["advise", "/nowhere"])
except SystemExit as error:
    print(error.code, "torch" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "2 False\n"
