"""Ranking: which actor gets work with a key. Work with the same key goes to the same actor, whose caches hold it."""

import hashlib
import math
from collections.abc import Sequence

# An actor takes work with its key until it has this many times the jobs of the average actor (Mirrokni et al. 2018,
# consistent hashing with bounded loads). Otherwise a class that opens one link would use a single actor.
BOUND = 1.25


def ranking(key: str, count: int) -> list[int]:
    """The numbers of ``count`` actors, the best for ``key`` first: rendezvous hashing (Thaler and Ravishankar 1998).

    If an actor is lost, only its own keys move.
    """
    return sorted(range(count), key=lambda number: hashlib.sha256(f"{key} {number}".encode()).digest())


def choose(ranked: Sequence[int], jobs: Sequence[int], sticky: bool) -> int:
    """The actor for one more job: the first of ``ranked``, or the first with room if the job is not ``sticky``.

    ``jobs`` are the unfinished jobs of every actor by number.
    """
    most = math.ceil(BOUND * (sum(jobs[number] for number in ranked) + 1) / len(ranked))
    return ranked[0] if sticky else next(number for number in ranked if jobs[number] < most)
