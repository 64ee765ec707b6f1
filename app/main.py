"""The web application: routes, and what starts and stops with it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from app import recipes, stream
from app.assets import Asset, Assets, Plotly
from app.catalogue import catalogue
from app.guard import Guard
from app.lane import BusyError, DeadlineError
from app.pages import Pages, read_link
from app.plan import opening
from app.problems import Problem, from_status, invalid
from app.settings import Settings
from app.workbench import Workbench
from landscapes.tracing import UntraceableError

IMMUTABLE = {"Cache-Control": "public, max-age=31536000, immutable"}
FRESH = {"Cache-Control": "no-cache"}


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application, with a compute lane of its own."""
    settings = settings or Settings()
    app = FastAPI(title="Cliffscape", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.bench = Workbench(settings)
    app.state.plotly = Plotly()
    app.state.assets = Assets(settings.static_folder, settings.reload)
    app.state.pages = Pages(settings.template_folder, app.state.assets, settings.reload)
    app.add_middleware(Guard)

    @app.exception_handler(Problem)
    async def problem(request: Request, problem: Problem) -> Response:
        return problem.response()

    @app.exception_handler(HTTPException)
    async def status(request: Request, error: HTTPException) -> Response:
        return from_status(error.status_code).response()

    routes(app)
    return app


@contextlib.asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Start the compute lane, and get the opening page ready in the background."""
    bench: Workbench = app.state.bench
    bench.lane.start()
    tasks = []
    if bench.settings.warm:
        tasks = [
            asyncio.create_task(bench.warm()),
            asyncio.create_task(asyncio.to_thread(lambda: app.state.plotly.asset)),
        ]
    yield
    for task in tasks:
        task.cancel()
    await asyncio.to_thread(bench.lane.stop)


def workbench(request: Request) -> Workbench:
    """The server's workbench."""
    bench: Workbench = request.app.state.bench
    return bench


Bench = Annotated[Workbench, Depends(workbench)]


def served(request: Request, asset: Asset | None) -> Response:
    """An asset, compressed where the client takes it."""
    if asset is None:
        raise HTTPException(404)
    headers = {**IMMUTABLE, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", "") and asset.compressed is not None:
        return Response(asset.compressed, headers={**headers, "Content-Encoding": "gzip"}, media_type=asset.type)
    return Response(asset.body, headers=headers, media_type=asset.type)


def routes(app: FastAPI) -> None:
    """Add every route."""

    @app.get("/")
    async def page(request: Request, bench: Bench) -> Response:
        scene, notice = read_link(dict(request.query_params))
        try:
            frames = await bench.opening(opening(scene))
        except (BusyError, DeadlineError):
            frames = []  # the page asks again by itself
        pages: Pages = request.app.state.pages
        return Response(pages.page(scene, notice, frames), headers=FRESH, media_type="text/html")

    @app.post("/frames")
    async def frames(request: Request, bench: Bench) -> Response:
        return await stream.frames(request, bench)

    @app.get("/kernels/{name}.js")
    async def kernel(name: str, request: Request, bench: Bench) -> Response:
        try:
            recipe = recipes.read(dict(request.query_params))
            source = await bench.kernel(recipe)
        except ValidationError as error:
            raise invalid(error) from None
        except (recipes.RecipeError, UntraceableError) as error:
            raise Problem(422, "Not a kernel's recipe", str(error)) from None
        except BusyError:
            raise stream.busy() from None
        if recipes.content_hash(source) != name:
            raise HTTPException(404)
        return Response(source, headers=IMMUTABLE, media_type="text/javascript")

    @app.get("/static/{version}/{path:path}")
    async def static(version: str, path: str, request: Request) -> Response:
        return served(request, request.app.state.assets.find(version, path))

    @app.get(Plotly.address)
    async def plotly(request: Request) -> Response:
        return served(request, await asyncio.to_thread(lambda: request.app.state.plotly.asset))

    @app.get("/catalogue.json")
    async def choices() -> Response:
        return JSONResponse(catalogue(), headers=FRESH)

    @app.get("/healthz")
    async def health(bench: Bench) -> Response:
        device, lane = str(bench.tools.device), bench.lane.report()
        return JSONResponse({"status": "ok", "device": device, "threads": bench.threads, "lane": lane})
