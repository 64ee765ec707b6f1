"""The engine: device, threads, and what is computed once."""

import asyncio
import os
from types import SimpleNamespace

import pytest

from cliffscape.app.compute.cache import LATER, FrameGenerator
from cliffscape.app.compute.encoding import Frame
from cliffscape.app.compute.job import BusyError
from cliffscape.app.compute.turns import Turns
from cliffscape.app.frames.plan import opening, plan
from cliffscape.app.scene.kernel_recipe import recipe
from cliffscape.app.scene.schema import DEFAULT
from cliffscape.app.settings import Settings
from cliffscape.app.web.engine import ProcessEngine, select_threads
from cliffscape.landscapes.backends.surface import SurfaceRecipe


def test_only_a_gpu_has_the_finest_outcome_map() -> None:
    scene = DEFAULT.model_copy(update={"map": "outcomes"})
    on_processor, on_gpu = (plan(scene, ("outcomes",), gpu=gpu) for gpu in (False, True))
    assert len(on_gpu) == len(on_processor) + 1
    assert not ProcessEngine(Settings(threads=1, device="cpu")).gpu


@pytest.mark.parametrize(("cores", "threads"), [(1, 1), (2, 1), (3, 3), (16, 16)])
def test_few_cores_have_one_thread_each(monkeypatch: pytest.MonkeyPatch, cores: int, threads: int) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(cores)), raising=False)
    assert (select_threads(0), ProcessEngine(Settings(device="cpu")).cores.count) == (threads, cores)
    assert (select_threads(5), ProcessEngine(Settings(device="cpu", threads=5)).cores.count) == (5, 5)


def test_warming_computes_the_default_page() -> None:
    async def main() -> None:
        engine = ProcessEngine(Settings(threads=1, device="cpu"))
        engine.worker.start()
        await engine.warm()
        assert all(engine.store.get(part.key) for part in opening(DEFAULT))
        chunks = engine.worker.counts["chunks"]
        await engine.opening(opening(DEFAULT))
        kernel = await engine.kernel(recipe(DEFAULT, "descent"))
        assert "export function descend(" in kernel.source
        assert engine.worker.counts["chunks"] == chunks
        engine.worker.stop()
        with pytest.raises(BusyError):
            await engine.kernel(recipe(DEFAULT.model_copy(update={"steps": 3}), "descent", "by_value"))

    asyncio.run(main())


def test_no_routine_is_compiled_if_the_setting_is_off() -> None:
    engine = ProcessEngine(Settings(device="cpu", compile=False))
    assert engine.workspace.routines.wait(SurfaceRecipe("saddle")) is None
    assert ProcessEngine(Settings(device="cpu")).workspace.routines.most > 0


def test_a_job_whose_rest_can_wait_is_long_from_then_on() -> None:
    def begin(_: object) -> FrameGenerator:
        yield Frame("steps", "k")
        yield LATER
        return Frame("curvatures", "k")

    part, costs = SimpleNamespace(key="k", cost=1.0, begin=begin), [1.0]
    work = ProcessEngine(Settings(device="cpu"))._make([part], costs)  # type: ignore[list-item]
    turns = Turns(1, lambda _: costs[-1])
    next(work)
    turns.add("job")
    assert len(turns.first) == 1
    next(work)
    turns.end_turn(going=False)
    turns.add("job")
    assert len(turns.long) == 1
