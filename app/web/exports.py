"""Exports: an outcome map, training curves, runs, a page of its own or the lesson of a question, as a file."""

import asyncio
from collections.abc import Callable, Generator, Mapping
from functools import partial
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from cliffscape.app.compute.encoding import Frame, decode
from cliffscape.app.compute.job import Results, Sender
from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.exports import training_loop
from cliffscape.app.exports.exported_file import ExportedFile
from cliffscape.app.exports.outcome_table import columns, name_outcomes, to_npz
from cliffscape.app.exports.run_files import CONTENTS, Descents, check_exportable, compute_descents, file_name
from cliffscape.app.frames.kind import KINDS
from cliffscape.app.frames.outcomes import sides
from cliffscape.app.frames.plan import frame as planned_frame
from cliffscape.app.runs.files import Columns, csv_chunks, npz_bytes
from cliffscape.app.runs.training_table import LINES, training_table
from cliffscape.app.scene.links import from_query
from cliffscape.app.scene.requirements import check_trainable
from cliffscape.app.scene.schema import Scene
from cliffscape.app.scene.validation import format_value, violation
from cliffscape.app.web.engine import Engine
from cliffscape.app.web.page_file.document import compute_page_file
from cliffscape.app.web.page_file.opening import check_computable
from cliffscape.app.web.problems import Problem
from cliffscape.app.web.sharing.lesson_file import lesson_task

T = TypeVar("T")
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "md": "text/plain; charset=utf-8",
    "npz": "application/octet-stream",
    "py": "text/plain; charset=utf-8",
}
# Formats of maps and of training runs.
TABLES = ("csv", "npz")
# Pages of their own, and whether they have the relief.
PAGES = {"page": False, "page_with_relief": True}
DEFAULT_SIDE = 129


def parse_query(query: Mapping[str, str], gpu: bool = False) -> tuple[Scene, int]:
    """The Scene of a link and the cells per side of its map: those of ``cells``, or 129.

    With ``gpu``, sizes that take too long without one are allowed too.

    Raises:
        pydantic.ValidationError: something in the Scene is unknown or out of bounds.
        Problem: there is no map with this number of cells.
    """
    rest = dict(query)
    text = rest.pop("cells", "")
    scene = from_query(rest)
    known = sides(scene, gpu)
    side = text or str(max(level for level in known if level <= max(DEFAULT_SIDE, known[0])))
    if side not in map(str, known):
        found = violation("cells", format_value(text), f"one of {', '.join(map(str, known))} for this Scene")
        raise Problem(422, "No such map", found.message, (found,))
    return scene, int(side)


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


def sender(request: Request) -> Sender:
    """Who asks for a file: a client is known by its address, and its files do not replace each other."""
    return Sender(request.client.host if request.client else "")


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


def parse_training_query(query: Mapping[str, str]) -> tuple[Scene, int]:
    """The Scene of a link and the number of updates: those of ``done``, or all of the Scene.

    Raises:
        pydantic.ValidationError: something in the Scene is unknown or out of bounds.
        BoundError: the Scene has no network, or one that cannot be trained.
        Problem: the Scene does not have this number of updates.
    """
    rest = dict(query)
    text = rest.pop("done", "")
    scene = from_query(rest)
    check_trainable(scene)
    known = range(1, scene.updates + 1)
    if text and not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) in known):
        found = violation("done", format_value(text), f"a whole number from 1 to {scene.updates} for this Scene")
        raise Problem(422, "No such part of the run", found.message, (found,))
    return scene, int(text or scene.updates)


async def find_curves(request: Request, engine: Engine, scene: Scene, updates: int) -> Columns | None:
    """The table of a training run, stored or computed again; None if the client has disconnected.

    Raises:
        BusyError: the worker is full.
    """
    task = partial(training_table, scene, updates)
    return await find_result(request, engine.work(task, sender(request), scene))


def file_headers(name: str) -> dict[str, str]:
    """The headers of a file to be saved."""
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}


