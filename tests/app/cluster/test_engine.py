"""The cluster, on a Ray of this machine with two actors: the frames of one process, whatever happens to actors."""

import asyncio
import os
import signal
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from cliffscape.app.cluster import connection
from cliffscape.app.compute.encoding import decode
from cliffscape.app.compute.job import BusyError, CrowdedError, ReplacedError, Sender
from cliffscape.app.exports.run_files import compute_descents
from cliffscape.app.frames.kind import KINDS
from cliffscape.app.frames.plan import plan
from cliffscape.app.scene.kernel_recipe import recipe
from cliffscape.app.scene.schema import DEFAULT, Scene
from cliffscape.app.web.engine import ProcessEngine, every
from cliffscape.app.web.exports.results import result_of
from cliffscape.landscapes.bound_error import BoundError
from tests.app.cluster.comparison import assert_same, finest, until
from tests.app.cluster.small_scenes import MAPS, NETWORK, SCENES, SETTINGS, SHORT, TRAINING

ray = pytest.importorskip("ray", reason="The cluster needs Ray: make test-cluster.")
from cliffscape.app.cluster import pool as pools  # noqa: E402
from cliffscape.app.cluster.cluster_job import ClusterJob  # noqa: E402
from cliffscape.app.cluster.engine import ClusterEngine  # noqa: E402
from tests.app.cluster.small_ray import small_ray  # noqa: E402

pytestmark = pytest.mark.cluster


@pytest.fixture(scope="module")
def engine() -> Iterator[ClusterEngine]:
    """The engine of a cluster of two actors."""
    with small_ray():
        found = connection.create_engine(SETTINGS)
        assert isinstance(found, ClusterEngine)
        yield found
        found.close()


@pytest.fixture(scope="module")
def alone() -> Iterator[ProcessEngine]:
    """The engine of one process, with the same settings."""
    found = ProcessEngine(SETTINGS.model_copy(update={"cluster": ""}))
    found.start()
    yield found
    found.stop()


async def reports(engine: ClusterEngine) -> list[dict[str, float]]:
    """What every actor says about itself."""
    return [await place.handle.report.remote() for place in engine.pool.places]


async def all_answer(engine: ClusterEngine) -> bool:
    """Whether both actors answer; lost ones are asked."""
    engine.pool.choose("any", False)
    return not any(place.lost for place in engine.pool.places)


async def kill_actor(engine: ClusterEngine) -> None:
    """Kill an actor that has work."""
    place = max(engine.pool.places, key=lambda place: place.jobs)
    assert place.jobs
    os.kill((await place.handle.report.remote())["process"], signal.SIGKILL)


def test_frames_of_every_kind_are_those_of_one_process(engine: ClusterEngine, alone: ProcessEngine) -> None:
    async def main() -> set[str]:
        seen = set()
        for form, kinds in SCENES:
            parts = finest(plan(Scene.model_validate({**SHORT, **form}), kinds), 1)
            assert_same(await every(engine.frames(parts)), await every(alone.frames(parts)))
            assert all(engine.store.get(part.key) for part in parts)
            seen |= {part.kind for part in parts}
        return seen

    assert asyncio.run(main()) == set(KINDS)


def test_kernels_and_files_come_from_actors(engine: ClusterEngine, alone: ProcessEngine) -> None:
    async def main() -> None:
        chosen = recipe(DEFAULT, "descent")
        assert await engine.kernel(chosen) == await alone.kernel(chosen)
        assert await engine.kernel(chosen) is engine.kernels.get(chosen)
        task = partial(result_of, partial(compute_descents, Scene.model_validate({**SHORT, **NETWORK})))
        found, expected = [list(filter(None, await every(one.work(task))))[-1] for one in (engine, alone)]
        # As text, because NaN does not equal a copy of itself.
        assert repr(found.summaries) == repr(expected.summaries)

    asyncio.run(main())


def test_a_divided_map_goes_on_when_an_actor_is_killed(engine: ClusterEngine, alone: ProcessEngine) -> None:
    async def main() -> None:
        parts = finest(plan(MAPS, ["outcomes"]), 3)
        job, found, killed = engine.frames(parts), [], False
        async for data in job:
            found.append(data)
            if decode(data).kind == "outcomes" and not killed:
                # The next map is in progress; a request that joins gets the same frames.
                joined, killed = asyncio.ensure_future(every(engine.frames(parts[1:]))), True
                await asyncio.sleep(0)
                await until(partial(has_jobs, engine))
                await kill_actor(engine)
        # The map that was complete is not computed again.
        levels = [decode(data).fields["columns"] for data in found if decode(data).kind == "outcomes"]
        assert levels == [33, 65, 129]
        expected = await every(alone.frames(parts))
        assert_same(found, expected)
        assert_same(await joined, [data for data in expected if decode(data).fields["columns"] > 33])
        await until(partial(all_answer, engine))
        assert not engine.divisions

    asyncio.run(main())


