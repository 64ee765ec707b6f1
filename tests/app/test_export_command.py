"""The command ``cliffscape export``: a file by the ending of its name, and errors in one sentence."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cliffscape.app.cli import cli
from cliffscape.app.command import EXPORTS
from cliffscape.app.exports import definitions
from cliffscape.app.exports.exported_file import exported_file
from cliffscape.app.exports.run_files import CONTENTS
from cliffscape.app.scene.links import from_query

QUERY = "landscape=saddle&steps=5"
NAMES = "csv, json, npz, py, md, html"


def invoke(*arguments: str) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of the command."""
    result = CliRunner().invoke(cli, ["export", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_exports_are_those_of_the_application() -> None:
    assert set(EXPORTS) == {*CONTENTS, "md", "html"}


@pytest.mark.parametrize("extension", ["csv", "json", "py", "md"])
def test_the_ending_of_the_name_says_what_is_written(tmp_path: Path, extension: str) -> None:
    path = tmp_path / f"saddle.{extension}"
    assert invoke(f"http://127.0.0.1:8000/?{QUERY}", "--out", str(path)) == (0, "", "")
    assert path.read_bytes() == exported_file(from_query({"landscape": "saddle", "steps": "5"}), extension).content


def test_a_page_of_its_own_is_written(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    assert invoke(QUERY, "--out", str(path)) == (0, "", "")
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")
    size = path.stat().st_size
    assert invoke(QUERY, "--relief", "--out", str(path)) == (0, "", "")
    assert path.stat().st_size > 3 * size


def test_a_dash_is_standard_output() -> None:
    status, out, err = invoke(QUERY, "--out", "-", "--kind", "json")
    assert (status, err) == (0, "")
    assert json.loads(out)["link"] == f"?{QUERY}"


def test_without_a_file_the_name_is_that_of_landscape_and_outcome(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert invoke(QUERY, "--kind", "csv") == (0, "saddle-not-converged.csv\n", "")
    assert (tmp_path / "saddle-not-converged.csv").is_file()


def test_the_kind_may_differ_from_the_ending(tmp_path: Path) -> None:
    assert invoke(QUERY, "--kind", "csv", "--out", str(tmp_path / "run.txt"))[0] == 0
    assert (tmp_path / "run.txt").read_text(encoding="utf-8").startswith("# Cliffscape")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            [QUERY, "--out", "run.xls"],
            "--out must be a file that ends in .csv, .json, .npz, .py, .md, .html, got run.xls",
        ),
        ([QUERY, "--out", "page.htm"], "got page.htm"),
        ([QUERY, "--out", "-"], f"--kind must be one of {NAMES} if --out names no file, got nothing"),
        ([QUERY], f"--kind must be one of {NAMES} if --out names no file, got nothing"),
        ([QUERY, "--kind", "xls"], f"--kind must be one of {NAMES}, got xls"),
        (["steps=0", "--kind", "csv"], "steps must be at least 1, got 0"),
        ([QUERY, "--relief", "--out", "run.csv"], "--kind must be html with --relief, got csv"),
        (["landscape=recurrent_network", "--out", "page.html"], "got Recurrent network"),
    ],
)
def test_errors_say_what_is_wrong(arguments: list[str], sentence: str) -> None:
    status, out, err = invoke(*arguments)
    assert (status, out) == (2, "")
    assert sentence in err
    assert len(err.splitlines()) == 1


def test_a_script_that_needs_another_module_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(definitions, "ALLOWED", definitions.ALLOWED - {"math"})
    status, out, err = invoke(QUERY, "--out", "-", "--kind", "py")
    assert (status, out) == (2, "")
    assert "landscape must be one that needs PyTorch alone" in err


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    status, _, err = invoke(QUERY, "--out", str(tmp_path / "none" / "run.csv"))
    assert (status, err.startswith("cannot write")) == (1, True)
