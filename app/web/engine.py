"""The engine: the state that outlives a request. One per server.

What the web application needs of it is in ``Engine``. ``ProcessEngine`` computes in this process; the actors of a
cluster have one each, and ``app/cluster/engine.py`` is the engine that sends work to them.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Sequence
from functools import partial
from typing import Any, TypeVar

import torch

from cliffscape.app.compute.cache import FrameStore, SizedCache
from cliffscape.app.compute.chunking import Chunking
from cliffscape.app.compute.compiled import MOST, Routines
from cliffscape.app.compute.cores import Cores, available_cores
from cliffscape.app.compute.device import select_device
from cliffscape.app.compute.gpu.block_library import compile_steps_for
from cliffscape.app.compute.job import NOBODY, Job, Results, Sender
from cliffscape.app.compute.library_cache import LibraryCache
from cliffscape.app.compute.turns import LONG
from cliffscape.app.compute.worker import Worker
from cliffscape.app.compute.workspace import Workspace, sized_cache
from cliffscape.app.frames.plan import PlannedFrame, opening
from cliffscape.app.runs.pair import RUN_NAMES
from cliffscape.app.runs.sweep_recipe import sweep_recipe
from cliffscape.app.scene.kernel_recipe import Recipe
from cliffscape.app.scene.schema import DEFAULT, Scene
from cliffscape.app.settings import Settings
from cliffscape.landscapes.backends.kernels import Kernel
from cliffscape.landscapes.networks.compiled.cells import COMPILED, no_library

T = TypeVar("T")
# Work on a workspace. It is pickled for another process, so it is a function of a module, or a part of one.
Task = Callable[[Workspace], Generator[T | None, None, None]]
NETWORK = Scene.model_validate({"landscape": {"kind": "recurrent_network"}})


def select_threads(count: int) -> int:
    """The number of threads for PyTorch. With one of two cores busy, one thread is up to 20 times faster than two."""
    cores = available_cores()
    return count or (cores if cores > 2 else 1)


class Engine(ABC):
    """What computes for the web application, and the frames that it has computed."""

    last_seconds = 0.9  # after a signal the process ends, even if a thread is still busy

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = FrameStore(settings.cache_bytes)

    @property
    @abstractmethod
    def gpu(self) -> bool:
        """Whether it computes on a GPU."""

    @abstractmethod
    def start(self) -> None:
        """Be ready for work."""

    @abstractmethod
    def stop(self) -> None:
        """Stop soon; unfinished jobs fail with ``BusyError``."""

    @abstractmethod
    def close(self) -> None:
        """Give back what it holds, after it has stopped."""

    @abstractmethod
    def end(self, seconds: float) -> None:
        """End the processes that it has started, within about so many seconds, before this one ends."""

    @abstractmethod
    def report(self) -> dict[str, Any]:
        """Its device, its threads, and the load of its worker."""

    @abstractmethod
    def drop(self, sender: Sender) -> None:
        """Stop the unfinished job of a sender's line."""

    @abstractmethod
    def frames(self, parts: Sequence[PlannedFrame], sender: Sender = NOBODY) -> Results[bytes]:
        """Compute ``parts`` in order, instead of an unfinished request of the same line of ``sender``.

        Raises:
            BusyError: there is no free place.
            CrowdedError: the client has too many unfinished requests.
        """

    @abstractmethod
    def work(self, task: Task[T], sender: Sender = NOBODY, scene: Scene | None = None) -> Results[T]:
        """Do a task, which may take minutes and use the stored training run of ``scene``. Fails as ``frames`` does."""

    @abstractmethod
    async def kernel(self, recipe: Recipe) -> Kernel:
        """The kernel of a recipe, from a cache or traced again. Fails as ``frames`` does, or with UntraceableError."""

    async def opening(self, parts: Sequence[PlannedFrame]) -> list[bytes]:
        """The frames of ``parts``, from the cache or computed.

        Raises:
            BusyError, DeadlineError: there is no free place, or they were not computed in time.
        """
        # Cached frames do not need a turn on the worker.
        held = [frame for part in parts if (frame := self.store.get(part.key)) is not None]
        return held if len(held) == len(parts) else await every(self.frames(parts))

    async def warm(self) -> None:
        """Compute the frames of the default page; the first trace also makes PyTorch load its modules."""
        await self.opening(opening(DEFAULT))

    def deadline(self, parts: Sequence[PlannedFrame]) -> float:
        """Seconds that these frames may take, waiting included."""
        long = any(part.long for part in parts)
        return self.settings.long_deadline_seconds if long else self.settings.deadline_seconds


