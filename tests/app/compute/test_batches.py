"""Batches: who joins which, in which order they are computed, and what errors and departures do."""

from collections.abc import Generator, Sequence
from contextlib import ExitStack

import pytest

from cliffscape.app.compute.batches import Batch, Batches, Member

LOG: list[str] = []


def spell(members: Sequence[Member[str]]) -> Generator[str | None, None, str]:
    """Two pieces of work: one with a result, one without; the last result has everybody's name."""
    names = "".join(member.value for member in members)
    LOG.append(names)
    yield names.upper()
    yield None
    return names


def fail(members: Sequence[Member[str]]) -> Generator[str | None, None, str]:
    """Work that fails in its second piece."""
    yield "first"
    raise ArithmeticError("burnt")


def finish(batch: Batch[str, str, str]) -> str | None:
    """The last result."""
    while not batch.finished:
        batch.advance()
    return batch.value()


@pytest.fixture(autouse=True)
def _empty_log() -> None:
    LOG.clear()


def test_jobs_with_one_key_share_a_batch() -> None:
    batches, members = Batches(), [Member(name) for name in "abc"]
    with ExitStack() as stack:
        found = [stack.enter_context(batches.join("key", member, 9, spell)) for member in members]
        assert found[0] is found[1] is found[2]
        assert finish(found[0]) == "abc"
        assert [member.row for member in members] == [0, 1, 2]
        assert found[0].results == ["ABC"]
    assert LOG == ["abc"]


def test_other_keys_and_full_batches_are_separate() -> None:
    batches = Batches()
    with ExitStack() as stack:
        found = [
            stack.enter_context(batches.join(key, Member(name), 2, spell))
            for name, key in (("a", 1), ("b", 2), ("c", 1), ("d", 1))
        ]
        assert [finish(batch) for batch in found] == ["ac", "b", "ac", "d"]


def test_a_batch_grows_while_an_earlier_one_is_computed() -> None:
    batches = Batches()
    with ExitStack() as stack:
        first = stack.enter_context(batches.join("key", Member("a"), 9, spell))
        first.advance()
        second = stack.enter_context(batches.join("key", Member("b"), 9, spell))
        # A turn of a job that waits is not lost: it advances the earlier batch.
        second.advance()
        second.advance()
        assert first.finished and LOG == ["a"]
        assert stack.enter_context(batches.join("key", Member("c"), 9, spell)) is second
        assert finish(second) == "bc"


def test_a_batch_does_not_wait_for_one_that_everybody_left() -> None:
    batches = Batches()
    with ExitStack() as stack:
        with batches.join("key", Member("a"), 9, spell) as first:
            first.advance()
            second = stack.enter_context(batches.join("key", Member("b"), 9, spell))
        assert finish(second) == "b"


def test_members_that_leave_before_the_start_have_no_row() -> None:
    batches, stays = Batches(), Member("b")
    with ExitStack() as stack:
        with batches.join("key", Member("a"), 9, spell):
            batch = stack.enter_context(batches.join("key", stays, 9, spell))
        assert finish(batch) == "b"
        assert stays.row == 0


def test_members_that_left_take_no_place_in_a_batch() -> None:
    batches = Batches()
    with ExitStack() as stack:
        batch = stack.enter_context(batches.join("key", Member("a"), 2, spell))
        with batches.join("key", Member("b"), 2, spell):
            pass
        assert stack.enter_context(batches.join("key", Member("c"), 2, spell)) is batch
        assert finish(batch) == "ac"


@pytest.mark.parametrize("leaves", ["early", "late"])
def test_a_batch_waits_for_the_one_before_an_abandoned_batch(leaves: str) -> None:
    """The abandoned batch is left before the next member comes, or after."""
    batches, abandoned = Batches(), ExitStack()
    with ExitStack() as stack:
        first = stack.enter_context(batches.join("key", Member("a"), 9, spell))
        first.advance()
        abandoned.enter_context(batches.join("key", Member("b"), 1, spell))
        if leaves == "early":
            abandoned.close()
        third = stack.enter_context(batches.join("key", Member("c"), 1, spell))
        abandoned.close()
        third.advance()
        third.advance()
        assert first.finished and LOG == ["a"]
        assert finish(third) == "c"


def test_an_error_reaches_every_member_and_no_later_batch() -> None:
    batches = Batches()
    with ExitStack() as stack:
        first, again = (stack.enter_context(batches.join("key", Member(name), 9, fail)) for name in "ab")
        first.advance()
        later = stack.enter_context(batches.join("key", Member("c"), 9, spell))
        assert finish(later) == "c"
        for batch in (first, again):
            with pytest.raises(ArithmeticError, match="burnt"):
                finish(batch)


def test_nothing_is_kept_of_batches_that_have_ended() -> None:
    batches = Batches()
    for name in "abc":
        with batches.join(name, Member(name), 9, spell) as batch:
            finish(batch)
    assert not batches._newest
