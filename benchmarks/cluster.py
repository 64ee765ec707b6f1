"""Two actors of a cluster against one process, the cost of a frame's way through Ray, and how fast the server answers.

    python benchmarks/cluster.py                    needs two cores: pip install 'cliffscape[cluster]'
    python benchmarks/cluster.py --repeat 9         more pairs, for a machine that others use

One request: an outcome map of 513 x 513 cells at 300 steps, of the default landscape and of one that takes a
twentieth of the time, or a training run of 16 seeds. The cluster divides it over two actors, each with one core and
one thread. The peer is one process with one core and one thread, the same code without a cluster. For comparison
there is one process with the settings of a machine with two cores: compiled routines use both, and PyTorch one
thread. All have compiled their routines before. Cluster and peers take turns, and a ratio is the median of the
ratios of such pairs.

Wall time includes what other programs take from the machine. So there are also two ratios of processor times. On two
cores, a cluster takes at least half of the processor time of all its processes; with more cores, at least that of the
busier actor. On a quiet machine the ratios of wall times are about these.

Cost per frame: a request for a frame that the actor has in its cache, against the same in one process. The web process:
the 99th percentile of /healthz, without the socket, while both actors compute a divided map.
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import httpx2

from cliffscape.app.cluster.engine import ClusterEngine
from cliffscape.app.compute.cache import FrameStore
from cliffscape.app.frames.plan import PlannedFrame, plan
from cliffscape.app.main import create_app
from cliffscape.app.scene.schema import Scene
from cliffscape.app.settings import Settings
from cliffscape.app.web.engine import Engine, ProcessEngine, every

BOUND, HEALTH_MILLISECONDS = 1.7, 20.0
Request = Callable[[int], list[PlannedFrame]]


class Cost(NamedTuple):
    """Seconds until a request is answered, and of processor time: here, and in every actor."""

    wall: float
    here: float
    actors: list[float]

    @property
    def two_cores(self) -> float:
        """The least seconds with two cores for all processes."""
        return max([(self.here + sum(self.actors)) / 2, *self.actors])


def one_map(side: int, landscape: str, number: int) -> list[PlannedFrame]:
    """A map of one Scene; the windows differ from call to call, so that no cache helps."""
    window = (-6, 6, -6, 6 + number / 100)
    scene = Scene.model_validate({"landscape": {"kind": landscape}, "steps": 300, "window": window})
    return [part for part in plan(scene, ["outcomes"]) if part.level == side]


def training(updates: int, number: int) -> list[PlannedFrame]:
    """The training run of one Scene."""
    landscape = {"kind": "recurrent_network", "seed": 20 * number}
    return plan(Scene.model_validate({"landscape": landscape, "seeds": 16, "updates": updates}), ["training"])


async def actor_seconds(engine: Engine) -> list[float]:
    """Processor time of every actor so far; none for a process without them."""
    if not isinstance(engine, ClusterEngine):
        return [0.0]
    return [(await place.handle.report.remote())["seconds"] for place in engine.pool.places]


async def cost_of(engine: Engine, parts: Sequence[PlannedFrame]) -> Cost:
    """What one request costs."""
    actors, here, began = await actor_seconds(engine), time.process_time(), time.perf_counter()
    await every(engine.frames(parts))
    wall, here = time.perf_counter() - began, time.process_time() - here
    after = await actor_seconds(engine)
    return Cost(wall, here, [last - first for first, last in zip(actors, after, strict=True)])


async def compare(engines: Sequence[Engine], request: Request, first: int, repeat: int) -> list[list[Cost]]:
    """The costs of every engine, which take turns; the first round warms up."""
    rounds = []
    for number in range(first, first + repeat + 1):
        rounds.append([await cost_of(engine, request(number)) for engine in engines])
    return rounds[1:]


def line(name: str, rounds: list[list[Cost]]) -> str:
    """The medians, and the ratios of the two peers to the cluster."""
    wall = [statistics.median(one[k].wall for one in rounds) for k in range(3)]
    ratios = [[one[k].wall / one[0].wall for one in rounds] for k in (1, 2)]
    two = statistics.median(one[1].here / one[0].two_cores for one in rounds)
    more = statistics.median(one[1].here / max(one[0].actors) for one in rounds)
    single = statistics.median(ratios[0])
    return (
        f"{name}: two actors {wall[0]:.2f} s, one process with one core {wall[1]:.2f} s: {single:.2f} times "
        f"({min(ratios[0]):.2f} to {max(ratios[0]):.2f}; required {BOUND}), by processor time "
        f"{two:.2f} times on two cores, {more:.2f} on more; "
        f"one process with two cores {wall[2]:.2f} s: {statistics.median(ratios[1]):.2f} times"
    )


async def milliseconds(engine: Engine, parts: list[PlannedFrame], count: int = 100) -> float:
    """Median milliseconds of a request whose frame is in the cache of whoever computes."""
    await every(engine.frames(parts))
    times = []
    for _ in range(count):
        began = time.perf_counter()
        await every(engine.frames(parts))
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)


async def health(engine: ClusterEngine, app: Any, requests: Sequence[list[PlannedFrame]]) -> tuple[float, float, int]:
    """Median and 99th percentile of /healthz in milliseconds while the actors compute, and the number of answers."""
    jobs = [asyncio.ensure_future(every(engine.frames(parts))) for parts in requests]
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
    # Every frame goes through Ray.
    cluster.store = FrameStore(0)
    single = ProcessEngine(settings.model_copy(update={"cluster": "", "threads": 1}))
    double = ProcessEngine(settings.model_copy(update={"cluster": ""}))
    for engine in (single, double):
        engine.start()
    kinds: dict[str, Request] = {
        **{
            f"an outcome map of {name}, {chosen.side} x {chosen.side}": partial(one_map, chosen.side, name)
            for name in ("one_unit_rnn", "himmelblau")
        },
        f"a training run, 16 seeds, {chosen.updates} updates": lambda number: training(chosen.updates, number),
    }
    for place, (name, kind) in enumerate(kinds.items()):
        rounds = await compare((cluster, single, double), kind, 100 * place, chosen.repeat)
        print(line(name, rounds), flush=True)
    surfaces = plan(Scene.model_validate({}), ["surface"])
    for part in (surfaces[0], surfaces[-1]):
        parts, name = [part], f"{part.level} x {part.level} surface"
        there, here = await milliseconds(cluster, parts), await milliseconds(single, parts)
        print(f"{name} from a cache: {there:.2f} ms through Ray, {here:.2f} ms in one process", flush=True)
    busy = [one_map(chosen.side, "himmelblau", 900 + number) for number in range(4)]
    middle, last, count = await health(cluster, app, busy)
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
    parser.add_argument("--repeat", type=int, default=5)
    settings = Settings(device="cpu", warm=False, cluster="local", cluster_actors=2, cluster_cores=1)
    asyncio.run(measure(settings, parser.parse_args()))


if __name__ == "__main__":
    main()
