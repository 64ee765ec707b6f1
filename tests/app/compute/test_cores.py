"""Cores: lanes are split among threads, and their results come in the order of the lanes."""

import threading
from functools import partial

import pytest
import torch
from torch import Tensor

from cliffscape.app.compute.cores import Cores

FEWEST = 12


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("lanes", [1, FEWEST, 2 * FEWEST + 1, 3 * FEWEST + 2])
def test_results_are_those_of_one_call(count: int, lanes: int) -> None:
    cores, sizes = Cores(count), []

    def work(part: Tensor) -> tuple[Tensor, Tensor]:
        sizes.append(len(part))
        return part.sum(-1), 2 * part

    points = torch.arange(2.0 * lanes).reshape(lanes, 2)
    total, double = cores.map_lanes(work, points, FEWEST)
    assert total.tolist() == points.sum(-1).tolist()
    assert double.tolist() == (2 * points).tolist()
    assert len(sizes) == max(1, min(count, lanes // FEWEST))
    cores.close()
    # A server may be started again in the same process.
    assert cores.map_lanes(work, points, FEWEST)[0].tolist() == total.tolist()
    cores.close()


def test_parts_are_computed_at_the_same_time() -> None:
    cores, meeting = Cores(2), threading.Barrier(2)

    def work(part: Tensor) -> tuple[Tensor]:
        # Each thread waits for the other one.
        meeting.wait(20)
        return (part,)

    assert len(cores.map_lanes(work, torch.zeros(2 * FEWEST, 2), FEWEST)[0]) == 2 * FEWEST
    cores.close()


def test_an_error_of_a_part_is_raised() -> None:
    cores = Cores(2)

    def work(part: Tensor) -> tuple[Tensor]:
        if part[0] > 0:
            raise ArithmeticError("burnt")
        return (part,)

    with pytest.raises(ArithmeticError, match="burnt"):
        cores.map_lanes(work, torch.arange(2.0 * FEWEST), FEWEST)
    cores.close()


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("works", [0, 1, 7])
def test_every_work_is_done_once(count: int, works: int) -> None:
    cores, done = Cores(count), []
    cores.run([partial(done.append, number) for number in range(works)])
    assert sorted(done) == list(range(works))
    cores.close()


def test_a_core_that_is_done_takes_the_next_work() -> None:
    cores, last = Cores(2), threading.Event()
    # The first work ends after the last one, which the other thread reaches only if it takes all between.
    cores.run([lambda: assert_set(last), *[lambda: None] * 5, last.set])
    cores.close()


def assert_set(event: threading.Event) -> None:
    assert event.wait(20)


def test_an_error_of_a_work_is_raised_wherever_it_happens() -> None:
    cores, meeting = Cores(2), threading.Barrier(2)

    def fail(name: str) -> None:
        meeting.wait(20)
        if threading.current_thread().name.startswith("cores") == (name == "other"):
            raise ArithmeticError(name)

    with pytest.raises(ArithmeticError, match="other"):
        cores.run([partial(fail, "other")] * 2)
    cores.close()
