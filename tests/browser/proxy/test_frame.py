"""The page in a frame on a page of another origin: shown if `frame_ancestors` names that origin, else blank."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import run_server
from tests.browser.proxy.prefix_proxy import serving


class Platform(BaseHTTPRequestHandler):
    """A learning platform: every address is a page with a frame; `isolated` pages require that frames are too."""

    target = ""

    def do_GET(self) -> None:
        """The page."""
        body = f'<!doctype html><title>Platform</title><iframe src="{self.target}/" width=1200 height=800></iframe>'
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        if self.path == "/isolated":
            self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Write nothing."""


@contextmanager
def platform(target: str) -> Iterator[str]:
    """The address of a platform that shows a server's page."""
    handler = type("Handler", (Platform,), {"target": target})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server, serving(server):
        yield f"http://127.0.0.1:{server.server_port}"


@pytest.fixture(scope="module")
def framing() -> Iterator[str]:
    """The address of a server that names the platform."""
    with run_server("--frame-ancestors", "self,http://127.0.0.1:*") as (address, _):
        yield address


@pytest.mark.parametrize("path", ["/", "/isolated"])
def test_a_named_platform_shows_the_page(browser: Browser, framing: str, path: str) -> None:
    with platform(framing) as url:
        page = browser.new_page()
        page.goto(f"{url}{path}")
        frame = page.frame_locator("iframe")
        expect(frame.locator(".verdict .sentence:not(:empty)").first).to_be_visible()
        expect(frame.locator("#map[data-columns='513']")).to_be_visible()
        page.close()


def test_another_platform_shows_a_blank_frame(browser: Browser, address: str) -> None:
    with platform(address) as url:
        page = browser.new_page()
        with page.expect_response(lambda one: one.url == f"{address}/") as coming:
            page.goto(url)
        assert coming.value.status == 403
        assert page.frame_locator("iframe").locator("#map").count() == 0
        page.close()
