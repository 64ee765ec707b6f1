"""Pools: what computes blocks. Here one process, or several processes of this machine."""

import contextlib
import multiprocessing
import multiprocessing.connection
import multiprocessing.resource_tracker
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Generic, Protocol, TypeVar

from cliffscape.app.signals import BLOCKABLE

B = TypeVar("B")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
ENDED = "a process ended before its block was computed, perhaps because memory ran out"


class PoolError(RuntimeError):
    """A process of a pool has ended before its block was computed; the message is a sentence."""


class BlockPool(Protocol[B, R_co]):
    """Computes independent blocks with one function, in any order. Blocks and results can be pickled."""

    @property
    def capacity(self) -> int:
        """How many blocks it takes at a time, so that none of its processes waits for the next one."""

    def submit(self, block: B) -> None:
        """Take a block; at most ``capacity`` of them are in progress.

        Raises:
            PoolError: a process has ended.
        """

    def next_result(self) -> tuple[B, R_co]:
        """A block that is computed, with its result; waits for one.

        Raises:
            PoolError: a process has ended, for example because memory ran out.
            Exception: computing the block failed.
        """

    def cancel(self) -> None:
        """Give up all blocks in progress, and free the processes."""


class SerialPool(Generic[B, R]):
    """Computes each block when its result is asked for, in this process."""

    capacity = 1

    def __init__(self, compute: Callable[[B], R]) -> None:
        self.compute = compute
        self._waiting: deque[B] = deque()

    def submit(self, block: B) -> None:
        """Take a block."""
        self._waiting.append(block)

    def next_result(self) -> tuple[B, R]:
        """The next block and its result."""
        block = self._waiting.popleft()
        return block, self.compute(block)

    def cancel(self) -> None:
        """Forget the blocks that wait."""
        self._waiting.clear()


class ProcessPool(Generic[B, R]):
    """Computes blocks in ``count`` processes of this machine, each of which first calls ``prepare``."""

    def __init__(self, compute: Callable[[B], R], count: int, prepare: Callable[[], None]) -> None:
        self.compute = compute
        # One more than there are processes: a process that has finished finds its next block at once.
        self.capacity = count + 1
        # Spawned, because threads of PyTorch do not survive a fork.
        context = multiprocessing.get_context("spawn")
        self._executor = ProcessPoolExecutor(count, context, initializer=begin_process, initargs=(prepare,))
        # It allows Ctrl-C again when it is started, so that happens before the first process.
        if BLOCKABLE:
            multiprocessing.resource_tracker.ensure_running()
        self._blocks: dict[Future[R], B] = {}

    def submit(self, block: B) -> None:
        """Take a block."""
        try:
            # This may start a process.
            with without_interruption():
                future = self._executor.submit(self.compute, block)
        except BrokenProcessPool:
            raise PoolError(ENDED) from None
        self._blocks[future] = block

    def next_result(self) -> tuple[B, R]:
        """A block that is computed, with its result."""
        finished, _ = wait(self._blocks, return_when=FIRST_COMPLETED)
        future = finished.pop()
        block = self._blocks.pop(future)
        try:
            return block, future.result()
        except BrokenProcessPool:
            raise PoolError(ENDED) from None

    def cancel(self) -> None:
        """End the processes, whatever they compute."""
        self._blocks.clear()
        self._executor.shutdown(wait=False, cancel_futures=True)
        for process in multiprocessing.active_children():
            process.terminate()


@contextlib.contextmanager
def without_interruption() -> Iterator[None]:
    """Let Ctrl-C wait until the end of the block. Processes that are started in it never get it.

    A terminal sends it to all processes, also to those that still load their modules.
    """
    if not BLOCKABLE:
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def begin_process(prepare: Callable[[], None]) -> None:
    """Prepare a process of a pool. Ctrl-C is left to the first process, and this one ends with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=end_with_parent, daemon=True).start()
    prepare()


def end_with_parent() -> None:
    """End this process when the one that started it has ended, even if that was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)