async def export(request: Request, engine: Engine, kind: str, format: str) -> Response:
    """Answer ``GET /exports/outcomes.csv`` and the like; the query is a Scene's link, with ``cells`` or ``done`` added.

    Raises:
        Problem: there is no such Scene, map or part of a run.
        BoundError: the Scene's clip cannot be swept, or its network cannot be trained.
        KeyError: there is no such kind or format.
    """
    if kind == "run" and format in CONTENTS:
        return await export_run(request, engine, format)
    if kind in PAGES and format == "html":
        return await export_page(request, engine, PAGES[kind])
    if kind == "training_loop" and format == "md":
        scene = from_query(request.query_params)
        headers = file_headers(training_loop.file_name(scene))
        return Response(training_loop.training_loop(scene), headers=headers, media_type=TYPES[format])
    if kind == "lesson" and format == "md":
        return await export_work(request, engine, lesson_task(request.query_params), format)
    if format not in TABLES:
        raise KeyError(format)
    if kind == "training":
        return await export_training(request, engine, format)
    if kind not in KINDS or not KINDS[kind].table:
        raise KeyError(kind)
    return await export_map(request, engine, kind, format)


async def export_map(request: Request, engine: Engine, kind: str, format: str) -> Response:
    """An outcome map, cell by cell."""
    scene, side = parse_query(dict(request.query_params), engine.gpu)
    frame = await find_frame(request, engine, scene, kind, side)
    if frame is None:
        return Response(status_code=499)  # nobody receives it; the log shows a closed connection
    if format == "csv":
        chunks = csv_chunks(name_outcomes(columns(scene, kind, frame)), side)
        return StreamingResponse(chunks, headers=file_headers(f"cliffscape-{kind}.{format}"), media_type=TYPES[format])
    content = await asyncio.to_thread(to_npz, scene, kind, frame)
    return Response(content, headers=file_headers(f"cliffscape-{kind}.{format}"), media_type=TYPES[format])


async def export_training(request: Request, engine: Engine, format: str) -> Response:
    """The curves of a training run."""
    scene, updates = parse_training_query(dict(request.query_params))
    found = await find_curves(request, engine, scene, updates)
    if found is None:
        return Response(status_code=499)
    headers = file_headers(f"cliffscape-training.{format}")
    if format == "csv":
        return StreamingResponse(csv_chunks(found, LINES), headers=headers, media_type=TYPES[format])
    content = await asyncio.to_thread(npz_bytes, scene, found, compress=True)
    return Response(content, headers=headers, media_type=TYPES[format])


async def export_page(request: Request, engine: Engine, relief: bool) -> Response:
    """A page of its own, whose link opens this server."""
    scene = from_query(request.query_params)
    check_computable(scene)
    server = str(request.base_url)
    task = partial(compute_page_file, scene, settings=engine.settings, server=server, relief=relief)
    return await export_work(request, engine, task, "html")


async def export_work(
    request: Request, engine: Engine, task: Callable[[Workspace], Generator[object, None, ExportedFile]], format: str
) -> Response:
    """A file that a job computes."""
    found = await find_result(request, engine.work(partial(result_of, task), sender(request)))
    if not isinstance(found, ExportedFile):
        return Response(status_code=499)
    return Response(found.content, headers=file_headers(found.name), media_type=TYPES[format])


async def export_run(request: Request, engine: Engine, format: str) -> Response:
    """The runs of a Scene as a table, or as a script that repeats them."""
    scene = from_query(request.query_params)
    await asyncio.to_thread(check_exportable, scene, format)
    task = partial(result_of, partial(compute_descents, scene))
    found = await find_result(request, engine.work(task, sender(request)))
    if not isinstance(found, Descents):
        return Response(status_code=499)
    content = await asyncio.to_thread(CONTENTS[format], scene, found)
    return Response(content, headers=file_headers(file_name(scene, found, format)), media_type=TYPES[format])


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
