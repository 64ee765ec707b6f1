"""Processes of this machine: how many there are, and what each of them loads."""

from pathlib import Path

import pytest
import torch

from cliffscape.app.blocks import local_processes
from cliffscape.app.blocks.local_processes import local_pool, prepare_process, process_count
from cliffscape.app.blocks.pool import SerialPool
from cliffscape.app.landscape_files.landscape_file import LandscapeFileError
from cliffscape.landscapes.bound_error import BoundError


def test_there_is_one_process_per_core_but_none_that_is_not_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_processes, "available_cores", lambda: 6)
    assert [process_count(None, useful) for useful in (0, 1, 4, 100)] == [1, 1, 4, 6]
    assert [process_count(3, useful) for useful in (0, 100)] == [1, 3]
    for wrong in (0, 2000):
        with pytest.raises(BoundError, match=rf"--processes must be between 1 and 1,024, got {wrong}"):
            process_count(wrong, 9)


def test_one_process_is_this_one() -> None:
    assert isinstance(local_pool(abs, 1), SerialPool)


def test_a_process_loads_the_users_files(tmp_path: Path) -> None:
    """In the tests' process, so with files that are refused: those that are not would stay loaded."""
    with pytest.raises(LandscapeFileError, match=r"cannot read absent\.py"):
        prepare_process((tmp_path / "absent.py",), None)
    with pytest.raises(BoundError, match="text_file"):
        prepare_process((), tmp_path / "absent.txt")
    assert torch.get_num_threads() == 1
