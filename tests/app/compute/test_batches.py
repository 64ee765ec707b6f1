"""Batches: who joins which, in which order they are computed, and what errors and departures do."""

from contextlib import ExitStack

import pytest

from cliffscape.app.compute.batches import Batch, Batches, Member

LOG: list[str] = []


class Spell:
    """Two pieces of work for each member. With ``late`` a member may also come between the pieces of others."""

    late = False

    def __init__(self) -> None:
        self.left: dict[Member[str], int] = {}
        self.begun = False

    def add(self, member: Member[str]) -> bool:
        """Take a member in."""
        if self.begun and not self.late:
            return False
        self.left[member] = 2
        return True

    def advance(self) -> None:
        """One piece for all."""
        self.begun = True
        going = [member for member in self.left if not (member.left or member.finished)]
        LOG.append("".join(member.value for member in going))
        for member in going:
            self.left[member] -= 1
            member.finished = self.left[member] == 0


class LateSpell(Spell):
    late = True


class Failure(Spell):
    """Work that fails in its second piece."""

    def advance(self) -> None:
        """One piece."""
        if self.begun:
            raise ArithmeticError("burnt")
        super().advance()


def finish(batch: Batch[str, Spell], member: Member[str]) -> None:
    """Advance the batch until the member's part is done."""
    while not member.finished:
        batch.advance()


@pytest.fixture(autouse=True)
def _empty_log() -> None:
    LOG.clear()


def members(names: str) -> list[Member[str]]:
    return [Member(name) for name in names]


def test_jobs_with_one_key_share_a_batch() -> None:
    batches, some = Batches(), members("abc")
    with ExitStack() as stack:
        found = [stack.enter_context(batches.join("key", member, 9, Spell)) for member in some]
        assert found[0] is found[1] is found[2]
        finish(found[0], some[0])
        assert all(member.finished for member in some)
    assert LOG == ["abc", "abc"]


def test_other_keys_and_full_batches_are_separate() -> None:
    batches, some = Batches(), members("abcd")
    with ExitStack() as stack:
        found = [
            stack.enter_context(batches.join(key, member, 2, Spell))
            for member, key in zip(some, (1, 2, 1, 1), strict=True)
        ]
        for batch, member in zip(found, some, strict=True):
            finish(batch, member)
    assert LOG == ["ac", "ac", "b", "b", "d", "d"]


def test_a_job_joins_a_batch_in_progress() -> None:
    batches, (first, second) = Batches(), members("ab")
    with ExitStack() as stack:
        batch = stack.enter_context(batches.join("key", first, 9, LateSpell))
        batch.advance()
        assert stack.enter_context(batches.join("key", second, 9, LateSpell)) is batch
        finish(batch, second)
    assert LOG == ["a", "ab", "b"]


def test_one_that_is_done_takes_no_place() -> None:
    batches, (first, second, third) = Batches(), members("abc")
    with ExitStack() as stack:
        batch = stack.enter_context(batches.join("key", first, 2, LateSpell))
        batch.advance()
        stack.enter_context(batches.join("key", second, 2, LateSpell))
        batch.advance()
        assert first.finished and not second.finished
        assert stack.enter_context(batches.join("key", third, 2, LateSpell)) is batch


def test_a_batch_grows_while_an_earlier_one_is_computed() -> None:
    """Where nobody can join one in progress."""
    batches, (first, second, third) = Batches(), members("abc")
    with ExitStack() as stack:
        batch = stack.enter_context(batches.join("key", first, 9, Spell))
        batch.advance()
        later = stack.enter_context(batches.join("key", second, 9, Spell))
        # A turn of a job that waits is not lost: it advances the earlier batch.
        later.advance()
        assert first.finished and LOG == ["a", "a"]
        assert stack.enter_context(batches.join("key", third, 9, Spell)) is later
        finish(later, third)
    assert LOG[2:] == ["bc", "bc"]


def test_a_batch_does_not_wait_for_one_that_everybody_left() -> None:
    batches, (first, second) = Batches(), members("ab")
    with ExitStack() as stack:
        with batches.join("key", first, 9, Spell) as batch:
            batch.advance()
            later = stack.enter_context(batches.join("key", second, 9, Spell))
        finish(later, second)
    assert LOG == ["a", "b", "b"]


def test_members_that_left_take_no_place_in_a_batch() -> None:
    batches, (first, second, third) = Batches(), members("abc")
    with ExitStack() as stack:
        batch = stack.enter_context(batches.join("key", first, 2, Spell))
        with batches.join("key", second, 2, Spell):
            pass
        assert stack.enter_context(batches.join("key", third, 2, Spell)) is batch
        finish(batch, first)
    assert LOG == ["ac", "ac"]


@pytest.mark.parametrize("leaves", ["early", "late"])
def test_a_batch_waits_for_the_one_before_an_abandoned_batch(leaves: str) -> None:
    """The abandoned batch is left before the next member comes, or after."""
    batches, abandoned, (first, second, third) = Batches(), ExitStack(), members("abc")
    with ExitStack() as stack:
        batch = stack.enter_context(batches.join("key", first, 9, Spell))
        batch.advance()
        abandoned.enter_context(batches.join("key", second, 1, Spell))
        if leaves == "early":
            abandoned.close()
        last = stack.enter_context(batches.join("key", third, 1, Spell))
        abandoned.close()
        last.advance()
        assert first.finished and LOG == ["a", "a"]
        finish(last, third)
    assert LOG[2:] == ["c", "c"]


def test_an_error_reaches_every_member_and_no_later_batch() -> None:
    batches, (first, second, third) = Batches(), members("abc")
    with ExitStack() as stack:
        broken = [stack.enter_context(batches.join("key", member, 9, Failure)) for member in (first, second)]
        broken[0].advance()
        later = stack.enter_context(batches.join("key", third, 9, Spell))
        finish(later, third)
        for batch in broken:
            with pytest.raises(ArithmeticError, match="burnt"):
                batch.advance()
    assert LOG == ["ab", "c", "c"]


def test_nobody_joins_a_batch_that_has_failed() -> None:
    batches, (first, second) = Batches(), members("ab")
    with ExitStack() as stack:
        batch = stack.enter_context(batches.join("key", first, 9, type("LateFailure", (Failure,), {"late": True})))
        batch.advance()
        with pytest.raises(ArithmeticError):
            batch.advance()
        assert stack.enter_context(batches.join("key", second, 9, Spell)) is not batch


def test_nothing_is_kept_of_batches_that_have_ended() -> None:
    batches = Batches()
    for name in "abc":
        member = Member(name)
        with batches.join(name, member, 9, Spell) as batch:
            finish(batch, member)
    assert not batches._newest
