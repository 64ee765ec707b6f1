"""Frames of an actor of Ray that has a GPU, against those of one process on the same GPU."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

import numpy as np

from cliffscape.app.cluster.connection import create_engine
from cliffscape.app.compute.encoding import decode
from cliffscape.app.frames.plan import PlannedFrame, plan
from cliffscape.app.scene.schema import Scene
from cliffscape.app.settings import Settings
from cliffscape.app.web.engine import Engine, every
from gpu.table import Table

SETTINGS = Settings(device="cuda", warm=False, cluster_actors=1, deadline_seconds=200, long_deadline_seconds=200)
SCENES = {
    "a smooth landscape": {"landscape": {"kind": "himmelblau"}, "clip": {"kind": "by_norm"}},
    "a network": {"landscape": {"kind": "recurrent_network"}, "steps": 20},
}
KINDS = ("surface", "descent", "outcomes")


@contextmanager
def started(settings: Settings) -> Iterator[Engine]:
    """An engine while it is used."""
    engine = create_engine(settings)
    engine.start()
    try:
        yield engine
    finally:
        engine.stop()
        engine.close()


def coarsest(scene: Scene) -> list[PlannedFrame]:
    """The first frame of some kinds."""
    found: dict[str, PlannedFrame] = {}
    for part in plan(scene, KINDS, gpu=True):
        found.setdefault(part.kind, part)
    return [*found.values()]


def difference(found: list[bytes], known: list[bytes]) -> float:
    """The largest relative difference of arrays, for final frames."""
    largest = 0.0
    for one, other in zip(found, known, strict=True):
        for name, numbers in decode(other).arrays.items():
            a, b = decode(one).arrays[name].astype(float), numbers.astype(float)
            both = np.isfinite(a) & np.isfinite(b)
            assert (np.isfinite(a) == np.isfinite(b)).all(), name
            scale = max(1.0, float(abs(b[both]).max(initial=0)))
            largest = max(largest, float(abs(a - b)[both].max(initial=0)) / scale)
    return largest


async def compare(table: Table, alone: Engine, engine: Engine) -> None:
    """The frames of every Scene from both."""
    for name, form in SCENES.items():
        parts = coarsest(Scene.model_validate(form))
        results, seconds = [], []
        for one in (alone, engine):
            began = time.perf_counter()
            frames = await every(one.frames(parts))
            seconds.append(time.perf_counter() - began)
            # The last frame of a key; those before it are previews.
            last = {decode(frame).key: frame for frame in frames if decode(frame).kind != "progress"}
            results.append([last[part.key] for part in parts])
        table.check(f"frames of {name} from an actor with the GPU, against one process", difference(*results), 1e-6)
        table.time("the first such frames, one process", 1e3 * seconds[0])
        table.time("the first such frames, through Ray", 1e3 * seconds[1])


def measure_cluster(table: Table) -> None:
    """Start a Ray with one actor, if the package is there."""
    if find_spec("ray") is None:
        table.add("without the package ray nothing is measured on a cluster", "", "", "")
        return
    with started(SETTINGS) as alone, started(SETTINGS.model_copy(update={"cluster": "local"})) as engine:
        table.check("actors with a GPU that are missing", float(not engine.gpu), 0)
        asyncio.run(compare(table, alone, engine))
