"""The cluster, on a Ray of this machine with two actors: the frames of one process, whatever happens to actors."""

import asyncio
import os
import signal
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import pytest

from cliffscape.app.cluster import connection
from cliffscape.app.compute.encoding import decode
from cliffscape.app.compute.job import BusyError, CrowdedError, ReplacedError, Sender
from cliffscape.app.exports.run_files import compute_descents
from cliffscape.app.frames.kind import KINDS
from cliffscape.app.frames.plan import EVERY, plan
from cliffscape.app.scene.kernel_recipe import recipe
from cliffscape.app.scene.schema import DEFAULT, Scene
from cliffscape.app.settings import Settings
from cliffscape.app.web.engine import ProcessEngine, every
from cliffscape.app.web.exports import result_of
from cliffscape.landscapes.bound_error import BoundError
from tests.app.cluster.comparison import assert_same, finest, until

ray = pytest.importorskip("ray", reason="The cluster needs Ray: make test-cluster.")
from cliffscape.app.cluster import pool as pools  # noqa: E402
from cliffscape.app.cluster.cluster_job import ClusterJob  # noqa: E402
from cliffscape.app.cluster.engine import ClusterEngine  # noqa: E402
from tests.app.cluster.small_ray import small_ray  # noqa: E402

pytestmark = pytest.mark.cluster
# A compiled routine rounds differently from PyTorch, and when it is ready depends on the time.
SETTINGS = Settings(
    device="cpu",
    compile=False,
    warm=False,
    cluster="local",
    cluster_actors=2,
    cluster_cores=1,
    threads=1,
    deadline_seconds=200,
)
SHORT = {"steps": 20, "updates": 12, "seeds": 3, "clip": {"kind": "by_norm", "threshold": 0.5}}
NETWORK = {
    "landscape": {"kind": "recurrent_network", "batch_size": 4},
    "cell": {"kind": "tanh_rnn", "hidden_units": 5},
    "task": {"kind": "adding", "sequence_length": 6},
}
SCENES: Sequence[tuple[dict[str, Any], Sequence[str]]] = (
    ({}, EVERY),
    # A clip with a memory has no bias, and so the frame takes no seconds.
    ({"landscape": {"kind": "large_example", "minibatch_size": 1}, "clip": {"kind": "random_step"}}, ["bias"]),
    (NETWORK, [kind for kind in EVERY if kind != "sweep"]),
)
MAPS = Scene.model_validate({"landscape": {"kind": "himmelblau"}, "steps": 120})
TRAINING = Scene.model_validate({**NETWORK, **SHORT, "updates": 2000})


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


async def reports(engine: ClusterEngine) -> list[dict[str, int]]:
    """What every actor says about itself."""
    return [await place.handle.report.remote() for place in engine.pool.places]


async def all_answer(engine: ClusterEngine) -> bool:
    """Whether both actors answer; lost ones are asked."""
    engine.pool.choose("any", False)
    return not any(place.lost for place in engine.pool.places)


async def kill_place(job: ClusterJob[bytes], number: int) -> None:
    """Send a signal to the process of the actor that has a job."""
    assert job._place is not None
    os.kill((await job._place.handle.report.remote())["process"], number)


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


def test_a_sweep_goes_on_when_its_actor_is_killed(engine: ClusterEngine, alone: ProcessEngine) -> None:
    async def main() -> None:
        parts = finest(plan(MAPS, ["outcomes"]), 3)
        job, found = engine.frames(parts), []
        async for data in job:
            found.append(data)
            if decode(data).kind == "outcomes" and len(parts) == 3:
                await kill_place(job, signal.SIGKILL)
                parts = parts[:2]
        # The map that was complete is not computed again.
        levels = [decode(data).fields["columns"] for data in found if decode(data).kind == "outcomes"]
        assert levels == [33, 65, 129]
        assert_same(found, await every(alone.frames(finest(plan(MAPS, ["outcomes"]), 3))))
        await until(partial(all_answer, engine))

    asyncio.run(main())


def test_a_training_goes_on_from_its_last_kept_block(engine: ClusterEngine, alone: ProcessEngine) -> None:
    async def main() -> None:
        parts = plan(TRAINING, ["training"])
        job, tokens, kept, last = engine.frames(parts), set(), 0, b""
        async for last in job:
            tokens.add(decode(last).fields.get("token"))
            if job._order.kept is not None and not kept:
                kept = len(job._order.kept.rows)
                await kill_place(job, signal.SIGKILL)
        assert 0 < kept < TRAINING.updates
        # A run that was started anew would have another token; the last frame has none.
        assert len(tokens - {None}) == 1
        assert_same([last], (await every(alone.frames(parts)))[-1:])
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
        place = job._place
        assert place is not None
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
