"""Processes of this machine: how many a command uses, and what each of them loads first."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from cliffscape.app.blocks.pool import BlockPool, ProcessPool, SerialPool
from cliffscape.app.compute.cores import available_cores
from cliffscape.landscapes.bound_error import BoundError

B = TypeVar("B")
R = TypeVar("R")
MOST = 1024


def process_count(processes: int | None, useful: int) -> int:
    """The number of processes: ``processes``, by default one per core, but not more than are ``useful``.

    Raises:
        BoundError: ``processes`` is out of bounds.
    """
    if processes is not None and not 1 <= processes <= MOST:
        raise BoundError("--processes", processes, f"between 1 and {MOST:,}")
    return max(1, min(processes or available_cores(), useful))


def local_pool(
    compute: Callable[[B], R], count: int, landscapes: tuple[Path, ...] = (), text: Path | None = None
) -> BlockPool[B, R]:
    """A pool of ``count`` processes with the user's ``landscapes`` and ``text``; one is this process itself."""
    if count == 1:
        return SerialPool(compute)
    return ProcessPool(compute, count, partial(prepare_process, landscapes, text))


def prepare_process(landscapes: tuple[Path, ...], text: Path | None) -> None:
    """Load what the first process has loaded. PyTorch gets a single thread, since every core has a process."""
    import torch  # noqa: PLC0415 - takes seconds, and a process that computes nothing needs none

    from cliffscape.app.landscape_files.loader import load_files  # noqa: PLC0415 - before the Scene's classes are made

    torch.set_num_threads(1)
    if landscapes:
        load_files(landscapes)
    from cliffscape.app.runs.text_file import use_text_file  # noqa: PLC0415

    use_text_file(text)
