"""The compute worker under load: who waits for whom, and whose older job a newer one replaces."""

import asyncio
import threading
from collections.abc import Generator

import pytest

from cliffscape.app.compute.job import CrowdedError, ReplacedError, Sender
from tests.app.compute.test_worker import LONG, chunks, endless, running, until


def test_a_drag_has_its_turns_before_long_work() -> None:
    log: list[str] = []

    async def main() -> None:
        async with running(slots=40) as worker:
            gate = threading.Event()
            first = worker.submit(endless(gate), LONG, lambda: 0)  # holds the worker until all are queued
            for _ in range(30):
                worker.submit(chunks("training", 1000, log), LONG)
            drag = worker.submit(chunks("drag", 4, log), LONG, lambda: 0)
            gate.set()
            await anext(first)
            first.cancel()
            assert [name async for name in drag] == ["drag"]

    asyncio.run(main())
    assert log[: log.index("drag")].count("training") <= 1
    assert log[: max(k for k, name in enumerate(log) if name == "drag")].count("training") <= 1


def test_a_newer_job_of_a_sender_replaces_the_older_one() -> None:
    async def main() -> None:
        async with running() as worker:
            older, other = (
                worker.submit(endless(), LONG, sender=Sender(page, "line")) for page in ("page", "other page")
            )
            assert await anext(older) == await anext(other) == "on"
            newer = worker.submit(chunks("newer", 2, []), LONG, sender=Sender("page", "line"))
            with pytest.raises(ReplacedError):
                await anext(older)
            assert [name async for name in newer] == ["newer"]
            await until(lambda: worker.counts["cancelled"] == 1)
            # The other page goes on, and nothing is kept of the jobs that have ended. A job is counted in its last turn
            # and put away after it.
            await until(lambda: worker.report()["active"] == 1)
            assert list(worker.admission.newest) == [Sender("other page", "line")]
            worker.drop(Sender("other page", "line"))
            with pytest.raises(ReplacedError):
                await anext(other)
            assert not worker.admission.newest

    asyncio.run(main())


def test_work_that_waits_after_its_first_turns_is_closed_on_the_thread() -> None:
    closed: list[str] = []
    costs = [0.0]

    def work() -> Generator[str | None, None, None]:
        try:
            yield "on"
            costs.append(LONG * 1000)
            yield from endless()
        finally:
            closed.append(threading.current_thread().name)

    async def main() -> None:
        async with running(slots=1) as worker:
            worker.submit(endless(), LONG)
            job = worker.submit(work(), LONG, lambda: costs[-1])
            assert await anext(job) == "on"
            await until(lambda: worker.report()["queued"] == 1)
            job.cancel()
            await until(lambda: worker.counts["cancelled"] == 1)

    asyncio.run(main())
    assert closed == ["worker test"]


def test_a_client_has_a_bounded_number_of_unfinished_jobs() -> None:
    async def main() -> None:
        async with running() as worker:
            worker.admission.client_jobs = 2
            client = Sender("client")
            jobs = [worker.submit(endless(), LONG, sender=client) for _ in range(2)]
            with pytest.raises(CrowdedError):
                worker.submit(endless(), LONG, sender=client)
            # Others are not affected, nor is work of the server itself.
            for sender in (Sender("other"), Sender()):
                for _ in range(2):
                    worker.submit(chunks("on", 1, []), LONG, sender=sender)
            # A cancelled job counts as finished at once, and only once.
            jobs[0].cancel()
            jobs[0].cancel()
            assert await anext(worker.submit(endless(), LONG, sender=client)) == "on"
            with pytest.raises(CrowdedError):
                worker.submit(endless(), LONG, sender=client)
            await until(lambda: worker.admission.unfinished == {"client": 2})

    asyncio.run(main())


def test_a_bound_of_zero_is_no_bound() -> None:
    async def main() -> None:
        async with running(slots=50) as worker:
            for _ in range(50):
                worker.submit(endless(), LONG, sender=Sender("client"))

    asyncio.run(main())
