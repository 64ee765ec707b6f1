"""The compute worker: turns are fair, and stopping takes effect soon."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager

import pytest

from cliffscape.app.compute.job import BusyError, DeadlineError
from cliffscape.app.compute.worker import Worker

LONG = 60.0


@asynccontextmanager
async def running(slots: int = 8, queue_length: int = 8) -> AsyncIterator[Worker]:
    """A worker that is stopped at the end."""
    worker = Worker("test", slots, queue_length)
    worker.start()
    try:
        yield worker
    finally:
        await asyncio.to_thread(worker.stop)


def chunks(name: str, count: int, log: list[str]) -> Generator[str | None, None, None]:
    """Work of ``count`` chunks that logs each one."""
    for _ in range(count):
        log.append(name)
        yield None
    yield name


def endless(gate: threading.Event | None = None) -> Generator[str | None, None, None]:
    """Work without an end; it yields ``on`` once, and waits for ``gate`` in its first chunk."""
    if gate is not None:
        gate.wait(10)
    yield "on"
    while True:
        time.sleep(0.001)
        yield None


async def until(condition: object) -> None:
    """Wait for a condition, or fail."""
    assert callable(condition)
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never came true")


def test_results_arrive_in_order() -> None:
    async def main() -> list[str]:
        async with running() as worker:
            job = worker.submit((text for text in ("a", None, "b", "c")), LONG)
            return [result async for result in job]

    assert asyncio.run(main()) == ["a", "b", "c"]


def test_jobs_take_turns() -> None:
    log: list[str] = []

    async def main() -> None:
        async with running() as worker:
            gate = threading.Event()
            first = worker.submit(endless(gate), LONG)  # holds the worker until all are queued
            jobs = [worker.submit(chunks(name, 5, log), LONG) for name in "abc"]
            gate.set()
            await anext(first)
            first.cancel()
            for job in jobs:
                assert [name async for name in job]

    asyncio.run(main())
    assert log == list("abc" * 5)


def test_a_new_job_takes_turns_with_long_work_at_once() -> None:
    log: list[str] = []

    async def main() -> None:
        async with running() as worker:
            worker.submit(chunks("long", 100_000, log), LONG)
            await until(lambda: log)
            assert [name async for name in worker.submit(chunks("short", 5, log), LONG)] == ["short"]

    asyncio.run(main())
    first = log.index("short")
    assert log[first : first + 9] == ["short", "long"] * 4 + ["short"]


def test_cancelled_work_stops_at_the_next_chunk_and_is_closed() -> None:
    closed = threading.Event()

    def work() -> Generator[str | None, None, None]:
        try:
            yield from endless()
        finally:
            closed.set()

    async def main() -> None:
        async with running() as worker:
            job = worker.submit(work(), LONG)
            await anext(job)
            job.cancel()
            await until(lambda: worker.report()["active"] == 0)
            assert worker.counts["cancelled"] == 1
            after = worker.counts["chunks"]
            await asyncio.sleep(0.05)
            assert worker.counts["chunks"] == after

    asyncio.run(main())
    assert closed.is_set()


def test_late_work_fails_with_a_deadline() -> None:
    async def main() -> None:
        async with running() as worker:
            job = worker.submit(endless(), 0.05)
            assert await anext(job) == "on"
            with pytest.raises(DeadlineError):
                await anext(job)
            assert worker.counts["failed"] == 1

    asyncio.run(main())


def test_a_full_worker_is_busy_until_a_job_is_cancelled() -> None:
    async def main() -> None:
        async with running(slots=1, queue_length=1) as worker:
            first = worker.submit(endless(), LONG)
            await anext(first)
            second = worker.submit(endless(), LONG)
            with pytest.raises(BusyError):
                worker.submit(endless(), LONG)
            assert worker.report()["active"] == worker.report()["queued"] == 1
            second.cancel()
            third = worker.submit(endless(), LONG)
            first.cancel()
            assert await anext(third) == "on"

    asyncio.run(main())


def test_a_failing_job_does_not_affect_the_others() -> None:
    def failing() -> Generator[str | None, None, None]:
        yield None
        raise ArithmeticError("burnt")

    async def main() -> None:
        async with running() as worker:
            bad, good = worker.submit(failing(), LONG), worker.submit(chunks("good", 9, []), LONG)
            with pytest.raises(ArithmeticError, match="burnt"):
                await anext(bad)
            assert [name async for name in good] == ["good"]

    asyncio.run(main())


def test_stopping_ends_every_job() -> None:
    async def main() -> None:
        async with running(slots=1) as worker:
            jobs = [worker.submit(endless(), LONG) for _ in range(2)]
            assert await anext(jobs[0]) == "on"
            await asyncio.to_thread(worker.stop)
            for job in jobs:
                with pytest.raises(BusyError):
                    await anext(job)
            with pytest.raises(BusyError):
                worker.submit(endless(), LONG)

    asyncio.run(main())


def test_results_for_a_closed_event_loop_are_dropped() -> None:
    worker = Worker("test", 8, 8)
    gate = threading.Event()

    async def submit() -> None:
        worker.start()
        worker.submit(endless(gate), LONG)

    asyncio.run(submit())
    gate.set()
    asyncio.run(until(lambda: worker.counts["cancelled"] == 1))
    worker.stop()
