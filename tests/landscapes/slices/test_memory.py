"""Chunks within a budget: the same losses however many points fit, also where memory runs out on the way."""

import math
from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.loss import Window
from cliffscape.landscapes.slices.memory import losses_within, out_of_memory

POINTS = Window(-1, 2, -3, 4).grid(9, 7).reshape(-1, 2)
ALLOCATION_FAILED = RuntimeError(
    "[enforce fail at alloc_cpu.cpp:124] err == 0. DefaultCPUAllocator: can't allocate memory: "
    "you tried to allocate 7 bytes. Error code 12 (Cannot allocate memory)"
)


def bowl(points: Tensor) -> Tensor:
    """Arithmetic alone: an exponential may round differently at the end of a vector."""
    return points[:, 0] ** 2 - points[:, 1] * 3


class LimitedMemory:
    """The bowl, which fails as if memory ran out for more than ``room`` points at a time."""

    def __init__(self, room: int, error: Exception = ALLOCATION_FAILED) -> None:
        self.room, self.error, self.calls = room, error, list[int]()

    def __call__(self, points: Tensor) -> Tensor:
        self.calls.append(len(points))
        if len(points) > self.room:
            raise self.error
        return bowl(points)


def sizes(chunks: Iterator[Tensor]) -> list[int]:
    return [len(chunk) for chunk in chunks]


def test_chunks_are_as_large_as_the_budget_and_hold_every_point() -> None:
    chunks = list(losses_within(1000, 50, bowl, POINTS))
    assert [len(chunk) for chunk in chunks] == [20, 20, 20, 3]
    assert torch.equal(torch.cat(chunks), bowl(POINTS))


def test_a_budget_for_all_points_is_one_chunk() -> None:
    assert sizes(losses_within(63 * 8, 8, bowl, POINTS)) == [63]
    assert sizes(losses_within(1, 0, bowl, POINTS[:1])) == [1]
    assert sizes(losses_within(8, 8, bowl, POINTS[:0])) == []


def test_the_caller_limits_the_points_of_a_chunk() -> None:
    wanted = iter([1, 5, 0, 100, *[7] * 6])
    assert sizes(losses_within(1000, 50, bowl, POINTS, lambda: next(wanted)))[:5] == [1, 5, 1, 20, 7]


@pytest.mark.parametrize("room", [1, 2, 6, 19])
@pytest.mark.parametrize(
    "error",
    [ALLOCATION_FAILED, RuntimeError("not enough memory: you tried"), torch.OutOfMemoryError("CUDA"), MemoryError()],
)
def test_out_of_memory_halves_the_chunk_and_continues(room: int, error: Exception) -> None:
    loss = LimitedMemory(room, error)
    assert torch.equal(torch.cat(list(losses_within(1000, 50, loss, POINTS))), bowl(POINTS))
    assert max(loss.calls[-3:]) <= room
    # It is halved on the way down and never tried larger again.
    assert sum(count > room for count in loss.calls) <= math.ceil(math.log2(20 / room)) + 1


def test_chunks_before_an_out_of_memory_error_are_kept() -> None:
    loss = LimitedMemory(20)
    chunks = losses_within(1000, 50, loss, POINTS)
    first = next(chunks)
    loss.room = 4
    assert torch.equal(torch.cat([first, *chunks]), bowl(POINTS))
    assert loss.calls[:4] == [20, 20, 10, 5]


def test_a_point_that_does_not_fit_raises_an_error() -> None:
    with pytest.raises(MemoryError, match=r"^points: one point of 2 parameters takes about 50 bytes, more than cpu"):
        list(losses_within(1000, 50, LimitedMemory(0), POINTS))
    with pytest.raises(ValueError, match=r"^budget must be at least 50 bytes, which one point takes, got 49$"):
        next(losses_within(49, 50, bowl, POINTS))


def test_other_errors_are_raised_again() -> None:
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
        list(
            losses_within(1000, 50, LimitedMemory(3, RuntimeError("mat1 and mat2 shapes cannot be multiplied")), POINTS)
        )
    assert not out_of_memory(ValueError("not enough memory of the past"))


def test_the_error_of_pytorch_is_recognised() -> None:
    """The words are those of this release; were they to change, nothing would be halved."""
    with pytest.raises(RuntimeError) as caught:
        torch.empty(2**52, dtype=torch.float64)
    assert out_of_memory(caught.value)


def test_inf_and_nan_are_not_hidden() -> None:
    def loss(points: Tensor) -> Tensor:
        return points[:, 0] / points[:, 1] * 1e300

    points = torch.tensor([[0.0, 0.0], [1.0, 0.0], [-1.0, 0.0], [1.0, 1e-300], [2.0, 1.0]], dtype=torch.float64)
    found = torch.cat(list(losses_within(2, 1, loss, points)))
    assert found[0].isnan() and found[1:4].tolist() == [math.inf, -math.inf, math.inf] and found[4] == 2e300
