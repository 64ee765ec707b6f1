"""Caches: their limits in bytes, and work that jobs share."""

import pytest

from cliffscape.app.compute.cache import LATER, FrameGenerator, FrameStore, SizedCache
from cliffscape.app.compute.encoding import Frame, encode
from tests.app.turns import count_turns


class Kitchen:
    """Computes frames in three chunks and counts them."""

    def __init__(self, fail: bool = False) -> None:
        self.chunks = 0
        self.fail = fail

    def begin(self) -> FrameGenerator:
        """The work."""
        for _ in range(3):
            self.chunks += 1
            yield
        if self.fail:
            raise ArithmeticError("burnt")
        return Frame("dish", "k")


def test_the_least_recently_used_value_is_dropped() -> None:
    held: SizedCache[bytes] = SizedCache(10, len)
    held.put("a", b"12345")
    held.put("b", b"12345")
    held.get("a")
    held.put("c", b"1")
    assert [held.get(key) for key in "abc"] == [b"12345", None, b"1"]


def test_a_value_larger_than_the_cache_is_not_stored() -> None:
    held: SizedCache[bytes] = SizedCache(10, len)
    held.put("a", b"12345")
    held.put("b", b"x" * 11)
    assert held.get("a") == b"12345"
    assert held.get("b") is None


def test_a_frame_is_computed_once() -> None:
    store, kitchen = FrameStore(1000), Kitchen()
    assert count_turns(store.get_or_compute("k", kitchen.begin)) == (3, encode(Frame("dish", "k")))
    assert count_turns(store.get_or_compute("k", kitchen.begin)) == (0, encode(Frame("dish", "k")))
    assert kitchen.chunks == 3


def test_jobs_with_the_same_frame_share_its_work() -> None:
    store, kitchen = FrameStore(1000), Kitchen()
    jobs = [store.get_or_compute("k", kitchen.begin) for _ in range(3)]
    for job in jobs:
        next(job)
    assert [count_turns(job)[1] for job in jobs] == [encode(Frame("dish", "k"))] * 3
    assert kitchen.chunks == 3


def test_work_continues_when_one_of_its_jobs_is_cancelled() -> None:
    store, kitchen = FrameStore(1000), Kitchen()
    first, second = (store.get_or_compute("k", kitchen.begin) for _ in range(2))
    next(first)
    next(second)
    first.close()
    count_turns(second)
    assert kitchen.chunks == 3


def test_work_starts_anew_after_all_jobs_are_cancelled() -> None:
    store, kitchen = FrameStore(1000), Kitchen()
    first = store.get_or_compute("k", kitchen.begin)
    next(first)
    first.close()
    assert count_turns(store.get_or_compute("k", kitchen.begin))[0] == 3
    assert kitchen.chunks == 4


def test_a_failure_reaches_every_job_and_is_not_stored() -> None:
    store, bad, good = FrameStore(1000), Kitchen(fail=True), Kitchen()
    jobs = [store.get_or_compute("k", bad.begin) for _ in range(2)]
    for job in jobs:
        next(job)
    for job in jobs:
        with pytest.raises(ArithmeticError, match="burnt"):
            count_turns(job)
    assert count_turns(store.get_or_compute("k", good.begin))[1] == encode(Frame("dish", "k"))


def test_frames_too_large_for_the_cache_are_still_computed() -> None:
    store, kitchen = FrameStore(1), Kitchen()
    jobs = [store.get_or_compute("k", kitchen.begin) for _ in range(2)]
    assert [count_turns(job)[1] for job in jobs] == [encode(Frame("dish", "k"))] * 2
    assert store.get("k") is None


def recipes(count: int) -> FrameGenerator:
    """Work with a preview after every other chunk."""
    try:
        for k in range(count):
            yield None
            yield Frame("recipe", "k", {"k": k})
    finally:
        LEFT.append(count)
    return Frame("meal", "k")


LEFT: list[int] = []


def test_previews_reach_jobs_that_join_late() -> None:
    store = FrameStore(1000)
    first = store.get_or_compute("k", lambda: recipes(2))
    shown = [next(first) for _ in range(2)]
    assert shown == [None, encode(Frame("recipe", "k", {"k": 0}))]
    second = store.get_or_compute("k", lambda: recipes(2))
    expected = [encode(Frame("recipe", "k", {"k": k})) for k in range(2)]
    assert [frame for frame in second if frame] == expected
    assert [frame for frame in first if frame] == []
    assert store.get("k") == encode(Frame("meal", "k"))


def test_work_is_closed_when_its_last_job_is_cancelled() -> None:
    store = FrameStore(1000)
    job = store.get_or_compute("k", lambda: recipes(7))
    next(job)
    LEFT.clear()
    job.close()
    assert LEFT == [7]


def test_a_job_is_called_back_when_the_rest_of_its_frame_can_wait() -> None:
    delays: list[str] = []

    def recipe_then_meal() -> FrameGenerator:
        yield Frame("recipe", "k")
        yield LATER
        yield None
        yield None
        return Frame("meal", "k")

    store = FrameStore(1000)
    first = store.get_or_compute("k", recipe_then_meal, lambda: delays.append("first"))
    assert next(first) == encode(Frame("recipe", "k"))
    assert delays == []
    # In the same turn, so that the next one is that of long work.
    assert next(first) is None and delays == ["first"]
    second = store.get_or_compute("k", recipe_then_meal, lambda: delays.append("second"))
    assert next(second) == encode(Frame("recipe", "k"))
    assert next(second) is None and delays == ["first", "second"]
    assert count_turns(first) and store.get("k") == encode(Frame("meal", "k"))
