"""The web application: it creates the parts, and starts and stops the compute worker."""

import asyncio
import contextlib
import gc
import logging
from collections.abc import AsyncIterator

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from cliffscape.app.cluster.connection import create_engine
from cliffscape.app.compute.job import BusyError
from cliffscape.app.landscape_files.watcher import Watcher
from cliffscape.app.lessons.collection import LessonCollection
from cliffscape.app.runs.text_file import use_text_file
from cliffscape.app.settings import Settings
from cliffscape.app.web.access import AccessMiddleware
from cliffscape.app.web.assets.folder import Assets
from cliffscape.app.web.engine import Engine
from cliffscape.app.web.pages import Pages
from cliffscape.app.web.problems import MODEL_ERROR, Problem, log_model_error, status_problem
from cliffscape.app.web.root_path import RootPathMiddleware
from cliffscape.app.web.routes import router
from cliffscape.app.web.security import SecurityMiddleware
from cliffscape.app.web.view_training import router as view_training_router
from cliffscape.app.web.your_run.page import router as your_run_router
from cliffscape.landscapes.models.model_error import ModelError

logger = logging.getLogger(__name__)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application, with a compute worker of its own.

    Raises:
        ValueError: the settings name a missing device or cluster, a text that cannot be read, or a missing folder of
            lessons.
    """
    settings = settings or Settings()
    use_text_file(settings.text_file)
    # No API documentation: its page loads scripts from another host, which the security policy forbids.
    app = FastAPI(
        title="Cliffscape", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False
    )
    app.state.engine = create_engine(settings)
    app.state.library = LessonCollection(settings)
    app.state.watcher = Watcher(settings.landscape_files)
    app.state.assets = Assets(settings.static_folder, settings.reload)
    app.state.pages = Pages(settings.template_folder, app.state.assets, settings.reload, app.state.library)
    app.include_router(router)
    app.include_router(your_run_router)
    app.include_router(view_training_router)
    # The last one is called first, so refusals have the headers of all responses.
    app.add_middleware(RootPathMiddleware, root_path=settings.root_path)
    app.add_middleware(AccessMiddleware, settings=settings)
    app.add_middleware(SecurityMiddleware, settings=settings)

    @app.exception_handler(Problem)
    async def on_problem(request: Request, problem: Problem) -> Response:
        return problem.response()

    @app.exception_handler(ModelError)
    async def on_model_error(request: Request, error: ModelError) -> Response:
        log_model_error(error)
        return Problem(500, MODEL_ERROR, str(error)).response()

    @app.exception_handler(HTTPException)
    async def on_http_error(request: Request, error: HTTPException) -> Response:
        return status_problem(error).response()

    return app


@contextlib.asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Start the compute worker, and prepare the opening page in the background."""
    engine: Engine = app.state.engine
    engine.start()
    warming = asyncio.create_task(warm(app)) if engine.settings.warm else None
    yield
    if warming is not None:
        warming.cancel()
    # Stopping waits for the current chunk, so it must not block the event loop.
    await asyncio.to_thread(engine.stop)
    engine.close()


async def warm(app: FastAPI) -> None:
    """Compute the opening page in advance. A failure is only logged, because a visitor's request reports it again."""
    try:
        await app.state.engine.warm()
        await asyncio.to_thread(app.state.assets.compress)
        # Modules and caches live as long as the process. Excluding them from garbage collection avoids pauses of 0.1
        # to 0.3 s.
        gc.freeze()
    except BusyError:
        # Visitors were faster, or the server is ending.
        pass
    except Exception:
        logger.exception("preparing the opening page failed")
