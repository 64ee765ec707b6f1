"""What computes the blocks of a command: a cluster is joined when it is needed, and refused in one sentence."""

import logging
from pathlib import Path

import pytest
import torch
from typer.testing import CliRunner

from cliffscape.app.block_commands.processes import LocalProcesses, block_processes
from cliffscape.app.blocks.pool import SerialPool
from cliffscape.app.cli import cli
from cliffscape.app.cluster import connection
from cliffscape.app.settings import Settings
from cliffscape.landscapes.bound_error import BoundError

SWEEP = ("sweep", "landscape=saddle", "--cells", "5")
STUDY = ("study", "temporal-order", "--lengths", "4", "--seeds", "1", "--updates", "20")


def test_without_a_cluster_processes_are_those_of_this_machine() -> None:
    with block_processes(Settings(), 3, 1) as found:
        assert isinstance(found, LocalProcesses) and found.count == 1
        assert isinstance(found.pool(abs), SerialPool)
    with pytest.raises(BoundError, match=r"--processes must be between 1 and 1,024, got 0"):
        block_processes(Settings(cluster="local"), 0, 1).__enter__()


def test_a_gpu_has_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    for device, expected in (("auto", "cuda"), ("cuda:1", "cuda:1")):
        with block_processes(Settings(device=device), None, 8, gpu=True) as found:
            assert (found.device, found.count) == (expected, 1)
    # Work that cannot use one, and a user who wants none.
    for settings, gpu in ((Settings(device="auto"), False), (Settings(device="cpu"), True)):
        with block_processes(settings, 3, 8, gpu=gpu) as found:
            assert (found.device, found.count) == ("cpu", 3)
    with pytest.raises(
        BoundError, match=r"--processes must be 1 on a GPU, or used with --device cpu or --cluster, got 3"
    ):
        block_processes(Settings(device="auto"), 3, 8, gpu=True).__enter__()
    with pytest.raises(BoundError, match=r"device must be one that PyTorch sees \(2 GPUs here\), got cuda:2"):
        block_processes(Settings(device="cuda:2"), None, 8, gpu=True).__enter__()


@pytest.mark.parametrize("command", [SWEEP, STUDY], ids=["sweep", "study"])
@pytest.mark.parametrize("plan", [(), ("--plan",)], ids=["work", "plan"])
def test_a_cluster_that_cannot_be_used_is_refused_and_nothing_is_written(
    command: tuple[str, ...], plan: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(connection, "find_spec", lambda name: None)
    result = CliRunner().invoke(cli, [*command, "--cluster", *plan])
    expected = "cluster must be used with Ray: pip install 'cliffscape[cluster]', got no package ray\n"
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", expected)
    assert not [*tmp_path.iterdir()]


def test_an_optional_cluster_is_replaced_by_processes_of_this_machine(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(connection, "find_spec", lambda name: None)
    settings = Settings(cluster="local", cluster_optional=True)
    with block_processes(settings, 1, 1) as found, caplog.at_level(logging.WARNING):
        assert isinstance(found.pool(abs), SerialPool) and found.count == 1
    expected = "cluster must be used with Ray: pip install 'cliffscape[cluster]', got no package ray."
    assert caplog.messages == [f"{expected} Processes of this machine compute instead."]


def test_the_users_landscapes_are_refused() -> None:
    pytest.importorskip("ray", reason="The cluster needs Ray: make test-cluster.")
    settings = Settings(cluster="local", landscape_files=(Path("own.py"),))
    with pytest.raises(BoundError) as error, block_processes(settings, None, 1) as found:
        found.pool(abs)
    expected = "used without --model and --landscapes, which actors do not have, got --landscapes"
    assert str(error.value) == f"cluster must be {expected}"