async def has_jobs(engine: ClusterEngine) -> bool:
    """Whether an actor has work."""
    return any(place.jobs for place in engine.pool.places)


def test_a_divided_training_goes_on_from_its_last_kept_block(
    engine: ClusterEngine, alone: ProcessEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin, begun = engine._part_job, list[ClusterJob[Any]]()

    def begin_part(*given: Any) -> ClusterJob[Any]:
        begun.append(begin(*given))
        return begun[-1]

    monkeypatch.setattr(engine, "_part_job", begin_part)

    async def main() -> None:
        parts = plan(TRAINING, ["training"])
        job, tokens, killed, last = engine.frames(parts), set(), 0, b""
        async for last in job:
            tokens.add(decode(last).fields.get("token"))
            states = [one._order.kept for one in begun if one._order.kept is not None]
            if len(states) == len(engine.pool.places) and not killed:
                killed = min(len(state.rows) for state in states)
                await kill_actor(engine)
        assert 0 < killed < TRAINING.updates
        # A run that was started anew would have another token; the last frame has none.
        assert len(tokens - {None}) == 1
        assert_same([last], (await every(alone.frames(parts)))[-1:])
        # The projection finds the whole run, which was stored at the end.
        projection = plan(TRAINING, ["projection"])
        assert_same((await every(engine.frames(projection)))[-1:], (await every(alone.frames(projection)))[-1:])
        await until(partial(all_answer, engine))

    asyncio.run(main())


def test_a_job_leaves_an_actor_that_never_answers(
    engine: ClusterEngine, alone: ProcessEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "SILENT_SECONDS", 2.5)
    scene = Scene.model_validate({"landscape": {"kind": "beale"}})

    async def main() -> None:
        parts = plan(scene, ["surface"])
        job = engine.frames(parts)
        found = [await anext(job)]
        (place,) = [place for place in engine.pool.places if place.jobs]
        process = (await place.handle.report.remote())["process"]
        os.kill(process, signal.SIGSTOP)
        try:
            found += await every(job)
            assert place.lost
        finally:
            os.kill(process, signal.SIGCONT)
        assert_same(found, await every(alone.frames(parts)))
        await until(partial(all_answer, engine))

    asyncio.run(main())


def test_a_full_queue_a_crowded_client_and_a_replaced_request(
    engine: ClusterEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        parts = plan(TRAINING.model_copy(update={"updates": 10000}), ["training"])
        older = engine.frames(parts, Sender("page", "line"))
        await anext(older)
        newer = engine.frames(parts, Sender("page", "line"))
        with pytest.raises(ReplacedError):
            await every(older)
        monkeypatch.setattr(engine.admission, "client_jobs", 1)
        with pytest.raises(CrowdedError):
            engine.frames(parts, Sender("page", "other line"))
        monkeypatch.setattr(engine, "most", 1)
        with pytest.raises(BusyError):
            engine.frames(parts)
        newer.cancel()
        engine.frames(parts).cancel()

    asyncio.run(main())


def test_cancelling_reaches_all_actors_and_nothing_is_left(engine: ClusterEngine) -> None:
    async def main() -> None:
        jobs = []
        for seed in range(4):
            form = {**NETWORK, "landscape": {**NETWORK["landscape"], "seed": seed}, "updates": 10000}
            jobs.append(engine.frames(plan(Scene.model_validate({**SHORT, **form}), ["training"])))
        for job in jobs:
            await anext(job)
        assert {place.jobs for place in engine.pool.places} != {0}
        for job in jobs:
            job.cancel()

        async def idle() -> bool:
            return all(one["jobs"] == one.get("active", 0) == 0 for one in await reports(engine))

        await until(idle)
        for seed in range(100):
            scene = Scene.model_validate({"landscape": {"kind": "saddle"}, "window": (-1, 1, -1, 1 + seed)})
            job = engine.frames(plan(scene, ["surface"])[:1])
            assert len(await every(job)) == 1
        await until(idle)
        assert engine.report()["worker"]["active"] == 0 and not engine.jobs
        assert [place.jobs for place in engine.pool.places] == [0, 0]

        async def empty() -> bool:
            free, whole = ray.available_resources(), ray.cluster_resources()
            return bool(free["object_store_memory"] == whole["object_store_memory"])

        await until(empty)

    asyncio.run(main())


def test_other_code_and_a_missing_device_are_refused(engine: ClusterEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BoundError, match=r"device must be one that the cluster has, 2 times a GPU, got 0 GPUs and 2"):
        connection.start_actors(SETTINGS.model_copy(update={"device": "cuda"}))
    own = {**connection.versions(), "Cliffscape": "0"}
    monkeypatch.setattr(connection, "versions", lambda: own)
    with pytest.raises(BoundError, match=r"cluster must be one with the same Cliffscape as here \(0\), got Cliffscape"):
        connection.check_versions(engine.pool.places[0].handle)
