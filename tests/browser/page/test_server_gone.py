"""The server stops while the page is open: the page says so, keeps its picture, and still runs its kernels."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import expected
from tests.browser.conftest import open_pool, run_server
from tests.browser.visitor import Visitor

PICTURE = """() => {
  const canvas = document.getElementById('heat');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return new Uint32Array(data.buffer).reduce((sum, pixel) => (sum * 31 + pixel) | 0, 7);
}"""


@pytest.fixture(scope="module")
def left(browser: Browser) -> Iterator[Visitor]:
    """A visitor whose server stops after the page is complete and T is changed."""
    with run_server() as (address, process), open_pool(browser, address) as pool:
        visitor = pool.visit()
        expect(visitor.page.locator("#map[data-columns='513']")).to_be_visible()
        visitor.picture = visitor.page.evaluate(PICTURE)  # type: ignore[attr-defined]
        process.terminate()
        process.wait(20)
        visitor.type("landscape.sequence_length", "80")
        yield visitor
        # The browser writes every refused connection to the console.
        visitor.errors[:] = [error for error in visitor.errors if "ERR_CONNECTION_REFUSED" not in error]


def test_a_notice_says_so(left: Visitor) -> None:
    expect(left.page.locator("#notice")).to_be_visible()
    expect(left.page.locator("#notice")).to_contain_text("server")


def test_picture_and_verdict_stay(left: Visitor) -> None:
    assert left.page.evaluate(PICTURE) == left.picture  # type: ignore[attr-defined]
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
