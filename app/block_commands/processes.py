"""Processes: what computes the blocks of a command, and how many there are. On a cluster they are actors of Ray."""

import contextlib
import logging
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Protocol, TypeVar

from cliffscape.app.blocks.local_processes import local_pool, process_count
from cliffscape.app.blocks.pool import BlockPool
from cliffscape.app.settings import Settings
from cliffscape.landscapes.bound_error import BoundError

logger = logging.getLogger(__name__)
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
    """Actors of the cluster that the settings name, which is joined when it is needed.

    If it cannot be used and is optional, processes of this machine take its place, and the log says why.
    """

    def __init__(self, settings: Settings, processes: int | None, useful: int, local: LocalProcesses) -> None:
        self.settings, self.processes, self.useful, self.local = settings, processes, useful, local

    @property
    def count(self) -> int:
        """How many actors a pool has: not more than the cluster has cores for.

        Raises:
            BoundError: the cluster cannot be used, or has too few cores.
        """
        return self.actors or self.local.count

    @cached_property
    def actors(self) -> int:
        """The same, or 0 if processes of this machine take their place."""
        try:
            return self._join()
        except BoundError as error:
            self._refuse(error)
            return 0

    def _refuse(self, error: BoundError) -> None:
        """Raise the error, or log it if the cluster is optional."""
        if not self.settings.cluster_optional:
            raise error
        logger.warning("%s. Processes of this machine compute instead.", error)

    def _join(self) -> int:
        from cliffscape.app.cluster.connection import block_actors, join  # noqa: PLC0415 - Ray is optional

        join(self.settings)
        most = block_actors(self.settings)
        return min(most, process_count(self.processes, self.useful, most))

    def pool(self, compute: Callable[[B], R]) -> BlockPool[B, R]:
        """A pool of actors, with the text of this process.

        Raises:
            BoundError: the cluster cannot be used.
        """
        if self.actors:
            from cliffscape.app.cluster.block_pool import RayBlockPool  # noqa: PLC0415

            try:
                return RayBlockPool(compute, self.actors, self.settings.cluster_cores or 1)
            except BoundError as error:
                self._refuse(error)
        return self.local.pool(compute)

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
    cluster = ClusterProcesses(settings, processes, useful, local)
    try:
        yield cluster
    finally:
        cluster.close()
