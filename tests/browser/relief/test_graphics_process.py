"""The browser's graphics process restarts, as after a crash of the driver: all pictures of the page come back."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import ARGUMENTS, browser_path, open_pool
from tests.browser.gallery.gallery_panel import await_pictures, open_gallery
from tests.browser.outcomes.outcome_map import FINEST, await_outcome_map
from tests.browser.visitor import Visitor

QUERY = "?landscape=product_of_weights&optimizer.learning_rate=0.03&clip.threshold=1&steps=100&map=outcomes"

# The canvases of this project; those of Plotly have a test in test_overflow.py.
PICTURES = """() => Object.fromEntries([...document.querySelectorAll('canvas[id], .card canvas')]
  .filter((canvas) => canvas.width && canvas.checkVisibility())
  .map((canvas, k) => [canvas.id || `thumbnail ${k}`, canvas.toDataURL()]))"""
SAME = f"""(before) => {{
  const now = ({PICTURES})();
  return Object.keys(before).every((id) => now[id] === before[id]);
}}"""


@pytest.fixture
def visitor(browser: Browser, address: str) -> Iterator[Visitor]:
    """A visitor in a browser of its own, because the graphics process serves all pages of a browser."""
    own = browser.browser_type.launch(executable_path=browser_path(), args=ARGUMENTS)
    with open_pool(own, address) as pool:
        yield pool.visit(QUERY)
    own.close()


def restart_graphics(visitor: Visitor) -> None:
    browser = visitor.page.context.browser
    assert browser
    browser.new_browser_cdp_session().send("Browser.crashGpuProcess")


def test_every_picture_comes_back(visitor: Visitor) -> None:
    await_outcome_map(visitor, FINEST)
    visitor.frames(5)
    before = visitor.page.evaluate(PICTURES)
    assert {"heat", "map-overlay", "outcomes-with", "outcomes-without", "lens-canvas"} <= set(before)
    restart_graphics(visitor)
    visitor.until(SAME, before)


def test_the_thumbnails_of_the_open_gallery_come_back(visitor: Visitor) -> None:
    """Only they: the outcome maps behind the gallery may still be computed."""
    open_gallery(visitor)
    await_pictures(visitor)
    pictures = visitor.page.evaluate(PICTURES)
    before = {name: picture for name, picture in pictures.items() if name.startswith("thumbnail")}
    assert before
    restart_graphics(visitor)
    visitor.until(SAME, before)
