"""Exports: an outcome map, training curves, runs, a page of its own or the lesson of a question, as a file."""

import asyncio
from collections.abc import Awaitable, Callable, Generator, Mapping
from functools import partial
from itertools import chain
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.exports import training_loop
from cliffscape.app.exports.exported_file import ExportedFile
from cliffscape.app.exports.file_name import file_name
from cliffscape.app.exports.outcome_table import columns, name_outcomes, to_npz
from cliffscape.app.exports.run_files import CONTENTS, Descents, check_exportable, compute_descents, outcome_of
from cliffscape.app.frames.kind import KINDS
from cliffscape.app.runs.files import csv_chunks, csv_metadata, npz_bytes
from cliffscape.app.runs.training_table import LINES
from cliffscape.app.scene.links import from_query
from cliffscape.app.web.engine import Engine
from cliffscape.app.web.exports.queries import parse_query, parse_training_query
from cliffscape.app.web.exports.results import find_curves, find_frame, find_name, find_result, result_of, sender
from cliffscape.app.web.page_file.document import compute_page_file
from cliffscape.app.web.page_file.opening import check_computable
from cliffscape.app.web.sharing.lesson_file import lesson_task

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


def file_headers(name: str) -> dict[str, str]:
    """The headers of a file to be saved."""
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}


async def export_map(request: Request, engine: Engine, format: str, kind: str) -> Response:
    """An outcome map, cell by cell."""
    scene, side, outcome = parse_query(dict(request.query_params), engine.gpu)
    frame, name = await find_frame(request, engine, scene, kind, side), None
    if frame is not None:
        named = file_name(scene, outcome, format, kind)
        name = named if outcome else await find_name(request, engine, scene, format, kind)
    if frame is None or name is None:
        return Response(status_code=499)  # nobody receives it; the log shows a closed connection
    headers = file_headers(name)
    if format == "csv":
        chunks = csv_chunks(name_outcomes(columns(scene, kind, frame)), side)
        return StreamingResponse(chain([csv_metadata(scene)], chunks), headers=headers, media_type=TYPES[format])
    content = await asyncio.to_thread(to_npz, scene, kind, frame)
    return Response(content, headers=headers, media_type=TYPES[format])


async def export_training(request: Request, engine: Engine, format: str) -> Response:
    """The curves of a training run."""
    scene, updates = parse_training_query(dict(request.query_params))
    found = await find_curves(request, engine, scene, updates)
    if found is None:
        return Response(status_code=499)
    headers = file_headers(file_name(scene, found.outcome, format, "training"))
    if format == "csv":
        chunks = chain([csv_metadata(scene)], csv_chunks(found.columns, LINES))
        return StreamingResponse(chunks, headers=headers, media_type=TYPES[format])
    content = await asyncio.to_thread(npz_bytes, scene, found.columns, compress=True)
    return Response(content, headers=headers, media_type=TYPES[format])


async def export_loop(request: Request, engine: Engine, format: str) -> Response:
    """The clip of a Scene in training loops."""
    scene = from_query(request.query_params)
    name = await find_name(request, engine, scene, format, training_loop.part(scene))
    if name is None:
        return Response(status_code=499)
    return Response(training_loop.training_loop(scene), headers=file_headers(name), media_type=TYPES[format])


async def export_page(request: Request, engine: Engine, format: str, relief: bool) -> Response:
    """A page of its own, whose link opens this server."""
    scene = from_query(request.query_params)
    check_computable(scene)
    server = str(request.base_url)
    task = partial(compute_page_file, scene, settings=engine.settings, server=server, relief=relief)
    return await export_work(request, engine, task, format)


async def export_work(
    request: Request, engine: Engine, task: Callable[[Workspace], Generator[object, None, ExportedFile]], format: str
) -> Response:
    """A file that a job computes."""
    found = await find_result(request, engine.work(partial(result_of, task), sender(request)))
    if not isinstance(found, ExportedFile):
        return Response(status_code=499)
    return Response(found.content, headers=file_headers(found.name), media_type=TYPES[format])


async def export_lesson(request: Request, engine: Engine, format: str) -> Response:
    """The lesson of a question."""
    return await export_work(request, engine, lesson_task(request.query_params), format)


async def export_run(request: Request, engine: Engine, format: str) -> Response:
    """The runs of a Scene as a table, or as a script that repeats them."""
    scene = from_query(request.query_params)
    await asyncio.to_thread(check_exportable, scene, format)
    task = partial(result_of, partial(compute_descents, scene))
    found = await find_result(request, engine.work(task, sender(request)))
    if not isinstance(found, Descents):
        return Response(status_code=499)
    content = await asyncio.to_thread(CONTENTS[format], scene, found)
    return Response(
        content, headers=file_headers(file_name(scene, outcome_of(found), format)), media_type=TYPES[format]
    )


class Export(NamedTuple):
    """A file that the server writes: its format, and the function ``answer(request, engine, format)`` that sends it."""

    format: str
    answer: Callable[[Request, Engine, str], Awaitable[Response]]


# By the address below ``/exports/``. The query is a Scene's link, with ``cells`` or ``done`` added.
EXPORTS: Mapping[str, Export] = {
    **{f"run.{format}": Export(format, export_run) for format in CONTENTS},
    "page.html": Export("html", partial(export_page, relief=False)),
    "page_with_relief.html": Export("html", partial(export_page, relief=True)),
    "training_loop.md": Export("md", export_loop),
    "lesson.md": Export("md", export_lesson),
    **{f"training.{format}": Export(format, export_training) for format in TABLES},
    **{
        f"{kind}.{format}": Export(format, partial(export_map, kind=kind))
        for kind in KINDS
        if KINDS[kind].table
        for format in TABLES
    },
}


async def export(request: Request, engine: Engine, name: str) -> Response:
    """Answer ``GET /exports/outcomes.csv`` and the like.

    Raises:
        Problem: there is no such Scene, map or part of a run.
        BoundError: the Scene's clip cannot be swept, or its network cannot be trained.
        KeyError: there is no such file.
    """
    chosen = EXPORTS[name]
    return await chosen.answer(request, engine, chosen.format)
