"""Processes of this machine: how many a command uses, and what each of them loads first."""

from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from typing import TypeVar

import torch

from cliffscape.app.blocks.pool import BlockPool, ProcessPool, SerialPool
from cliffscape.app.compute.cores import available_cores
from cliffscape.app.compute.library_cache import LibraryCache
from cliffscape.app.settings import Settings
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.networks.compiled.cells import COMPILED, no_library

B = TypeVar("B")
R = TypeVar("R")
MOST = 1024


def process_count(processes: int | None, useful: int, cores: int | None = None) -> int:
    """The number of processes: ``processes``, by default one per core, but not more than are ``useful``.

    ``cores`` are by default those of this machine.

    Raises:
        BoundError: ``processes`` is out of bounds.
    """
    if processes is not None and not 1 <= processes <= MOST:
        raise BoundError("--processes", processes, f"between 1 and {MOST:,}")
    return max(1, min(processes or cores or available_cores(), useful))


def local_pool(
    compute: Callable[[B], R], count: int, landscapes: tuple[Path, ...] = (), text: Path | None = None
) -> BlockPool[B, R]:
    """A pool of ``count`` processes with the user's ``landscapes`` and ``text``; one is this process itself."""
    if count == 1:
        return SerialPool(compute)
    return ProcessPool(compute, count, partial(prepare_process, landscapes, text))


@lru_cache(maxsize=1)
def stored_libraries() -> LibraryCache:
    """The user's compiled routines, from now on also those of networks in this process."""
    settings = Settings()
    found = LibraryCache(settings.cache_folder, settings.library_bytes)
    COMPILED.load = found.load if settings.compile else no_library
    return found


def prepare_process(landscapes: tuple[Path, ...], text: Path | None) -> None:
    """Load what the first process has loaded. PyTorch gets a single thread, since every core has a process."""
    from cliffscape.app.landscape_files.loader import load_files  # noqa: PLC0415 - before the Scene's classes are made

    torch.set_num_threads(1)
    if landscapes:
        load_files(landscapes)
    from cliffscape.app.runs.text_file import use_text_file  # noqa: PLC0415

    use_text_file(text)
