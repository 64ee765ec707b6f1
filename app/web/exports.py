"""Exports: an outcome map or the curves of a training run as a table, in CSV or as a NumPy archive."""

import asyncio
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from cliffscape.app.compute.encoding import Frame, decode
from cliffscape.app.frames.kind import KINDS
from cliffscape.app.frames.outcomes import axes_of, sides
from cliffscape.app.frames.plan import frame as planned_frame
from cliffscape.app.runs.files import Columns, csv_chunks, npz_bytes
from cliffscape.app.runs.training_table import LINES, training_table
from cliffscape.app.scene.links import from_query
from cliffscape.app.scene.requirements import check_trainable
from cliffscape.app.scene.schema import Scene
from cliffscape.app.scene.validation import format_value, violation
from cliffscape.app.web.engine import Engine
from cliffscape.app.web.problems import Problem
from cliffscape.landscapes.analysis.share_interval import wilson_interval
from cliffscape.landscapes.descent.outcome import OUTCOMES

TYPES = {"csv": "text/csv; charset=utf-8", "npz": "application/octet-stream"}
DEFAULT_SIDE = 129
# The columns that are shares of the starts of a cell.
SHARES = ("converged_with", "thrown_")


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
    job = engine.frames([part])
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


def columns(scene: Scene, kind: str, frame: Frame) -> Columns:
    """The table's columns, cell by cell: the two axes, then the outcomes of each run."""
    side = int(frame.fields["columns"])
    across, upward = axes_of(scene, kind)
    x, y = np.meshgrid(across.values(side).numpy(), upward.values(side).numpy())
    place = {across.name: x.ravel(), upward.name: y.ravel()}
    return {**place, **{name: array.ravel() for name, array in frame.arrays.items()}, **intervals(frame)}


def intervals(frame: Frame) -> Columns:
    """How many starts a cell has, and the ends of the intervals of its shares; nothing with a single start."""
    starts, found = int(frame.fields["cloud"]), dict[str, NDArray[Any]]()
    if starts == 1:
        return found
    found["starts"] = np.full(int(frame.fields["columns"]) ** 2, starts)
    for name, array in frame.arrays.items():
        if name.startswith(SHARES):
            # A map has hundreds of thousands of cells, and few different shares.
            different, places = np.unique(array.ravel(), return_inverse=True)
            ends = np.array([wilson_interval(share, starts) for share in different.tolist()])
            found |= {f"{name}_{end}": ends[places, k] for k, end in enumerate(("low", "high"))}
    return found


def name_outcomes(table: Columns) -> Columns:
    """The columns with the names of outcomes instead of their numbers."""
    names = np.array(OUTCOMES)
    return {name: names[array] if name.startswith("outcome_") else array for name, array in table.items()}


def to_npz(scene: Scene, kind: str, frame: Frame) -> bytes:
    """The columns as arrays ``(side, side)`` with the names of the outcomes; a fine map takes tenths of a second."""
    side = int(frame.fields["columns"])
    arrays = {name: array.reshape(side, side) for name, array in columns(scene, kind, frame).items()}
    return npz_bytes(scene, {"outcomes": np.array(OUTCOMES), **arrays}, compress=True)


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
    job = engine.worker.submit(training_table(scene, updates, engine.workspace), engine.settings.long_deadline_seconds)
    try:
        async for columns in job:
            # Empty tables come while the run is computed.
            if columns:
                return columns
            if await request.is_disconnected():
                break
    finally:
        job.cancel()
    return None


def file_headers(kind: str, format: str) -> dict[str, str]:
    """The headers of a file to be saved."""
    name = f"cliffscape-{kind}.{format}"
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}


async def export(request: Request, engine: Engine, kind: str, format: str) -> Response:
    """Answer ``GET /exports/outcomes.csv`` and the like; the query is a Scene's link, with ``cells`` or ``done`` added.

    Raises:
        Problem: there is no such Scene, map or part of a run.
        BoundError: the Scene's clip cannot be swept, or its network cannot be trained.
        KeyError: there is no such kind or format.
    """
    if format not in TYPES:
        raise KeyError(format)
    if kind == "training":
        return await export_training(request, engine, format)
    if kind not in KINDS or not KINDS[kind].table:
        raise KeyError(kind)
    scene, side = parse_query(dict(request.query_params), engine.gpu)
    frame = await find_frame(request, engine, scene, kind, side)
    if frame is None:
        return Response(status_code=499)  # nobody receives it; the log shows a closed connection
    if format == "csv":
        chunks = csv_chunks(name_outcomes(columns(scene, kind, frame)), side)
        return StreamingResponse(chunks, headers=file_headers(kind, format), media_type=TYPES[format])
    content = await asyncio.to_thread(to_npz, scene, kind, frame)
    return Response(content, headers=file_headers(kind, format), media_type=TYPES[format])


async def export_training(request: Request, engine: Engine, format: str) -> Response:
    """The curves of a training run."""
    scene, updates = parse_training_query(dict(request.query_params))
    found = await find_curves(request, engine, scene, updates)
    if found is None:
        return Response(status_code=499)
    headers = file_headers("training", format)
    if format == "csv":
        return StreamingResponse(csv_chunks(found, LINES), headers=headers, media_type=TYPES[format])
    content = await asyncio.to_thread(npz_bytes, scene, found, compress=True)
    return Response(content, headers=headers, media_type=TYPES[format])
