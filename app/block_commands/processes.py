"""Processes: what computes the blocks of a command, and how many there are. On a cluster they are actors of Ray."""

import contextlib
import logging
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from cliffscape.app.blocks.local_processes import local_pool, process_count
from cliffscape.app.blocks.pool import BlockPool
from cliffscape.app.compute.device import select_device
from cliffscape.app.settings import Settings
from cliffscape.landscapes.bound_error import BoundError

if TYPE_CHECKING:
    from cliffscape.app.cluster.connection import ActorPlan

logger = logging.getLogger(__name__)
CPU, CUDA = "cpu", "cuda"
# Cores of an actor, unless the settings say more: a block is computed by one.
CORES = 1
B = TypeVar("B")
R = TypeVar("R")


class BlockProcesses(Protocol):
    """Creates pools of ``count`` processes."""

    @property
    def count(self) -> int:
        """How many processes a pool has."""

    @property
    def device(self) -> str:
        """What each of them computes on, as PyTorch names it."""

    def pool(self, compute: Callable[[B], R]) -> BlockPool[B, R]:
        """A pool that computes blocks with a function of a module."""


class LocalProcesses:
    """Processes of this machine, with the user's landscapes and text; a GPU has one."""

    def __init__(self, count: int, landscapes: tuple[Path, ...], text: Path | None, device: str = CPU) -> None:
        self.count, self.landscapes, self.text, self.device = count, landscapes, text, device

    def pool(self, compute: Callable[[B], R]) -> BlockPool[B, R]:
        """A pool; with a single process it is this one."""
        return local_pool(compute, self.count, self.landscapes, self.text)


class ClusterProcesses:
    """Actors of the cluster that the settings name, which is joined when it is needed.

    If it cannot be used and is optional, processes of this machine take its place, and the log says why.
    """

    def __init__(
        self, settings: Settings, processes: int | None, useful: int, gpu: bool, local: Callable[[], LocalProcesses]
    ) -> None:
        self.settings, self.processes, self.useful, self.gpu = settings, processes, useful, gpu
        self._local = local

    @property
    def count(self) -> int:
        """How many actors a pool has: not more than the cluster has cores or GPUs for.

        Raises:
            BoundError: the cluster cannot be used, or has too few of them.
        """
        return self.plan.actors if self.plan else self.local.count

    @property
    def device(self) -> str:
        """A GPU if every actor has one, else the CPU.

        Raises:
            BoundError: the cluster cannot be used, or has too few of them.
        """
        if self.plan:
            return CUDA if self.plan.gpu else CPU
        return self.local.device

    @cached_property
    def local(self) -> LocalProcesses:
        """The processes of this machine that take the place of the actors."""
        return self._local()

    @cached_property
    def plan(self) -> "ActorPlan | None":
        """The actors, or None if processes of this machine take their place."""
        try:
            return self._join()
        except BoundError as error:
            self._refuse(error)
            return None

    def _refuse(self, error: BoundError) -> None:
        """Raise the error, or log it if the cluster is optional."""
        if not self.settings.cluster_optional:
            raise error
        logger.warning("%s. Processes of this machine compute instead.", error)

    def _join(self) -> "ActorPlan":
        from cliffscape.app.cluster.connection import join, plan_actors  # noqa: PLC0415 - Ray is optional

        join(self.settings)
        plan = plan_actors(self.settings, CORES, self.gpu)
        return plan._replace(actors=min(plan.actors, process_count(self.processes, self.useful, plan.actors)))

    def pool(self, compute: Callable[[B], R]) -> BlockPool[B, R]:
        """A pool of actors, with the text of this process.

        Raises:
            BoundError: the cluster cannot be used.
        """
        if self.plan:
            from cliffscape.app.cluster.block_pool import RayBlockPool  # noqa: PLC0415

            try:
                return RayBlockPool(compute, self.plan)
            except BoundError as error:
                self._refuse(error)
        return self.local.pool(compute)

    def close(self) -> None:
        """Leave the cluster, and end it if it was started here."""
        from cliffscape.app.cluster.connection import leave  # noqa: PLC0415

        leave()


@contextlib.contextmanager
def block_processes(
    settings: Settings, processes: int | None, useful: int, text: Path | None = None, gpu: bool = False
) -> Iterator[BlockProcesses]:
    """At most ``useful`` processes, by default one per core, of this machine or of the cluster that is set.

    ``gpu`` says whether their work can use a GPU; then there is one process for each.

    Raises:
        BoundError: ``processes`` is out of bounds, or there is no such device.
    """
    count = process_count(processes, useful)

    def local() -> LocalProcesses:
        device = str(select_device(settings.device)) if gpu else CPU
        if device != CPU and (processes or 1) > 1:
            raise BoundError("--processes", processes, "1 on a GPU, or used with --device cpu or --cluster")
        return LocalProcesses(count if device == CPU else 1, settings.landscape_files, text, device)

    if not settings.cluster:
        yield local()
        return
    cluster = ClusterProcesses(settings, processes, useful, gpu, local)
    try:
        yield cluster
    finally:
        cluster.close()
