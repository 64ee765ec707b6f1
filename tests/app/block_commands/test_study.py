"""``cliffscape study temporal-order``: results, Ctrl-C, plans, and errors in one sentence."""

import os
import signal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cliffscape.app.cli import cli
from cliffscape.app.training_studies import training_block
from cliffscape.app.training_studies.training_block import State, TrainingBlock, compute_block
from tests.app.training_studies.small_studies import quick

__all__ = ["quick"]
SMALL = ("--lengths", "4", "--thresholds", "0.5", "--learning-rates", "0.1", "--seeds", "1", "--updates", "20")


def invoke(*arguments: str) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of the command."""
    result = CliRunner().invoke(cli, ["study", "temporal-order", *arguments])
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.usefixtures("quick")
def test_ctrl_c_says_how_to_continue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    def interrupted(block: TrainingBlock) -> State:
        os.kill(os.getpid(), signal.SIGINT)
        return compute_block(block)

    with monkeypatch.context() as patch:
        patch.setattr(training_block, "compute_block", interrupted)
        status, said, errors = invoke(*SMALL, "--out", "results")
    assert (status, said) == (130, "")
    again = "the same command continues with the states in results"
    assert errors.splitlines()[-1] == f"stopped after 0 of 2 trainings; {again}"
    assert invoke(*SMALL, "--out", "results") == (0, "results\n", "2 of 2 trainings\n")
    assert Path("results/trainings.csv").read_text().count("\n") == 3
    status, said, errors = invoke(*SMALL[:-1], "40", "--out", "results")
    assert (status, said) == (2, "")
    assert "results, which holds the study lengths (4,)" in errors
    assert Path("results/trainings.csv").read_text().count("\n") == 3


@pytest.mark.usefixtures("quick")
def test_a_plan_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    status, said, errors = invoke(*SMALL, "--plan")
    assert (status, errors) == (0, "")
    assert said.splitlines()[0] == "2 trainings of 20 updates" and "an update took" in said
    assert said.splitlines()[-1].startswith("memory: about ")
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--lengths", "1"), "--lengths must be between 2 and 1,000, got 1"),
        (("--lengths", "a:b"), "--lengths must be whole numbers"),
        (("--thresholds", "x"), "--thresholds must be numbers with commas between them, such as 0.5,1, got x"),
        (("--processes", "0"), "--processes must be between 1 and 1,024, got 0"),
        (("--seeds", "0"), "--seeds must be between 1 and"),
    ],
)
def test_errors_are_one_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    status, said, errors = invoke(*arguments)
    assert (status, said) == (2, "")
    assert errors.splitlines()[-1].startswith(sentence)
