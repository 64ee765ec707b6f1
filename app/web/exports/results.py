"""Results of an export's jobs: each takes turns with all requests, and ends when the client disconnects."""

from collections.abc import Callable, Generator
from functools import partial
from typing import TypeVar

from starlette.requests import Request

from cliffscape.app.compute.encoding import Frame, decode
from cliffscape.app.compute.job import Results, Sender
from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.exports.run_files import compute_file_name
from cliffscape.app.frames.plan import frame as planned_frame
from cliffscape.app.runs.training_table import TrainingTable, training_table
from cliffscape.app.scene.schema import Scene
from cliffscape.app.web.engine import Engine

T = TypeVar("T")


def sender(request: Request) -> Sender:
    """Who asks for a file: a client is known by its address, and its files do not replace each other."""
    return Sender(request.client.host if request.client else "")


async def find_frame(request: Request, engine: Engine, scene: Scene, kind: str, side: int) -> Frame | None:
    """The map's frame, from the cache or computed; None if the client has disconnected.

    Raises:
        BusyError: the worker is full.
        BoundError: the Scene's clip cannot be swept.
    """
    part = planned_frame(scene, kind, side)
    held = engine.store.get(part.key)
    if held is not None:
        return decode(held)
    job = engine.frames([part], sender(request))
    try:
        async for data in job:
            # Frames of progress come before the map.
            if (frame := decode(data)).kind == kind:
                return frame
            if await request.is_disconnected():
                break
    finally:
        job.cancel()
    return None


async def find_result(request: Request, job: Results[T]) -> T | None:
    """The first result of a job that is not empty; None if the client has disconnected."""
    try:
        async for result in job:
            # Empty results come while the work goes on.
            if result:
                return result
            if await request.is_disconnected():
                break
    finally:
        job.cancel()
    return None


async def find_curves(request: Request, engine: Engine, scene: Scene, updates: int) -> TrainingTable | None:
    """The table of a training run, stored or computed again; None if the client has disconnected.

    Raises:
        BusyError: the worker is full.
    """
    task = partial(training_table, scene, updates)
    job: Results[TrainingTable | tuple[()]] = engine.work(task, sender(request), scene)
    found = await find_result(request, job)
    return found if isinstance(found, TrainingTable) else None


async def find_name(request: Request, engine: Engine, scene: Scene, format: str, part: str) -> str | None:
    """The name of a file without runs; None if the client has disconnected.

    Raises:
        BusyError: the worker is full.
    """
    task = partial(result_of, partial(compute_file_name, scene, format, part))
    found = await find_result(request, engine.work(task, sender(request), scene if scene.slice_of_run else None))
    return found if isinstance(found, str) else None


def result_of(
    task: Callable[[Workspace], Generator[object, None, T]], workspace: Workspace
) -> Generator[T | tuple[()], None, None]:
    """Work whose last yield is its result, as that of a job."""
    work = task(workspace)
    while True:
        try:
            next(work)
        except StopIteration as end:
            yield end.value
            return
        # An empty result shows that the computation continues.
        yield ()
