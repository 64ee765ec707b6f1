"""The server stops while the page is open: the page says so, keeps its picture, and still runs its kernels.

When the server is back, the page goes on by itself, with its pictures and its training run.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import expected
from tests.browser.conftest import open_pool, run_server
from tests.browser.gallery.gallery_panel import choose_preset
from tests.browser.network.network_page import HASH, await_idle_worker
from tests.browser.network.training_page import LONG, button, count_updates, status
from tests.browser.visitor import Visitor

MORE_UPDATES = """(before) =>
  parseInt(document.getElementById('training-status').textContent.replaceAll(',', '')) > before"""
TRIES_AGAIN = re.compile("(cannot be reached|is stopping).*tr(ies|y) again")


def forget_lost_connections(visitor: Visitor) -> None:
    """The browser writes every connection that is lost or refused to the console."""
    visitor.errors[:] = [error for error in visitor.errors if "net::ERR_" not in error]


@pytest.fixture(scope="module")
def left(browser: Browser) -> Iterator[Visitor]:
    """A visitor whose server stops after the page is complete; then T is changed."""
    with run_server() as (address, process), open_pool(browser, address) as pool:
        visitor = pool.visit()
        expect(visitor.page.locator("#map[data-columns='513']")).to_be_visible()
        visitor.picture = visitor.page.evaluate(HASH, "heat")  # type: ignore[attr-defined]
        process.terminate()
        process.wait(20)
        visitor.type("landscape.sequence_length", "80")
        yield visitor
        forget_lost_connections(visitor)


def test_a_notice_says_so(left: Visitor) -> None:
    expect(left.page.locator("#notice")).to_be_visible()
    expect(left.page.locator("#notice")).to_contain_text("server")


def test_picture_and_verdict_stay(left: Visitor) -> None:
    assert left.page.evaluate(HASH, "heat") == left.picture  # type: ignore[attr-defined]
    assert left.verdicts() == expected.verdicts("")


def test_loaded_kernels_still_run(left: Visitor) -> None:
    left.type("landscape.sequence_length", "50")
    x, y = left.centre("#map-handle")
    left.drag((x, y), (x - 50, y + 10))
    left.settle()
    assert left.start() != (4.6, -1.7)
    assert left.verdicts() == expected.verdicts(left.link())
    left.choose("runs", "with")
    expect(left.sentence("without")).to_be_hidden()


def test_pictures_of_another_landscape_are_pale_and_named(left: Visitor) -> None:
    """They are those of the landscape before, while header and controls are already those of the chosen one."""
    words, handle = left.page.locator("#behind-words"), left.page.locator("#map-handle")
    expect(words).to_be_hidden()
    choose_preset(left, "ravine/0")
    expect(words).to_have_text("Still One-unit RNN, until Ravine has arrived.")
    expect(handle).to_be_hidden()
    pale = "(element) => getComputedStyle(element).opacity"
    assert [left.page.locator(part).evaluate(pale) for part in ("#heat", "#headline", "#controls")] == ["0.35"] * 2 + [
        "1"
    ]
    left.page.go_back()
    expect(words).to_be_hidden()
    expect(handle).to_be_visible()


def test_the_page_goes_on_after_a_restart_without_a_click(left: Visitor) -> None:
    left.type("landscape.sequence_length", "80")
    notice = left.page.locator("#notice")
    expect(notice).to_contain_text(TRIES_AGAIN)
    with run_server("--port", str(urlsplit(left.address).port)):
        expect(notice).to_be_hidden()
        left.until("() => location.search.includes('sequence_length=80')")
        for run, sentence in expected.verdicts(left.link()).items():
            expect(left.sentence(run)).to_have_text(sentence.partition(": ")[2])
        await_idle_worker(left)


def test_a_training_run_goes_on_after_a_restart_and_the_page_says_how(browser: Browser) -> None:
    with run_server() as (address, process), open_pool(browser, address) as pool:
        visitor = pool.visit(LONG)
        button(visitor).click()
        expect(status(visitor)).to_have_text(re.compile(r"^[1-9]"))
        process.kill()
        process.wait(20)
        notice = visitor.page.locator("#notice")
        expect(notice).to_contain_text(TRIES_AGAIN)
        before = count_updates(visitor)
        with run_server("--port", str(urlsplit(address).port)):
            expect(notice).to_contain_text("computed again from its seed")
            expect(button(visitor)).to_have_text("Pause")
            visitor.until(MORE_UPDATES, before)
            button(visitor).click()
            await_idle_worker(visitor)
            forget_lost_connections(visitor)