async def every(job: Results[T]) -> list[T]:
    """All results of a job."""
    try:
        return [result async for result in job]
    finally:
        job.cancel()


class ProcessEngine(Engine):
    """The compute worker of one device of this process, and the caches of what it computed."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.threads = select_threads(settings.threads)
        torch.set_num_threads(self.threads)
        device = select_device(settings.device)
        pace = Chunking(settings.chunk_milliseconds / 1000)
        kernels, views, runs = (
            SizedCache(settings.kernel_bytes, source_size),
            sized_cache(settings.view_bytes),
            sized_cache(settings.run_bytes),
        )
        libraries = LibraryCache(settings.cache_folder, settings.library_bytes)
        self.cores = Cores((settings.threads or available_cores()) if device.type == "cpu" else 1)
        routines = Routines(MOST if settings.compile else 0, device, libraries.load, self.cores)
        COMPILED.load = libraries.load if settings.compile else no_library
        if settings.compile:
            compile_steps_for(device)
        self.workspace = Workspace(
            device, kernels, pace, views, runs, settings.memory_bytes, routines=routines, cores=self.cores
        )
        self.worker = Worker(str(device), settings.slots, settings.queue_length, settings.client_requests)

    @property
    def gpu(self) -> bool:
        """Whether the worker computes on a GPU."""
        return self.workspace.device.type == "cuda"

    def start(self) -> None:
        """Start the worker."""
        self.worker.start()

    def stop(self) -> None:
        """Stop the worker after its current chunk."""
        self.worker.stop()

    def close(self) -> None:
        """End the threads that compute parts of a chunk."""
        self.cores.close()

    def end(self, seconds: float) -> None:
        """End the compilers."""
        self.workspace.routines.stop(seconds)

    def report(self) -> dict[str, Any]:
        """The device, PyTorch's threads, and the load of the worker."""
        return {"device": str(self.workspace.device), "threads": self.threads, "worker": self.worker.report()}

    def drop(self, sender: Sender) -> None:
        """Stop the unfinished job of a sender's line."""
        self.worker.drop(sender)

    def frames(self, parts: Sequence[PlannedFrame], sender: Sender = NOBODY) -> Job[bytes]:
        """Compute ``parts`` in order."""
        costs = [parts[0].cost]
        return self.worker.submit(self._make(parts, costs), self.deadline(parts), lambda: costs[-1], sender)

    def _make(self, parts: Sequence[PlannedFrame], costs: list[float]) -> Generator[bytes | None, None, None]:
        """The frames; the cost of the current one is added to ``costs``."""
        for part in parts:
            yield (yield from self.make(part, costs))

    def make(self, part: PlannedFrame, costs: list[float]) -> Generator[bytes | None, None, bytes]:
        """One frame, stored or computed; yields its previews. Its cost is added to ``costs``."""
        costs.append(part.cost)
        begin, delay = partial(part.begin, self.workspace), partial(costs.append, LONG)
        return (yield from self.store.get_or_compute(part.key, begin, delay))

    def work(self, task: Task[T], sender: Sender = NOBODY, scene: Scene | None = None) -> Job[T]:
        """Do a task on the worker."""
        return self.worker.submit(task(self.workspace), self.settings.long_deadline_seconds, sender=sender)

    async def kernel(self, recipe: Recipe) -> Kernel:
        """The kernel of a recipe, from the cache or traced again, before long work."""
        known = self.workspace.kernels.get(recipe)
        if known is None:
            work = trace_kernel(recipe, self.workspace)
            (known,) = await every(self.worker.submit(work, self.settings.deadline_seconds, lambda: 0))
        return known

    async def warm(self) -> None:
        """The same, with the compiled routines."""
        await super().warm()
        # The cell of the default network: a visitor's first descent on it need not wait for the compiler.
        await asyncio.to_thread(COMPILED.get, NETWORK.net.cell)
        for run in RUN_NAMES:
            self.workspace.routines.get(sweep_recipe(DEFAULT, run))


def trace_kernel(recipe: Recipe, workspace: Workspace) -> Generator[Kernel | None, None, None]:
    """The kernel of a recipe, as work."""
    yield workspace.kernel(recipe)


def source_size(kernel: Kernel) -> int:
    """The approximate memory of a kernel in bytes."""
    return len(kernel.source)
