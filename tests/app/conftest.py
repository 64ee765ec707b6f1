"""One application for all web tests, so that PyTorch loads its tracing modules once and frames are computed once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from cliffscape.app.main import create_app
from cliffscape.app.settings import Settings
from cliffscape.app.web.security import SecurityMiddleware
from cliffscape.landscapes.models.model_landscape import VIEWS, register_view
from cliffscape.landscapes.models.model_view import ModelView
from tests.app.responses import checked_call
from tests.landscapes.models.small_models import perceptron_view

OPENING = '<script type="application/json" id="opening">{{ opening }}</script>'
TEMPLATE = f"<!doctype html>{OPENING}{{{{ notice }}}}{{{{ [main] + kernels }}}}"


FAULTS: list[str] = []


@pytest.fixture(scope="session", autouse=True)
def every_response_is_checked() -> Iterator[None]:
    """Check the responses of all applications, at the place where the outermost middleware sends them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SecurityMiddleware, "__call__", checked_call(FAULTS.extend))
        yield


@pytest.fixture(autouse=True)
def no_response_has_faults() -> Iterator[None]:
    """A test fails if one of its responses has a fault."""
    FAULTS.clear()
    yield
    assert FAULTS == []


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings with a test page, so that the tests do not depend on the real page."""
    folder: Path = tmp_path_factory.mktemp("page")
    (folder / "page.html").write_text(TEMPLATE, encoding="utf-8")
    files = folder / "static"
    (files / "js" / "views").mkdir(parents=True)
    (files / "js" / "main.js").write_text("export const answer = 42;\n" * 100, encoding="utf-8")
    (files / "js" / "views" / "map.js").write_text("export const map = 1;\n", encoding="utf-8")
    (files / "page.css").write_text("body { margin: 0 }\n", encoding="utf-8")
    (files / "icon.png").write_bytes(b"\x89PNG not really")
    return Settings(warm=False, template_folder=folder, static_folder=files, device="cpu")


@pytest.fixture(scope="session")
def client(settings: Settings) -> Iterator[TestClient]:
    """A client of a running application."""
    with TestClient(create_app(settings), raise_server_exceptions=False) as running:
        yield running


@pytest.fixture
def view() -> Iterator[ModelView]:
    """The view of a model that this process has, under the name ``net``."""
    found = perceptron_view()
    register_view(found, "net")
    yield found
    VIEWS.clear()
