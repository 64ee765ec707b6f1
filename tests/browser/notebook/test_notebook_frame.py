"""The frame on the pages of notebooks: on this machine, behind the proxies of Jupyter, and in Colab."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from cliffscape.app.notebook.frame import frame_html
from cliffscape.app.notebook.show import Page as ShownPage
from tests.browser.notebook.conftest import LINK
from tests.browser.proxy.prefix_proxy import serving

HUB = "http://hub.example.org"
PATH = f"/token/{LINK}"
# No server listens on this port.
ABSENT = f"http://127.0.0.1:9{PATH}"


class Notebook(BaseHTTPRequestHandler):
    """Every address is the same page."""

    content = b""

    def do_GET(self) -> None:
        """The page."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(self.content)

    def log_message(self, format: str, *args: Any) -> None:
        """Write nothing."""


def document(frame: str, base: str = "", script: str = "") -> bytes:
    """A page with a frame as the output of a cell; `base` is the path of its Jupyter server."""
    config = f'<script id="jupyter-config-data" type="application/json">{json.dumps({"baseUrl": base})}</script>'
    return f"<!doctype html><script>{script}</script>{config if base else ''}{frame}".encode()


@contextmanager
def near_notebook(context: BrowserContext, content: bytes) -> Iterator[Page]:
    """A notebook of this machine. Its server is a real one: a browser lets no other page reach this machine."""
    handler = type("Handler", (Notebook,), {"content": content})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server, serving(server):
        page = context.new_page()
        page.goto(f"http://localhost:{server.server_port}/lab")
        yield page
        page.close()


def far_notebook(context: BrowserContext, content: bytes) -> Page:
    """A notebook of another machine."""
    context.route(f"{HUB}/lab", lambda route: route.fulfill(body=content, content_type="text/html"))
    page = context.new_page()
    page.goto(f"{HUB}/lab")
    return page


def expect_page(page: Page) -> None:
    """The frame shows the page with its verdict and its map."""
    frame = page.frame_locator("iframe")
    expect(frame.locator(".verdict .sentence:not(:empty)").first).to_be_visible()
    expect(frame.locator("#map[data-columns='513']")).to_be_visible()


def expect_address(page: Page, address: str) -> None:
    """The frame and the link lead to an address."""
    expect(page.locator("iframe")).to_have_attribute("src", address)
    expect(page.get_by_text("Open in a new tab")).to_have_attribute("href", address)


@pytest.mark.parametrize("base", ["/", ""], ids=["Jupyter", "another notebook"])
def test_on_this_machine_the_frame_shows_the_page(context: BrowserContext, shown: ShownPage, base: str) -> None:
    with near_notebook(context, document(shown._repr_html_(), base)) as page:
        expect_page(page)
        expect_address(page, shown.url)


def test_the_link_opens_the_page_in_a_tab(context: BrowserContext, shown: ShownPage) -> None:
    with near_notebook(context, document(shown._repr_html_())) as page:
        with context.expect_page() as opening:
            page.get_by_text("Open in a new tab").click()
        expect(opening.value.locator("#map[data-columns='513']")).to_be_visible()
        assert opening.value.url == shown.url


def test_elsewhere_the_frame_leads_through_the_proxy_of_jupyter(context: BrowserContext, shown: ShownPage) -> None:
    server = urlsplit(shown.url)
    prefix = f"/user/ada/proxy/{server.port}"

    def pass_on(route: Route) -> None:
        if "plotly" in route.request.url:
            route.fallback()
            return
        # As jupyter-server-proxy does: without the prefix, and with the Host that the browser sent.
        address = f"http://{server.netloc}{route.request.url.removeprefix(HUB + prefix)}"
        headers = {**route.request.all_headers(), "host": "hub.example.org"}
        route.fulfill(response=route.fetch(url=address, headers=headers))

    context.route(f"{HUB}{prefix}/**", pass_on)
    page = far_notebook(context, document(shown._repr_html_(), "/user/ada/"))
    expect_address(page, f"{prefix}{server.path}{LINK}")
    expect_page(page)


def test_a_kernel_behind_a_tunnel_is_reached_through_the_proxy_of_jupyter(context: BrowserContext) -> None:
    with near_notebook(context, document(frame_html(ABSENT, PATH, 9, 500, None), "/")) as page:
        expect_address(page, f"/proxy/9{PATH}")


def test_colab_gives_the_address_of_a_port(context: BrowserContext) -> None:
    ports = "window.google = {colab: {kernel: {proxyPort: async (port) => `https://${port}.colab.example/`}}}"
    page = far_notebook(context, document(frame_html(ABSENT, PATH, 9, 500, None), script=ports))
    expect_address(page, f"https://9.colab.example{PATH}")
