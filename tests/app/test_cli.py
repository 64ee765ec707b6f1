"""The command line: runs without a page, and errors in one sentence."""

import json
import re
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
from typer.testing import CliRunner

from cliffscape.app.cli import cli
from cliffscape.app.command import SUFFIXES
from cliffscape.app.runs import network
from cliffscape.app.runs.table import COLUMNS, FORMATS, columns, run_scene
from cliffscape.app.scene.schema import Scene
from cliffscape.app.settings import Settings
from tests.app.decoding import csv_rows
from tests.app.lessons.test_lesson import GOOD

QUERY = "steps=15&optimizer.learning_rate=0.8&start=4.5,-1.55"
PROGRESS = r"^(\d+) of 15 steps$"


def invoke(*arguments: str) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of a command."""
    result = CliRunner().invoke(cli, list(arguments))
    return result.exit_code, result.stdout, result.stderr


def test_without_a_file_the_table_is_on_standard_output_and_verdicts_on_standard_error() -> None:
    status, out, err = invoke("run", QUERY)
    rows = csv_rows(out)
    assert status == 0
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == 2 * 16
    without, with_, role = err.splitlines()
    assert without.startswith("Without clipping, thrown: ")
    assert with_.startswith("With clipping, ")
    assert role == "The threshold is more than a safety net: 5 % to 50 % of the steps are clipped."


@pytest.mark.parametrize(
    "query", ["steps=15", "landscape=recurrent_network&task.sequence_length=5&cell.hidden_units=3&steps=15"]
)
def test_a_long_run_shows_its_progress_on_standard_error(monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    assert re.findall(PROGRESS, invoke("run", query)[2], re.M) == []
    monkeypatch.setattr("cliffscape.app.terminal.FILE_SECONDS", 0.0)
    shown = re.findall(PROGRESS, invoke("run", query)[2], re.M)
    counts = [int(count) for count in shown]
    assert len(counts) > 3 and counts == sorted(counts) and counts[-1] == 15


@pytest.mark.parametrize("query", ["clip=none", "runs=without"])
def test_without_a_threshold_or_a_clipped_run_there_is_no_line_about_it(query: str) -> None:
    assert "threshold" not in invoke("run", f"{QUERY}&{query}")[2]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_holds_the_table_and_standard_output_the_verdicts(tmp_path: Path, suffix: str) -> None:
    status, out, err = invoke("run", f"http://127.0.0.1:8000/?{QUERY}", "--out", str(tmp_path / f"run{suffix}"))
    assert (status, err) == (0, "")
    assert out.startswith("Without clipping")
    assert (tmp_path / f"run{suffix}").stat().st_size > 1000


def test_files_agree_with_the_run(tmp_path: Path) -> None:
    for suffix in SUFFIXES:
        assert invoke("run", QUERY, "--out", str(tmp_path / f"run{suffix}"))[0] == 0
    # Closed here: a file that the garbage collector closes would cause a warning in another test.
    with np.load(tmp_path / "run.npz", allow_pickle=False) as file:
        arrays = dict(file)
    rows = csv_rows((tmp_path / "run.csv").read_text(encoding="utf-8"))
    runs = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))["runs"]
    scene = json.loads(str(arrays["scene"]))
    records = run_scene(Scene.model_validate(scene))
    for name in COLUMNS[2:]:
        computed = np.concatenate([columns(run, record)[name] for run, record in records.items()])
        np.testing.assert_array_equal(arrays[name], computed)
        np.testing.assert_array_equal([float(row[name]) for row in rows], computed)
        from_json = [np.nan if value is None else value for run in runs for value in run["columns"][name]]
        np.testing.assert_array_equal(from_json, computed)


def test_a_network_is_built_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    views = Mock(wraps=network.build_subject)
    monkeypatch.setattr(network, "build_subject", views)
    net = "landscape=recurrent_network&cell.hidden_units=3&task.sequence_length=10&slice=coordinates&steps=50"
    status, out, _ = invoke("run", net, "--out", str(tmp_path / "run.json"))
    assert (status, out.count("it is at rest")) == (0, 2)
    assert views.call_count == 1


def test_suffixes_are_the_formats() -> None:
    assert tuple(FORMATS) == SUFFIXES


def test_a_bad_scene_exits_with_2_and_says_why() -> None:
    status, out, err = invoke("run", "clip.threshold=-1&foo=1&landscape=x")
    assert (status, out) == (2, "")
    assert "clip.threshold must be at least 1e-06, got -1" in err.splitlines()
    assert len(err.splitlines()) == 3


def test_tracking_parameters_are_ignored_with_a_note() -> None:
    status, out, err = invoke("run", f"http://127.0.0.1:8000/?{QUERY}&utm_source=mail&fbclid=x#map")
    assert (status, out) == (0, invoke("run", QUERY)[1])
    assert err.splitlines()[:2] == [
        "utm_source does not belong to the experiment and is ignored",
        "fbclid does not belong to the experiment and is ignored",
    ]


@pytest.fixture
def own_lessons(tmp_path: Path) -> Path:
    """A folder with a good lesson and one with a fault."""
    (tmp_path / "own.md").write_text(GOOD, encoding="utf-8")
    (tmp_path / "bad.md").write_text(GOOD.replace("[3]", "[99]"), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("link", "scene"),
    [
        ("http://127.0.0.1:8000/?lesson=own", "start=4.6,-1.7&steps=20"),
        ("lesson=own&utm_source=mail", "start=4.6,-1.7&steps=20"),
        ("?lesson=own&steps=7", "steps=7"),
    ],
)
def test_a_lessons_link_runs_the_scene_that_the_page_shows(own_lessons: Path, link: str, scene: str) -> None:
    status, out, _ = invoke("run", link, "--lessons", str(own_lessons))
    assert (status, out) == (0, invoke("run", scene)[1])


def test_a_built_in_lessons_link_runs() -> None:
    assert invoke("run", "http://127.0.0.1:8000/?lesson=04-gradient-descent-at-a-cliff")[0] == 0


@pytest.mark.parametrize(("name", "faults"), [("x", 0), ("bad", 1)])
def test_a_missing_lesson_is_an_error_with_the_faults_of_its_file(own_lessons: Path, name: str, faults: int) -> None:
    status, out, err = invoke("run", f"lesson={name}", "--lessons", str(own_lessons))
    said = ["bad.md:3: claims must be at most 17, got 99"][:faults]
    assert (status, out) == (2, "")
    assert err.splitlines() == [f"lesson must be the name of one of the lessons here, got '{name}'", *said]


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["run", "", "--out", "x.txt"], 2, "--out must be a file that ends in .csv, .json, .npz, got x.txt"),
        (["run", "steps=1", "--out", "/nowhere/x.csv"], 1, "cannot write /nowhere/x.csv: No such file or directory"),
        (["serve", "--device", "toaster"], 2, "got toaster"),
        (["serve", "--port", "70000"], 2, "got 70000"),
        (["serve", "--lessons", "/nowhere", "--port", "0"], 2, "lessons_folder must be a folder that can be read"),
        (["check-lessons", "--lessons", "/nowhere"], 2, "must be a folder that can be read, got /nowhere"),
        (["serve", "--host", "256.0.0.1", "--port", "0"], 1, "cannot listen on 256.0.0.1 port 0"),
    ],
)
def test_errors_are_one_sentence(arguments: list[str], status: int, said: str) -> None:
    found, _, err = invoke(*arguments)
    assert found == status
    assert said in err
    assert "Traceback" not in err


def test_options_have_the_descriptions_of_settings() -> None:
    _, out, _ = invoke("serve", "--help")
    words = " ".join(out.replace("│", " ").split())
    for name in ("host", "port", "device", "threads"):
        assert (Settings.model_fields[name].description or "?") in words


def check_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str, str]:
    """`check-lessons` of one folder alone."""
    monkeypatch.setenv("CLIFFSCAPE_TEMPLATE_FOLDER", str(folder / "nowhere"))
    return invoke("check-lessons", "--lessons", str(folder))


def test_every_fact_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own.md").write_text(GOOD, encoding="utf-8")
    said = "own.md:12: holds  without.thrown_length  stated 9.45 ± 0.005, found 9.449910113\n"
    assert check_folder(tmp_path, monkeypatch) == (0, said, "")


def test_a_fact_that_no_longer_holds_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own.md").write_text(GOOD.replace("steps=20", "steps=12"), encoding="utf-8")
    status, out, err = check_folder(tmp_path, monkeypatch)
    assert status == 1
    assert out.startswith("own.md:12: FAILS  without.thrown_length  stated 9.45 ± 0.005, found 0.")
    assert err == "1 facts do not hold, 0 faults in files\n"


def test_a_quantity_without_a_fact_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own.md").write_text(GOOD.replace("After.", "Most runs converge."), encoding="utf-8")
    status, out, err = check_folder(tmp_path, monkeypatch)
    assert status == 1
    assert out.startswith("own.md:21: no fact, setting or quotation has 'Most': Most runs converge.\nown.md:12: holds")
    assert err == "1 facts do not hold, 0 faults in files\n"


def test_too_many_lessons_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cliffscape.app.lessons.folders.MOST", 1)
    for name in ("a.md", "b.md", "c.md"):
        (tmp_path / name).write_text(GOOD, encoding="utf-8")
    status, _, err = check_folder(tmp_path, monkeypatch)
    assert status == 1
    said = "the number of lessons in a folder must be at most 1, got 3: none is read from here on"
    assert err.splitlines()[0] == f"b.md:1: {said}"


def test_a_lesson_that_cannot_be_read_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bad.md").write_text(GOOD.replace("steps=20", "clip.threshold=1e9"), encoding="utf-8")
    status, out, err = check_folder(tmp_path, monkeypatch)
    assert (status, out) == (1, "")
    assert err.splitlines() == [
        "bad.md:4: clip.threshold must be at most 1000, got 1e9",
        "0 facts do not hold, 1 faults in files",
    ]


def test_a_collection_without_lessons_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong folder must not pass as a folder in which every fact holds."""
    status, out, err = check_folder(tmp_path, monkeypatch)
    assert (status, out) == (1, "")
    assert err.startswith("the number of lessons must be at least 1, got none in ")
    assert str(tmp_path) in err


def test_help_does_not_load_pytorch() -> None:
    script = "import sys, cliffscape.app.cli; sys.exit('torch' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_the_module_runs_as_the_command_does() -> None:
    command = [sys.executable, "-m", "cliffscape.app.cli", "run", "--help"]
    assert "Usage" in subprocess.run(command, capture_output=True, text=True, check=True).stdout
