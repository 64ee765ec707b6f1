"""A real server and a real Chromium, started once for all browser tests and gone before other tests go on."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Error, Playwright, ViewportSize, expect, sync_playwright

from tests.browser.visitor import Visitor

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Without SwiftShader there is no relief on a machine without a graphics card.
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--enable-unsafe-swiftshader"]
ADVICE = (
    "The browser tests need Chromium or Google Chrome: install one (apt-get install chromium-headless-shell), name it "
    "in CLIFFSCAPE_CHROMIUM, or let Playwright fetch its own (python -m playwright install --with-deps chromium)."
)
# asyncio's own word for a visitor who has left while being answered.
HARMLESS = ("socket.send() raised exception.",)
Visit = Callable[..., Visitor]
WINDOW: ViewportSize = {"width": 1280, "height": 800}

# A busy machine may take seconds where an idle one takes a tenth.
expect.set_options(timeout=20_000)


def browser_path() -> str | None:
    """Chromium or Chrome on this machine, or None for the one that Playwright may have fetched."""
    return os.environ.get("CLIFFSCAPE_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def launched(playwright: Playwright) -> Browser:
    """The browser; without one the tests fail and say how to get it."""
    try:
        return playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
    except Error as error:
        pytest.fail(f"{ADVICE}\n{error.message}", pytrace=False)


@contextmanager
def serving(*options: str, expected: tuple[str, ...] = ()) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """`cliffscape serve` on a free port, its address and its process; what it complains about, unless that is
    `expected`, fails the test."""
    command = [str(Path(sys.executable).with_name("cliffscape")), "serve", "--port", "0", *options]
    # The code beside these tests, wherever the installed one may be.
    here = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=here)
        assert process.stdout is not None
        words = process.stdout.readline().split()
        try:
            assert words, "the server ended before it said where it is"
            yield words[3].rstrip("/"), process
        finally:
            process.terminate()
            process.wait(20)
            process.stdout.close()
            log.seek(0)
            complaints = [line for line in log if line.strip() not in (*HARMLESS, *expected)]
        assert not complaints, f"the server wrote: {''.join(complaints)}"


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; each has a context of its own."""
    with sync_playwright() as playwright:
        browser = launched(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def address() -> Iterator[str]:
    """Where the server is."""
    with serving() as (address, _):
        yield address


class Reception:
    """Lets visitors in, and sees to it that none of them has met an error."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        self.address = address
        self.visitors: list[Visitor] = []
        self.regulars: dict[str, Visitor] = {}

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

    def regular(self, **options: Any) -> Visitor:
        """Whoever came before with the same options."""
        kind = repr(sorted(options.items()))
        if kind not in self.regulars:
            self.regulars[kind] = self.visit(**options)
        return self.regulars[kind]

    def troubles(self) -> list[str]:
        """What went wrong for any visitor since the last call."""
        found = [trouble for visitor in self.visitors for trouble in visitor.troubles]
        for visitor in self.visitors:
            visitor.troubles.clear()
        return found

    def close(self) -> None:
        """Show all visitors out."""
        for visitor in self.visitors:
            visitor.page.context.close()
        self.visitors.clear()
        self.regulars.clear()


@contextmanager
def receiving(browser: Browser, address: str) -> Iterator[Reception]:
    """A reception that closes at the end of the block."""
    reception = Reception(browser, address)
    yield reception
    troubles = reception.troubles()
    reception.close()
    assert troubles == []


@pytest.fixture(scope="module")
def long_visit(browser: Browser, address: str) -> Iterator[Visit]:
    """`long_visit(query, relief=False, **context_options)`: a visitor whom all tests of a module share."""
    with receiving(browser, address) as reception:
        yield reception.visit


@pytest.fixture
def fresh_visit(browser: Browser, address: str) -> Iterator[Visit]:
    """`fresh_visit(query, relief=False, **context_options)`: a visitor who opens the page of that link."""
    with receiving(browser, address) as reception:
        yield reception.visit


@pytest.fixture(scope="package")
def regulars(browser: Browser, address: str) -> Iterator[Reception]:
    """The reception of regular visitors, who stay from test to test."""
    with receiving(browser, address) as reception:
        yield reception


@pytest.fixture
def visit(regulars: Reception, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """`visit(query, **context_options)`: a regular visitor turns to that Scene, which takes less than opening the page.

    Window, theme and motion are put back when the next test asks for other ones; for what a profile is born with, such
    as a touch screen, there is a regular of its own. Tests that change the page from within take a fresh one.
    """
    failures = request.session.testsfailed

    def turn_to(
        query: str = "",
        viewport: ViewportSize = WINDOW,
        color_scheme: Literal["light", "dark"] = "light",
        reduced_motion: Literal["reduce", "no-preference"] = "no-preference",
        **options: Any,
    ) -> Visitor:
        visitor = regulars.regular(**options)
        visitor.page.emulate_media(color_scheme=color_scheme, reduced_motion=reduced_motion)
        visitor.page.set_viewport_size(viewport)
        visitor.turn_to(query)
        return visitor

    yield turn_to
    troubles = regulars.troubles()
    if troubles or request.session.testsfailed > failures:
        # Who knows what state the page was left in: the next test gets another one.
        regulars.close()
    assert troubles == []
