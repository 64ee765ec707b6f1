"""Work: submit blocks to a pool, and keep their results as they come."""

from collections import deque
from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeVar

from cliffscape.app.blocks.pool import BlockPool

B = TypeVar("B")
R = TypeVar("R")


class Stop(NamedTuple):
    """Why long work stopped before its end: a sentence that says how to continue, and whether it was Ctrl-C."""

    sentence: str
    interrupted: bool


def compute_blocks(
    pool: BlockPool[B, R],
    blocks: Iterable[B],
    keep: Callable[[B, R], B | None],
    stopped: Callable[[], bool] = lambda: False,
) -> None:
    """Compute blocks, and call ``keep`` with each and its result.

    ``keep`` may return another block, which follows from the result: it is computed before those that wait. At most
    ``pool.capacity`` blocks are taken from ``blocks`` ahead. Once ``stopped`` no more are taken, and those in progress
    are finished. After an error all blocks in progress are given up.
    """
    waiting, follow, in_progress = iter(blocks), deque[B](), 0
    try:
        while True:
            while in_progress < pool.capacity and not stopped():
                block = follow.popleft() if follow else next(waiting, None)
                if block is None:
                    break
                pool.submit(block)
                in_progress += 1
            if not in_progress:
                return
            done, result = pool.next_result()
            in_progress -= 1
            if (after := keep(done, result)) is not None:
                follow.append(after)
    finally:
        if in_progress:
            pool.cancel()
