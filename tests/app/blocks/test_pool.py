"""Pools: processes of this machine, one that ends early, and errors from another process."""

import functools
import os
import signal

import pytest

from cliffscape.app.blocks.pool import PoolError, ProcessPool
from cliffscape.app.blocks.work import compute_blocks
from cliffscape.landscapes.bound_error import BoundError


def compute(block: int) -> tuple[int, int]:
    """The square of a number, and the process that computed it.

    -1 ends the process, -2 is out of bounds, and -3 is whether the process never gets Ctrl-C.
    """
    if block == -3:
        return (signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ())), os.getpid()
    if block == -1:
        os._exit(9)
    if block == -2:
        raise BoundError("block", block, "another one")
    return block * block, os.getpid()


def test_processes_compute_blocks_and_their_errors_come_back() -> None:
    pool = ProcessPool(compute, 2, functools.partial(int))
    found = dict[int, tuple[int, int]]()
    compute_blocks(pool, range(30), lambda block, result: found.update({block: result}))
    assert {block: square for block, (square, _) in found.items()} == {block: block**2 for block in range(30)}
    assert os.getpid() not in {process for _, process in found.values()}
    # Ctrl-C reaches neither process, from its start on, and still reaches this one.
    compute_blocks(pool, [-3], lambda block, result: found.update({block: result}))
    assert found[-3][0] and signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())
    with pytest.raises(BoundError, match="block must be another one, got -2") as error:
        compute_blocks(pool, [-2], found.__setitem__)
    assert (error.value.field, error.value.value, error.value.bound) == ("block", -2, "another one")


def test_a_process_that_ends_early_is_an_error() -> None:
    pool = ProcessPool(compute, 1, functools.partial(int))
    with pytest.raises(PoolError, match="a process ended before its block was computed"):
        compute_blocks(pool, [-1, 1], lambda block, result: None)
