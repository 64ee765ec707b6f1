"""Exports: a finished picture of outcomes as a table, in CSV or NumPy's format."""

import asyncio
import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from cliffscape.app.compute.encoding import Frame, decode
from cliffscape.app.frames.kind import KINDS
from cliffscape.app.frames.outcomes import axes_of, sides
from cliffscape.app.frames.plan import frame as planned_frame
from cliffscape.app.scene.links import from_query
from cliffscape.app.scene.schema import Scene
from cliffscape.app.scene.validation import shown
from cliffscape.app.web.engine import Engine
from cliffscape.app.web.problems import Problem
from cliffscape.landscapes.descent.outcome import OUTCOMES

TYPES = {"csv": "text/csv; charset=utf-8", "npz": "application/octet-stream"}
USUAL = 129


def asked(query: Mapping[str, str], gpu: bool = False) -> tuple[Scene, int]:
    """The Scene of a link, and how many cells a side its picture has: ``cells``, or as many as usual.

    With ``gpu``, also those that only a GPU makes in time.

    Raises:
        pydantic.ValidationError: something in the Scene is unknown or out of bounds.
        Problem: there is no picture of so many cells.
    """
    rest = dict(query)
    text = rest.pop("cells", "")
    scene = from_query(rest)
    known = sides(scene, gpu)
    side = text or str(max(level for level in known if level <= max(USUAL, known[0])))
    if side not in map(str, known):
        bound = f"cells must be one of {', '.join(map(str, known))} for this Scene, got {shown(text)}"
        raise Problem(422, "No such picture", bound)
    return scene, int(side)


async def picture(request: Request, engine: Engine, scene: Scene, kind: str, side: int) -> Frame | None:
    """The picture, from memory or made; None if nobody waits for it any more.

    Raises:
        BusyError: the worker is full.
        SweepError: the Scene's clip cannot be swept.
    """
    part = planned_frame(scene, kind, side)
    held = engine.store.get(part.key)
    if held is not None:
        return decode(held)
    job = engine.frames([part])
    try:
        async for made in job:
            if (frame := decode(made)).kind == kind:
                return frame
            if await request.is_disconnected():
                break
    finally:
        job.cancel()
    return None


def columns(scene: Scene, kind: str, frame: Frame) -> dict[str, NDArray[Any]]:
    """Columns of the table, cell by cell: the two axes, then what became of each run."""
    side = int(frame.fields["columns"])
    across, upward = axes_of(scene, kind)
    x, y = np.meshgrid(across.values(side).numpy(), upward.values(side).numpy())
    place = {across.name: x.ravel(), upward.name: y.ravel()}
    return {**place, **{name: array.ravel() for name, array in frame.arrays.items()}}


def as_csv(table: Mapping[str, NDArray[Any]], rows: int) -> Iterator[bytes]:
    """Comma-separated values with a header line, so many rows at a time; outcomes by name, NaN as nan."""
    named = np.array(OUTCOMES)
    written = {name: named[array] if name.startswith("outcome_") else array for name, array in table.items()}
    yield (",".join(written) + "\n").encode()
    for at in range(0, len(next(iter(written.values()))), rows):
        text = io.StringIO()
        part = (array[at : at + rows].tolist() for array in written.values())
        csv.writer(text, lineterminator="\n").writerows(zip(*part, strict=True))
        yield text.getvalue().encode()


def as_npz(scene: Scene, frame: Frame, table: Mapping[str, NDArray[Any]]) -> bytes:
    """The columns as arrays ``(side, side)``, the names of the outcomes and the Scene as JSON; loads without pickle."""
    content, side = io.BytesIO(), int(frame.fields["columns"])
    arrays = {name: array.reshape(side, side) for name, array in table.items()}
    about = {"outcomes": np.array(OUTCOMES), "scene": np.array(scene.model_dump_json())}
    np.savez_compressed(content, allow_pickle=False, **about, **arrays)
    return content.getvalue()


def packed(scene: Scene, kind: str, frame: Frame) -> bytes:
    """``as_npz`` of a picture: tenths of a second for the finest."""
    return as_npz(scene, frame, columns(scene, kind, frame))


async def export(request: Request, engine: Engine, kind: str, format: str) -> Response:
    """Answer ``GET /exports/outcomes.csv`` and the like; the query is a Scene's link, with ``cells`` beside it.

    Raises:
        Problem: there is no such Scene or picture.
        KeyError: there is no such kind or format.
    """
    if kind not in KINDS or not KINDS[kind].table or format not in TYPES:
        raise KeyError(kind)
    scene, side = asked(dict(request.query_params), engine.gpu)
    frame = await picture(request, engine, scene, kind, side)
    if frame is None:
        return Response(status_code=499)
    headers = {"Content-Disposition": f'attachment; filename="cliffscape-{kind}.{format}"', "Cache-Control": "no-store"}
    if format == "csv":
        return StreamingResponse(as_csv(columns(scene, kind, frame), side), headers=headers, media_type=TYPES[format])
    content = await asyncio.to_thread(packed, scene, kind, frame)
    return Response(content, headers=headers, media_type=TYPES[format])
