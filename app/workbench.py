"""The workbench: everything that outlives a request. One per server."""

import os
from collections.abc import Generator, Sequence
from functools import partial

import torch

from app.cache import FrameStore, Held
from app.lane import Job, Lane
from app.pace import Pace
from app.plan import Part, opening
from app.recipes import Recipe
from app.render import Tools, kernel_source
from app.schema import DEFAULT
from app.settings import Settings


def chosen_device(name: str) -> torch.device:
    """The device called ``name``; ``auto`` is the first GPU where there is one."""
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(name)


def chosen_threads(count: int) -> int:
    """Threads for PyTorch: two threads beside a busy neighbour are slower than one, by 20 times and more."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return count or (cores if cores > 2 else 1)


class Workbench:
    """The compute lane of one device, with the frames and kernels it made."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.threads = chosen_threads(settings.threads)
        torch.set_num_threads(self.threads)
        self.store = FrameStore(settings.cache_bytes)
        device = chosen_device(settings.device)
        self.tools = Tools(device, Held(settings.kernel_bytes), Pace(settings.chunk_milliseconds / 1000))
        self.lane = Lane(str(device), settings.slots, settings.queue_length)

    def frames(self, parts: Sequence[Part]) -> Job[bytes]:
        """Make ``parts``, in order.

        Raises:
            BusyError: the lane is full.
        """
        return self.lane.submit(self._make(parts), self.settings.deadline_seconds)

    def _make(self, parts: Sequence[Part]) -> Generator[bytes | None, None, None]:
        for part in parts:
            yield (yield from self.store.obtain(part.key, partial(part.begin, self.tools)))

    async def kernel(self, recipe: Recipe) -> bytes:
        """The source of a kernel.

        Raises:
            BusyError: it must be traced and the lane is full.
            UntraceableError: it cannot be traced.
        """
        known = self.tools.sources.get(recipe)
        if known is not None:
            return known
        return await self.lane.submit(kernel_source(recipe, self.tools), self.settings.deadline_seconds).only()

    async def opening(self, parts: Sequence[Part]) -> list[bytes]:
        """All of ``parts``: from memory where they are held, and made where not."""
        held = [self.store.get(part.key) for part in parts]
        if None not in held:
            return [frame for frame in held if frame is not None]
        job = self.frames(parts)
        try:
            return [frame async for frame in job]
        finally:
            job.cancel()

    async def warm(self) -> None:
        """Make what the default page opens with; the first trace also makes PyTorch load its parts."""
        await self.opening(opening(DEFAULT))
