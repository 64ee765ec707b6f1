"""Routes: every address of the server."""

import asyncio
import json
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from cliffscape.app.compute.job import BusyError, CrowdedError, DeadlineError
from cliffscape.app.frames.plan import opening
from cliffscape.app.landscape_files.watcher import Watcher
from cliffscape.app.lessons.collection import LessonCollection
from cliffscape.app.scene import kernel_recipe
from cliffscape.app.scene.schema import Scene
from cliffscape.app.scene.validation import from_bound_error
from cliffscape.app.web import formulas, stream, thumbnails
from cliffscape.app.web.assets.asset import Asset, accepts_gzip
from cliffscape.app.web.assets.folder import Assets
from cliffscape.app.web.catalogue import catalogue
from cliffscape.app.web.engine import Engine
from cliffscape.app.web.exports import responses
from cliffscape.app.web.hosts import AllowedHosts, from_same_machine
from cliffscape.app.web.pages import Pages, read_lesson
from cliffscape.app.web.problems import Problem, bound_problem, validation_problem
from cliffscape.app.web.sharing.addresses import network_urls
from cliffscape.app.web.sharing.presentation import read_presentation, split_presentation
from cliffscape.app.web.sharing.qr_code import check_own_link, qr_svg
from cliffscape.app.web.sharing.question import read_question
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.models.model_landscape import MODEL
from cliffscape.landscapes.tracing.trace import UntraceableError

# For addresses that change with their content.
IMMUTABLE = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
# For fixed addresses: the browser asks whether they have changed.
FRESH = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
READ = ["GET", "HEAD"]
router = APIRouter(dependencies=[Depends(formulas.prepare_link)])


def engine(request: Request) -> Engine:
    """The server's engine."""
    engine: Engine = request.app.state.engine
    return engine


EngineDependency = Annotated[Engine, Depends(engine)]


@router.api_route("/", methods=READ)
async def page(request: Request, engine: EngineDependency) -> Response:
    """The page of the Scene and the lesson in the query."""
    pages: Pages = request.app.state.pages
    own, query = split_presentation(request.query_params)
    scene, lesson, notice = read_lesson(query, pages.library)
    presentation, faults = read_presentation(own, pages.parts, scene)
    question, problems = read_question(own, scene, lesson is not None)
    try:
        frames = await engine.opening(opening(scene))
    except (BusyError, DeadlineError):
        frames = []  # the page requests missing frames itself
    server = {"maps_on_server": computes_maps(request, engine), "sharing": await sharing(request, engine)}
    server["landscape_files"] = request.app.state.watcher.contents
    text = pages.page(
        scene, [*notice, *faults, *problems], frames, lesson.content if lesson else question, presentation, server
    )
    # The page holds no secret that the length of a compressed text could reveal.
    return await asset_response(request, Asset(text.encode(), "text/html; charset=utf-8"), FRESH)


def computes_maps(request: Request, engine: Engine) -> bool:
    """Whether the server computes all outcome maps of a page.

    Compiled routines are many times faster than a browser's workers, and a GPU is faster still. So the page computes
    maps only if that keeps them off a server that it shares with others.
    """
    if engine.settings.outcome_maps != "auto":
        return engine.settings.outcome_maps == "server"
    return engine.gpu or from_same_machine(request)


async def sharing(request: Request, engine: Engine) -> dict[str, object]:
    """How others reach the page: its address on other machines, for a browser on this machine, and in frames.

    A browser on another machine has such an address already, and need not know others of this machine.
    """
    urls = await room_urls(request, engine) if from_same_machine(request) else []
    return {"network": urls[0] if urls else "", "framed": engine.settings.framed}


async def room_urls(request: Request, engine: Engine) -> list[str]:
    """The page's addresses on other machines."""
    port = (request.scope.get("server") or ("", 0))[1]
    return await asyncio.to_thread(network_urls, engine.settings, port)


@router.api_route("/qr.svg", methods=READ)
async def qr_code(request: Request, engine: EngineDependency, text: str = "") -> Response:
    """The QR code of a link to this server."""
    allowed = AllowedHosts(engine.settings.host, engine.settings.allowed_hosts)
    try:
        check_own_link(text, request.headers.get("host", ""), allowed, await room_urls(request, engine))
    except BoundError as error:
        raise Problem(422, "No QR code", str(error), (from_bound_error(error),)) from None
    return await asset_response(request, Asset(qr_svg(text), "image/svg+xml"), FRESH)


@router.post("/frames")
async def frames(request: Request, engine: EngineDependency) -> Response:
    """The frames of the Scene in the body, streamed as they are computed."""
    return await stream.frames(request, engine)


@router.get("/exports/{name}")
async def export(name: str, request: Request, engine: EngineDependency) -> Response:
    """The outcome map, the training curves, the runs, the training loop or the page of the Scene, as a file."""
    try:
        return await responses.export(request, engine, name)
    except KeyError:
        raise HTTPException(404) from None
    except CrowdedError:
        raise stream.crowded_problem(engine.settings.client_requests) from None
    except ValidationError as error:
        raise validation_problem(error, Scene) from None
    except BoundError as error:
        raise bound_problem(error) from None
    except (BusyError, DeadlineError):
        raise stream.busy_problem() from None


