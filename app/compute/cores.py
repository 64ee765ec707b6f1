"""Cores: threads that compute one chunk together, each with a part of the lanes.

With two cores, two Python threads with one thread of PyTorch each are as fast as PyTorch's own two threads, and they
do not slow down each other when a neighbour takes one of the cores.
"""

import os
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import torch
from torch import Tensor


def available_cores() -> int:
    """The number of cores; the process may be restricted to fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Cores:
    """``count`` threads. With a count of 1 the caller's thread computes everything."""

    def __init__(self, count: int = 1) -> None:
        self.count = count
        self._pool: ThreadPoolExecutor | None = None

    def map_lanes(
        self, function: Callable[[Tensor], tuple[Tensor, ...]], lanes: Tensor, fewest: int
    ) -> tuple[Tensor, ...]:
        """``function(lanes)`` for ``lanes`` ``(L, ...)``, in as many parts of at least ``fewest`` lanes as possible."""
        parts = min(self.count, len(lanes) // fewest)
        if parts < 2:
            return function(lanes)
        first, *others = torch.tensor_split(lanes, parts)
        waiting = [self._threads().submit(function, part) for part in others]
        results = [function(first), *(future.result() for future in waiting)]
        return tuple(torch.cat(column) for column in zip(*results, strict=True))

    def run(self, works: Sequence[Callable[[], None]]) -> None:
        """Do all works. A thread that has done one takes the next, so they need not take equally long."""
        left = deque(works)

        def take() -> None:
            while left:
                try:
                    work = left.popleft()
                except IndexError:
                    # Another thread has taken the last one.
                    return
                work()

        waiting = [self._threads().submit(take) for _ in range(min(self.count, len(works)) - 1)]
        take()
        for future in waiting:
            future.result()

    def _threads(self) -> ThreadPoolExecutor:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self.count - 1, thread_name_prefix="cores")
        return self._pool

    def close(self) -> None:
        """End the threads; they start again when they are needed."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown()
