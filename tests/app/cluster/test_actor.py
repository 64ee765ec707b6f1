"""The actor, in this process and without Ray: its answers, cancelling, and failures that can be sent."""

import asyncio
import pickle
import subprocess
import sys
from collections.abc import Generator

from cliffscape.app.cluster.actor import Answer, ComputeActor, portable, versions
from cliffscape.app.cluster.connection import actor_settings
from cliffscape.app.cluster.order import Ended, Order, PartOrder, TaskOrder
from cliffscape.app.cluster.placement import Placement
from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames.division.stage import StagePart
from cliffscape.app.settings import Settings
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.formula.formula_error import FormulaError

SETTINGS = actor_settings(Settings(warm=False), False, 1)


def count_three(workspace: Workspace) -> Generator[int | None, None, None]:
    """Three results."""
    yield from (1, None, 2, 3)


def fail_late(workspace: Workspace) -> Generator[int | None, None, None]:
    """A result, and a failure."""
    yield 1
    raise BoundError("steps", 0, "at least 1")


def endless(workspace: Workspace) -> Generator[int | None, None, None]:
    """Work without an end."""
    yield 1
    while True:
        yield None


def order(task: object) -> bytes:
    """The order of a task, as it is sent."""
    found: Order = TaskOrder(Placement("key"), None, None, task)  # type: ignore[arg-type]
    return pickle.dumps(found)


async def answers(actor: ComputeActor, name: str, sent: bytes) -> list[Answer]:
    """All answers about a job."""
    found = [await actor.take(name, sent, 60)]
    while not found[-1].ended:
        found.append(await actor.take(name))
    return found


def test_results_come_in_order_and_a_job_ends_once() -> None:
    async def main() -> None:
        actor = ComputeActor(SETTINGS)
        found = await answers(actor, "a", order(count_three))
        assert [made.content for answer in found for made in answer.results] == [1, 2, 3]
        found = await answers(actor, "b", order(fail_late))
        assert [made.content for answer in found for made in answer.results] == [1]
        assert str(found[-1].failure) == "steps must be at least 1, got 0"
        async with asyncio.timeout(60):
            # A failed job leaves the worker a moment after its failure was sent.
            while (report := await actor.report())["active"]:
                await asyncio.sleep(0.01)
        assert (report["jobs"], report["completed"]) == (0, 1)

    asyncio.run(main())


def part_of_a_frame(workspace: Workspace) -> Generator[float, None, str]:
    """A share of the work, and its result."""
    yield 0.5
    return "cells"


def test_the_result_of_a_part_is_the_end_of_its_job() -> None:
    """Another message for the end would cost as much as that with the result."""

    async def main() -> None:
        sent = pickle.dumps(PartOrder(Placement("key"), None, None, StagePart(part_of_a_frame), "frame"))
        *_, last = await answers(ComputeActor(SETTINGS), "a", sent)
        assert (last.ended, last.results[-1].content) == (True, Ended("cells"))

    asyncio.run(main())


def test_a_cancelled_job_ends_at_once() -> None:
    async def main() -> None:
        actor = ComputeActor(SETTINGS)
        answer = Answer([])
        while not answer.results:
            answer = await actor.take("a", order(endless), 60)
        following = asyncio.ensure_future(actor.take("a"))
        await asyncio.sleep(0)
        await actor.cancel("a")
        assert (await following).ended
        while (await actor.report())["active"]:
            await asyncio.sleep(0.005)

    asyncio.run(main())


def test_failures_are_sent_with_their_fields() -> None:
    error = pickle.loads(pickle.dumps(portable(FormulaError("x +", "with an end", 2, 3))))
    assert (type(error), error.line, error.field) == (FormulaError, 2, "landscape.text")
    assert str(error) == "landscape.text must be a formula with an end (line 2, column 3), got x +"

    class StrangeError(Exception):
        """An error that no other process has."""

    assert str(portable(StrangeError("odd"))).startswith("odd\nin an actor of the cluster:\n")


def test_an_actor_says_its_versions_before_it_imports_pytorch() -> None:
    code = "import sys; from cliffscape.app.cluster import actor; actor.versions(); print('torch' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "False\n"
    assert versions().keys() == {"Python", "Cliffscape"}
