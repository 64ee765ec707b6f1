"""Ranking: which actor gets work with a key. Work with the same key goes to the same actor, whose caches hold it."""

import hashlib
import math
from collections.abc import Sequence


def ranking(key: str, count: int) -> list[int]:
    """The numbers of ``count`` actors, the best for ``key`` first: rendezvous hashing (Thaler and Ravishankar 1998).

    If an actor is lost, only its own keys move.
    """
    return sorted(range(count), key=lambda number: hashlib.sha256(f"{key} {number}".encode()).digest())


def choose(ranked: Sequence[int], jobs: Sequence[int]) -> int:
    """The actor for one more job: the first of ``ranked`` that has not yet its share of the jobs.

    Without this bound (consistent hashing with bounded loads, Mirrokni et al. 2018), a class that opens one link would
    use a single actor. ``jobs`` are the unfinished jobs of every actor by number.
    """
    share = math.ceil((sum(jobs[number] for number in ranked) + 1) / len(ranked))
    return next(number for number in ranked if jobs[number] < share)
