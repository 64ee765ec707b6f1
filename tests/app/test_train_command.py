"""``cliffscape train``: curves in files, results in the page's words, progress, and Ctrl-C."""

import io
import json
import os
import signal
import time
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from cliffscape.app.cli import cli
from cliffscape.app.command import SUFFIXES
from cliffscape.app.runs.pair import RUN_LABELS
from cliffscape.app.runs.training import TrainingRun, initial_run
from cliffscape.app.runs.training_result import result_text
from cliffscape.app.runs.training_session import train_scene
from cliffscape.app.runs.training_table import COLUMNS, FORMATS, table
from cliffscape.app.scene.links import from_query
from cliffscape.app.scene.schema import Scene
from cliffscape.app.terminal import catch_interruption
from tests.app.decoding import csv_rows
from tests.app.runs.test_training import train_run
from tests.app.web.exports.test_training_exports import CHOICES, QUERY


def invoke(*arguments: str) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of ``cliffscape train``."""
    result = CliRunner().invoke(cli, ["train", "--device", "cpu", *arguments])
    return result.exit_code, result.stdout, result.stderr


def sentences(run: TrainingRun) -> list[str]:
    """The lines about both runs."""
    scene = from_query(CHOICES)
    return [f"{said}: {result_text(run, scene, name)}" for name, said in RUN_LABELS.items()]


def test_suffixes_are_the_formats() -> None:
    assert tuple(FORMATS) == SUFFIXES


def test_files_hold_the_curves_and_standard_output_the_results(tmp_path: Path) -> None:
    run = train_run(from_query(CHOICES))
    expected = table(run, from_query(CHOICES), 25)
    for suffix in SUFFIXES:
        found = invoke(f"http://127.0.0.1:8000/?{QUERY}", "--out", str(tmp_path / f"curves{suffix}"))
        assert found == (0, "\n".join(sentences(run)) + "\n", "25 of 25 updates\n")
    with np.load(tmp_path / "curves.npz", allow_pickle=False) as file:
        arrays = dict(file)
    rows = csv_rows((tmp_path / "curves.csv").read_text(encoding="utf-8"))
    runs = json.loads((tmp_path / "curves.json").read_text(encoding="utf-8"))["runs"]
    for name in ("loss", "gradient_norm", "clip_factor"):
        assert arrays[name].tobytes() == expected[name].tobytes()
        assert np.array([float(row[name]) for row in rows]).tobytes() == expected[name].tobytes()
        assert [value for one in runs for value in one["columns"][name]] == expected[name].tolist()


def test_without_a_file_the_curves_are_on_standard_output() -> None:
    status, out, err = invoke(QUERY)
    assert status == 0
    rows = csv_rows(out)
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == 2 * 2 * 25
    assert err.splitlines() == ["25 of 25 updates", *sentences(train_run(from_query(CHOICES)))]


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["landscape=saddle"], 2, "landscape must be recurrent_network, because the other landscapes have no network"),
        ([""], 2, "got one_unit_rnn"),
        ([f"{QUERY}&seeds=99"], 2, "seeds must be at most 16, got 99"),
        ([f"{QUERY}&optimizer=newton&cell.hidden_units=9"], 2, "more than 64 parameters"),
        ([QUERY, "--out", "x.txt"], 2, "--out must be a file that ends in .csv, .json, .npz, got x.txt"),
        ([QUERY, "--device", "toaster"], 2, "got toaster"),
        ([QUERY, "--text", "/nowhere.txt"], 2, "/nowhere.txt"),
        ([f"{QUERY}&updates=1", "--out", "/nowhere/x.csv"], 1, "cannot write /nowhere/x.csv"),
    ],
)
def test_errors_are_one_sentence(arguments: list[str], status: int, said: str) -> None:
    found, out, err = invoke(*arguments)
    assert (found, out) == (status, "")
    assert said in err.splitlines()[-1]
    assert "Traceback" not in err


def interrupt_after(monkeypatch: pytest.MonkeyPatch, updates: int) -> None:
    """Press Ctrl-C while a run makes the update with this number."""
    advance = TrainingRun.advance

    def pressed(run: TrainingRun, total: int, seconds: float) -> None:
        if run.done + 1 == updates:
            os.kill(os.getpid(), signal.SIGINT)
        advance(run, total, 0.0)

    monkeypatch.setattr(TrainingRun, "advance", pressed)


def test_ctrl_c_saves_the_updates_so_far(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    interrupt_after(monkeypatch, 4)
    usual = signal.getsignal(signal.SIGINT)
    status, out, err = invoke(QUERY, "--out", str(tmp_path / "curves.csv"))
    assert status == 130
    assert [line.partition(": ")[0] for line in out.splitlines()] == [*RUN_LABELS.values()]
    assert err.splitlines()[-1] == "stopped after 4 of 25 updates; these are saved"
    rows = csv_rows((tmp_path / "curves.csv").read_text(encoding="utf-8"))
    assert [row["update"] for row in rows] == ["1", "2", "3", "4"] * 4
    assert signal.getsignal(signal.SIGINT) is usual


def test_ctrl_c_before_the_first_update_saves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(scene: Scene, device: object) -> TrainingRun:
        os.kill(os.getpid(), signal.SIGINT)
        return initial_run(scene)

    monkeypatch.setattr("cliffscape.app.runs.training_session.initial_run", pressed)
    status, out, err = invoke(QUERY, "--out", str(tmp_path / "curves.csv"))
    assert (status, out, err) == (130, "", "stopped before the first update; nothing is saved\n")
    assert not [*tmp_path.iterdir()]


def test_ctrl_c_again_interrupts_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A signal that follows within a second may be the same key press."""
    with catch_interruption() as found:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        assert found.time is not None
        now = time.monotonic()
        monkeypatch.setattr(time, "monotonic", lambda: now + 2)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        """It is."""
        return True


def test_a_terminal_shows_one_line_that_is_rewritten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cliffscape.app.terminal.TERMINAL_SECONDS", 0.0)
    stream = Terminal()
    train_scene(from_query(CHOICES), "cpu", stream)
    lines = stream.getvalue().split("\r\x1b[K")
    assert len(lines) > 2 and lines[-1] == "25 of 25 updates\n"
    assert "updates/s" in lines[1] and "left" in lines[1]
    assert stream.getvalue().count("\n") == 1
