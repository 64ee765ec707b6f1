"""Two actors of a cluster against one process, the cost of a frame's way through Ray, and how fast the server answers.

    python benchmarks/cluster.py                    needs two cores: pip install 'cliffscape[cluster]'
    python benchmarks/cluster.py --side 257         smaller outcome maps

Maps: outcome maps of two Scenes at once, 300 steps, each with its coarser maps. Training: 16 seeds of the default
network for two Scenes at once. A frame is computed by one actor, so there are two of each. The peers are one process
with one core, and one with two cores, whose compiled routines use both. Wall time, so a neighbour's load counts.

Cost per frame: a request for a frame that the actor has in its cache, against the same in one process. The web process:
the 99th percentile of /healthz, without the socket, while both actors compute.
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

import httpx2

from cliffscape.app.cluster.engine import ClusterEngine
from cliffscape.app.frames.plan import PlannedFrame, plan
from cliffscape.app.main import create_app
from cliffscape.app.scene.schema import Scene
from cliffscape.app.settings import Settings
from cliffscape.app.web.engine import Engine, ProcessEngine, every

BOUND, HEALTH_MILLISECONDS = 1.7, 20.0


def maps(side: int, number: int) -> list[PlannedFrame]:
    """The maps of one Scene; the windows differ from call to call, so that no cache helps."""
    scene = Scene.model_validate(
        {"landscape": {"kind": "himmelblau"}, "steps": 300, "window": (-6, 6, -6, 6 + number / 100)}
    )
    return [part for part in plan(scene, ["outcomes"]) if part.level <= side]


def training(updates: int, number: int) -> list[PlannedFrame]:
    """The training run of one Scene."""
    landscape = {"kind": "recurrent_network", "seed": 20 * number}
    return plan(Scene.model_validate({"landscape": landscape, "seeds": 16, "updates": updates}), ["training"])


async def both(engine: Engine, requests: Sequence[Sequence[PlannedFrame]]) -> float:
    """Seconds until all requests are answered."""
    began = time.perf_counter()
    await asyncio.gather(*(every(engine.frames(parts)) for parts in requests))
    return time.perf_counter() - began


async def pairs(engine: Engine, kind: Callable[[int], list[PlannedFrame]], first: int, repeat: int) -> float:
    """Median seconds of two requests at once; the first time warms up routines."""
    numbers = iter(range(first, first + 1000))
    times = [await both(engine, [kind(next(numbers)), kind(next(numbers))]) for _ in range(repeat + 1)]
    return statistics.median(times[1:])


async def milliseconds(engine: Engine, parts: list[PlannedFrame], count: int = 100) -> float:
    """Median milliseconds of a request whose frame is in the cache of whoever computes."""
    await every(engine.frames(parts))
    times = []
    for _ in range(count):
        began = time.perf_counter()
        await every(engine.frames(parts))
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)


async def health(engine: ClusterEngine, app: Any, busy: Sequence[Sequence[PlannedFrame]]) -> tuple[float, float, int]:
    """Median and 99th percentile of /healthz in milliseconds while the actors compute, and the number of answers."""
    jobs = [asyncio.ensure_future(every(engine.frames(parts))) for parts in busy]
    times: list[float] = []
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://127.0.0.1") as client:
        while not all(job.done() for job in jobs) and len(times) < 2000:
            began = time.perf_counter()
            (await client.get("/healthz")).raise_for_status()
            times.append(1000 * (time.perf_counter() - began))
            await asyncio.sleep(0.005)
    await asyncio.gather(*jobs)
    return statistics.median(times), statistics.quantiles(times, n=100)[-1], len(times)


async def measure(settings: Settings, chosen: argparse.Namespace) -> None:
    """Print all numbers."""
    app = create_app(settings)
    cluster: ClusterEngine = app.state.engine
    single = ProcessEngine(settings.model_copy(update={"cluster": "", "threads": 1}))
    double = ProcessEngine(settings.model_copy(update={"cluster": "", "threads": 2}))
    for engine in (single, double):
        engine.start()
    kinds: dict[str, Callable[[int], list[PlannedFrame]]] = {
        f"two outcome maps up to {chosen.side}": lambda number: maps(chosen.side, number),
        f"two trainings, 16 seeds, {chosen.updates} updates": lambda number: training(chosen.updates, number),
    }
    for place, (name, kind) in enumerate(kinds.items()):
        found = [await pairs(one, kind, 100 * place, chosen.repeat) for one in (cluster, single, double)]
        print(f"{name}: two actors {found[0]:.2f} s, one process with one core {found[1]:.2f} s "
              f"({found[1] / found[0]:.2f} times, required {BOUND}), with two cores {found[2]:.2f} s "
              f"({found[2] / found[0]:.2f} times)")  # fmt: skip
    surfaces = plan(Scene.model_validate({}), ["surface"])
    for part in (surfaces[0], surfaces[-1]):
        parts, name = [part], f"{part.level} x {part.level} surface"
        there, here = await milliseconds(cluster, parts), await milliseconds(single, parts)
        print(f"{name} from a cache: {there:.2f} ms through Ray, {here:.2f} ms in one process")
    middle, last, count = await health(cluster, app, [maps(chosen.side, 900), maps(chosen.side, 901)])
    print(f"/healthz while both actors compute: median {middle:.1f} ms, 99th percentile {last:.1f} ms of {count} "
          f"(required {HEALTH_MILLISECONDS:g} ms)")  # fmt: skip
    for engine in (single, double):
        engine.stop()
    cluster.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--side", type=int, default=513)
    parser.add_argument("--updates", type=int, default=200)
    parser.add_argument("--repeat", type=int, default=3)
    settings = Settings(device="cpu", warm=False, cluster="local", cluster_actors=2, cluster_cores=1)
    asyncio.run(measure(settings, parser.parse_args()))


if __name__ == "__main__":
    main()
