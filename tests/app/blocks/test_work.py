"""Work: how many blocks a pool gets at a time, blocks that follow from others, stopping and errors."""

from collections.abc import Iterator

import pytest

from cliffscape.app.blocks.pool import SerialPool
from cliffscape.app.blocks.work import compute_blocks


class Pool(SerialPool[int, int]):
    """Squares up to ``capacity`` numbers at a time, the newest first."""

    def __init__(self, capacity: int) -> None:
        super().__init__(lambda number: number * number)
        self.capacity, self.most, self.cancelled = capacity, 0, False

    def submit(self, block: int) -> None:
        """Take a number."""
        super().submit(block)
        self._waiting.rotate(1)
        self.most = max(self.most, len(self._waiting))

    def cancel(self) -> None:
        """Note that the blocks are given up."""
        self.cancelled = True


def numbers(taken: list[int], count: int = 20) -> Iterator[int]:
    """Whole numbers, which are noted when they are taken."""
    for number in range(count):
        taken.append(number)
        yield number


@pytest.mark.parametrize("capacity", [1, 3, 50])
def test_every_block_is_kept_once_and_few_are_taken_ahead(capacity: int) -> None:
    pool, kept, taken = Pool(capacity), dict[int, int](), list[int]()

    def keep(number: int, square: int) -> None:
        assert len(taken) - len(kept) <= capacity
        kept[number] = square

    compute_blocks(pool, numbers(taken), keep)
    assert kept == {number: number**2 for number in range(20)}
    assert pool.most == min(capacity, 20) and not pool.cancelled


def test_a_block_that_follows_comes_before_those_that_wait() -> None:
    order = list[int]()

    def keep(number: int, square: int) -> int | None:
        order.append(number)
        return number + 100 if number < 300 else None

    compute_blocks(SerialPool(abs), [1, 2], keep)
    assert order == [1, 101, 201, 301, 2, 102, 202, 302]


def test_after_a_stop_the_blocks_in_progress_are_kept() -> None:
    pool, kept, taken = Pool(3), list[int](), list[int]()
    compute_blocks(pool, numbers(taken), lambda number, _: kept.append(number), lambda: len(kept) >= 2)
    assert len(taken) == 4 and sorted(kept) == taken
    assert not pool.cancelled


def test_after_an_error_the_others_are_given_up() -> None:
    def keep(number: int, square: int) -> None:
        raise OSError("no space left")

    pool = Pool(3)
    with pytest.raises(OSError, match="no space left"):
        compute_blocks(pool, range(9), keep)
    assert pool.cancelled
