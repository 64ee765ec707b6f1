"""A real server and a real Chromium, started once for all browser tests and stopped before the other tests run."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Error, Playwright, ViewportSize, expect, sync_playwright

from tests.browser.server_process import run_server
from tests.browser.visitor import Visitor

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    # Without SwiftShader there is no relief on a machine without a graphics card.
    "--enable-unsafe-swiftshader",
    # The watchdog takes a machine that stands still for seconds for a hung driver, and empties all canvases.
    "--disable-gpu-watchdog",
]
ADVICE = (
    "The browser tests need Chromium or Google Chrome: install one (apt-get install chromium-headless-shell), name it "
    "in CLIFFSCAPE_CHROMIUM, or let Playwright fetch its own (python -m playwright install --with-deps chromium)."
)
Visit = Callable[..., Visitor]
WINDOW: ViewportSize = {"width": 1280, "height": 800}

# A busy machine may take seconds for what takes an idle one a tenth of a second.
expect.set_options(timeout=20_000)


def browser_path() -> str | None:
    """Chromium or Chrome on this machine, or None for the one that Playwright may have fetched."""
    return os.environ.get("CLIFFSCAPE_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def launch(playwright: Playwright) -> Browser:
    """The browser. Without one the tests fail and say how to install it."""
    try:
        return playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
    except Error as error:
        pytest.fail(f"{ADVICE}\n{error.message}", pytrace=False)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; each has a context of its own."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def address() -> Iterator[str]:
    """The address of the server."""
    with run_server(warm=True) as (address, _):
        yield address


class VisitorPool:
    """Opens visitors on one server, keeps some for later tests, and collects the errors of all of them."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        self.address = address
        self.visitors: list[Visitor] = []
        self.shared: dict[str, Visitor] = {}

    def visit(self, query: str = "", *, relief: bool = False, predicting: bool = False, **options: Any) -> Visitor:
        """A visitor with a browser profile of its own on the page of a link; `predicting`: no verdict is shown yet."""
        context = self.browser.new_context(**{"viewport": WINDOW, **options})
        visitor = Visitor(context.new_page(), self.address)
        self.visitors.append(visitor)
        if not relief:
            visitor.leave_out_the_relief()
        visitor.open(query, predicting)
        if relief:
            visitor.await_relief()
        return visitor

    def shared_visitor(self, **options: Any) -> Visitor:
        """The visitor that earlier tests with the same options used."""
        kind = repr(sorted(options.items()))
        if kind not in self.shared:
            self.shared[kind] = self.visit(**options)
        return self.shared[kind]

    def errors(self) -> list[str]:
        """The errors of all visitors since the last call."""
        found = [error for visitor in self.visitors for error in visitor.errors]
        for visitor in self.visitors:
            visitor.errors.clear()
        return found

    def close(self) -> None:
        """Close all visitors."""
        for visitor in self.visitors:
            visitor.page.context.close()
        self.visitors.clear()
        self.shared.clear()


@contextmanager
def open_pool(browser: Browser, address: str) -> Iterator[VisitorPool]:
    """A pool that is closed at the end of the block, and fails if a visitor had an error."""
    pool = VisitorPool(browser, address)
    yield pool
    errors = pool.errors()
    # Closed before the check, so that a failure leaves no page open.
    pool.close()
    assert errors == []


@pytest.fixture(scope="module")
def long_visit(browser: Browser, address: str) -> Iterator[Visit]:
    """`long_visit(query, relief=False, **context_options)`: a visitor that all tests of a module share."""
    with open_pool(browser, address) as pool:
        yield pool.visit


@pytest.fixture
def fresh_visit(browser: Browser, address: str) -> Iterator[Visit]:
    """`fresh_visit(query, relief=False, **context_options)`: a new visitor on the page of that link."""
    with open_pool(browser, address) as pool:
        yield pool.visit


@pytest.fixture(scope="package")
def shared_visitors(browser: Browser, address: str) -> Iterator[VisitorPool]:
    """The pool of visitors that are kept from test to test."""
    with open_pool(browser, address) as pool:
        yield pool


@pytest.fixture
def visit(shared_visitors: VisitorPool, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """`visit(query, **context_options)`: a shared visitor goes to that Scene, which is faster than opening the page.

    Window size, theme and motion are set for every visit. Options that a browser profile fixes when it is created,
    such as a touch screen, have a shared visitor of their own. Tests that change the page's scripts or storage use
    `fresh_visit`.
    """
    failures = request.session.testsfailed

    def turn_to(
        query: str = "",
        viewport: ViewportSize = WINDOW,
        color_scheme: Literal["light", "dark"] = "light",
        reduced_motion: Literal["reduce", "no-preference"] = "no-preference",
        **options: Any,
    ) -> Visitor:
        visitor = shared_visitors.shared_visitor(**options)
        visitor.page.emulate_media(color_scheme=color_scheme, reduced_motion=reduced_motion)
        visitor.page.set_viewport_size(viewport)
        visitor.turn_to(query)
        return visitor

    yield turn_to
    errors = shared_visitors.errors()
    if errors or request.session.testsfailed > failures:
        # The page may be in any state, so the next test gets a new one.
        shared_visitors.close()
    assert errors == []
