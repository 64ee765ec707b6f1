"""Processes: what computes the blocks of a command, and how many there are. On a cluster they are actors of Ray."""

import contextlib
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Protocol, TypeVar

from cliffscape.app.blocks.local_processes import local_pool, process_count
from cliffscape.app.blocks.pool import BlockPool
from cliffscape.app.settings import Settings

B = TypeVar("B")
R = TypeVar("R")


class BlockProcesses(Protocol):
    """Creates pools of ``count`` processes."""

    @property
    def count(self) -> int:
        """How many processes a pool has."""

    def pool(self, compute: Callable[[B], R]) -> BlockPool[B, R]:
        """A pool that computes blocks with a function of a module."""


class LocalProcesses:
    """Processes of this machine, with the user's landscapes and text."""

    def __init__(self, count: int, landscapes: tuple[Path, ...], text: Path | None) -> None:
        self.count, self.landscapes, self.text = count, landscapes, text

    def pool(self, compute: Callable[[B], R]) -> BlockPool[B, R]:
        """A pool; with a single process it is this one."""
        return local_pool(compute, self.count, self.landscapes, self.text)


class ClusterProcesses:
    """Actors of the cluster that the settings name, which is joined when it is needed."""

    def __init__(self, settings: Settings, processes: int | None, useful: int) -> None:
        self.settings, self.processes, self.useful = settings, processes, useful

    @cached_property
    def count(self) -> int:
        """How many actors a pool has: not more than the cluster has cores for.

        Raises:
            BoundError: the cluster cannot be used, or has too few cores.
        """
        from cliffscape.app.cluster.connection import block_actors, join  # noqa: PLC0415 - Ray is optional

        join(self.settings)
        most = block_actors(self.settings)
        return min(most, process_count(self.processes, self.useful, most))

    def pool(self, compute: Callable[[B], R]) -> BlockPool[B, R]:
        """A pool of actors, with the text of this process.

        Raises:
            BoundError: the cluster cannot be used.
        """
        count = self.count
        from cliffscape.app.cluster.block_pool import RayBlockPool  # noqa: PLC0415

        return RayBlockPool(compute, count, self.settings.cluster_cores or 1)

    def close(self) -> None:
        """Leave the cluster, and end it if it was started here."""
        from cliffscape.app.cluster.connection import leave  # noqa: PLC0415

        leave()


@contextlib.contextmanager
def block_processes(
    settings: Settings, processes: int | None, useful: int, text: Path | None = None
) -> Iterator[BlockProcesses]:
    """At most ``useful`` processes, by default one per core, of this machine or of the cluster that is set.

    Raises:
        BoundError: ``processes`` is out of bounds.
    """
    local = LocalProcesses(process_count(processes, useful), settings.landscape_files, text)
    if not settings.cluster:
        yield local
        return
    cluster = ClusterProcesses(settings, processes, useful)
    try:
        yield cluster
    finally:
        cluster.close()
