"""Times of several works, taken in turn, so that a neighbour's load falls on all of them."""

import time
from collections.abc import Callable, Mapping


def time_in_turn(
    works: Mapping[str, Callable[[], object]], repeat: int, clock: Callable[[], float] = time.thread_time
) -> dict[str, list[float]]:
    """Milliseconds of every work, ``repeat`` times each after a first turn that is not counted.

    By default of this thread's processor time.
    """
    times: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(repeat + 1):
        for name, work in works.items():
            began = clock()
            work()
            if turn:
                times[name].append(1000 * (clock() - began))
    return times
