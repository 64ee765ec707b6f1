"""The engine: the state that outlives a request. One per server."""

import asyncio
from collections.abc import Generator, Sequence
from functools import partial
from typing import TypeVar

import torch

from cliffscape.app.compute.cache import FrameStore, SizedCache
from cliffscape.app.compute.chunking import Chunking
from cliffscape.app.compute.compiled import MOST, Routines
from cliffscape.app.compute.cores import Cores, available_cores
from cliffscape.app.compute.gpu.block_library import compile_steps_for
from cliffscape.app.compute.job import NOBODY, Job, Sender
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
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.networks.compiled.cells import COMPILED, no_library

T = TypeVar("T")
NETWORK = Scene.model_validate({"landscape": {"kind": "recurrent_network"}})


def select_device(name: str) -> torch.device:
    """The device called ``name``; ``auto`` is the first GPU, or the CPU if there is none.

    Raises:
        BoundError: there is no such device.
    """
    gpus = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if name == "auto":
        name = "cuda" if gpus else "cpu"
    device = torch.device(name)
    if device.type == "cuda" and (device.index or 0) >= gpus:
        raise BoundError("device", name, f"one that PyTorch sees ({gpus} GPUs here)")
    return device


def select_threads(count: int) -> int:
    """The number of threads for PyTorch. With one of two cores busy, one thread is up to 20 times faster than two."""
    cores = available_cores()
    return count or (cores if cores > 2 else 1)


class Engine:
    """The compute worker of one device, and the caches of what it computed."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.threads = select_threads(settings.threads)
        torch.set_num_threads(self.threads)
        self.store = FrameStore(settings.cache_bytes)
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

    def frames(self, parts: Sequence[PlannedFrame], sender: Sender = NOBODY) -> Job[bytes]:
        """Compute ``parts`` in order, instead of an unfinished request of the same line of ``sender``.

        Raises:
            BusyError: the worker is full.
            CrowdedError: the client has too many unfinished requests.
        """
        long = any(part.long for part in parts)
        seconds = self.settings.long_deadline_seconds if long else self.settings.deadline_seconds
        costs = [parts[0].cost]
        return self.worker.submit(self._make(parts, costs), seconds, lambda: costs[-1], sender)

    def _make(self, parts: Sequence[PlannedFrame], costs: list[float]) -> Generator[bytes | None, None, None]:
        """The frames; the cost of the current one is added to ``costs``."""
        for part in parts:
            costs.append(part.cost)
            begin, delay = partial(part.begin, self.workspace), partial(costs.append, LONG)
            yield (yield from self.store.get_or_compute(part.key, begin, delay))

    async def kernel(self, recipe: Recipe) -> Kernel:
        """The kernel of a recipe, from the cache or traced again.

        Raises:
            BusyError: it must be traced and the worker is full.
            UntraceableError: it cannot be traced.
        """
        known = self.workspace.kernels.get(recipe)
        if known is not None:
            return known
        (kernel,) = await self._results(self._trace(recipe))
        return kernel

    def _trace(self, recipe: Recipe) -> Generator[Kernel | None, None, None]:
        yield self.workspace.kernel(recipe)

    async def _results(self, work: Generator[T | None, None, None]) -> list[T]:
        """Everything that ``work`` yields on the worker."""
        job = self.worker.submit(work, self.settings.deadline_seconds, lambda: 0)
        try:
            return [result async for result in job]
        finally:
            job.cancel()

    async def opening(self, parts: Sequence[PlannedFrame]) -> list[bytes]:
        """The frames of ``parts``, from the cache or computed.

        Raises:
            BusyError: the worker is full.
            DeadlineError: they were not computed in time.
        """
        # Cached frames do not need a turn on the worker.
        held = [frame for part in parts if (frame := self.store.get(part.key)) is not None]
        return held if len(held) == len(parts) else await self._results(self._make(parts, []))

    async def warm(self) -> None:
        """Compute the frames of the default page; the first trace also makes PyTorch load its modules."""
        await self.opening(opening(DEFAULT))
        # The cell of the default network: a visitor's first descent on it need not wait for the compiler.
        await asyncio.to_thread(COMPILED.get, NETWORK.net.cell)
        # Compiles the routines of the opening page's outcome maps in the background.
        for run in RUN_NAMES:
            self.workspace.routines.get(sweep_recipe(DEFAULT, run))


def source_size(kernel: Kernel) -> int:
    """The approximate memory of a kernel in bytes."""
    return len(kernel.source)