@router.api_route("/kernels/{name}.js", methods=READ)
async def kernel(name: str, request: Request, engine: EngineDependency) -> Response:
    """The kernel of the recipe in the query, if ``name`` is its content hash."""
    try:
        found = await engine.kernel(kernel_recipe.read(dict(request.query_params)))
    except ValidationError as error:
        raise validation_problem(error, Scene) from None
    except (BoundError, UntraceableError) as error:
        raise Problem(422, "Not the recipe of a kernel", str(error)) from None
    except (BusyError, DeadlineError):
        raise stream.busy_problem() from None
    # Another version of the code gives another kernel, and browsers cache an address forever.
    if found.hash != name:
        raise HTTPException(404)
    return await asset_response(request, Asset(found.source.encode(), "text/javascript; charset=utf-8"))


@router.api_route("/lessons.json", methods=READ)
async def lessons(request: Request, known: str = "", open: str = "") -> Response:
    """The list of lessons, and the lesson ``open`` in full; empty if a page knows the list already."""
    library: LessonCollection = request.app.state.library
    contents, lesson = library.contents, library.find_shown(open)
    if known == contents["stamp"]:
        return Response(status_code=204, headers=FRESH)
    text = json.dumps({**contents, "lesson": lesson.content if lesson else None})
    return await asset_response(request, Asset(text.encode(), "application/json"), FRESH)


@router.api_route("/landscape_files.json", methods=READ)
async def landscape_files(request: Request) -> Response:
    """A stamp of the user's landscapes that are loaded, and the sentence about an error in their newest version."""
    watcher: Watcher = request.app.state.watcher
    return JSONResponse(watcher.contents, headers=FRESH)


@router.api_route("/thumbnails/{version}/{kind}", methods=READ)
async def thumbnail(version: str, kind: str, request: Request, engine: EngineDependency) -> Response:
    """A landscape's picture in the gallery; its address contains a hash of the code that computes it."""
    part = thumbnails.thumbnail_frame(kind)
    if part is None or version != thumbnails.VERSION:
        raise HTTPException(404)
    try:
        body = await thumbnails.thumbnail(engine, part)
    except (BusyError, DeadlineError):
        raise stream.busy_problem() from None
    # The address does not depend on the user's own model.
    headers = FRESH if kind == MODEL.kind else IMMUTABLE
    return await asset_response(request, Asset(body, "application/octet-stream"), headers)


@router.api_route("/lessons/{version}/{name}.json", methods=READ)
async def lesson(version: str, name: str, request: Request) -> Response:
    """A lesson in full; its address contains a version of all lessons."""
    library: LessonCollection = request.app.state.library
    found = library.find_shown(name)
    if found is None or version != library.current.version:
        raise HTTPException(404)
    return await asset_response(request, Asset(json.dumps(found.content).encode(), "application/json"))


@router.api_route("/lesson-images/{name}", methods=READ)
async def lesson_image(name: str, request: Request) -> Response:
    """An image that a lesson shows; its name contains a hash of its content."""
    library: LessonCollection = request.app.state.library
    found = library.current.images.get(name)
    content = await asyncio.to_thread(found.read) if found is not None else None
    return await asset_response(request, Asset(content, found.type) if found is not None and content else None)


@router.api_route("/static/{version}/{path:path}", methods=READ)
async def static(version: str, path: str, request: Request) -> Response:
    """One of the page's own files."""
    assets: Assets = request.app.state.assets
    return await asset_response(request, assets.find(version, path))


@router.api_route("/catalogue.json", methods=READ)
async def catalogue_json(request: Request) -> Response:
    """The catalogue: every entry of every family."""
    text = json.dumps(catalogue(), ensure_ascii=False, allow_nan=False)
    return await asset_response(request, Asset(text.encode(), "application/json"), FRESH)


@router.get("/formula.json")
async def formula(request: Request, text: str = "") -> Response:
    """What a page needs to know of a typed formula."""
    return await asset_response(request, await formulas.description(text), FRESH)


@router.api_route("/healthz", methods=READ)
async def health(engine: EngineDependency) -> Response:
    """The server's status and the load of its compute worker."""
    return JSONResponse({"status": "ok", **engine.report()}, headers={"Cache-Control": "no-store"})


async def asset_response(request: Request, asset: Asset | None, caching: Mapping[str, str] = IMMUTABLE) -> Response:
    """An asset, which a client may by default cache forever, compressed if the client accepts gzip."""
    if asset is None:
        raise HTTPException(404)
    headers = dict(caching)
    body = asset.body
    if accepts_gzip(request.headers.get("accept-encoding", "")):
        # The first compression takes a while, so it must not block the event loop.
        compressed = await asyncio.to_thread(asset.compress)
        if compressed is not None:
            headers["Content-Encoding"], body = "gzip", compressed
    return Response(body, headers=headers, media_type=asset.type)
