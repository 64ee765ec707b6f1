"""The page of a small recurrent network, and what is read from it."""

from playwright.sync_api import Page, expect

from tests.browser import expected
from tests.browser.visitor import Visitor

# A small network, so that the tests do not wait for it.
NET = "?landscape=recurrent_network&landscape.batch_size=4&cell.hidden_units=8&task.sequence_length=12&steps=20"
HASH = """(id) => {
  const canvas = document.getElementById(id);
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return new Uint32Array(data.buffer).reduce((sum, pixel) => (sum * 31 + pixel) | 0, 7);
}"""
UNNAMED = """() => [...document.querySelectorAll('input, select, button, canvas[role=img], progress')]
  .filter((e) => e.checkVisibility())
  .filter((e) => !(e.labels?.length || e.ariaLabel || e.textContent.trim()))
  .map((e) => e.outerHTML)"""


def picture_key(page: Page) -> str | None:
    """The key of the picture on the map."""
    return page.locator("#map").get_attribute("data-key")


def await_other_picture(visitor: Visitor, before: str | None) -> None:
    """Wait for a picture with another key."""
    visitor.until("(key) => document.getElementById('map').dataset.key !== key", before)


def await_finest_picture(visitor: Visitor) -> None:
    """Wait for the finest picture of the Scene in the address."""
    visitor.until("(key) => document.getElementById('map').dataset.key === key", expected.picture(visitor.link()))


def await_link_with(visitor: Visitor, part: str) -> None:
    """Wait until the address has this part."""
    visitor.until("(part) => decodeURIComponent(location.search).includes(part)", part)


def await_link_without(visitor: Visitor, part: str) -> None:
    """Wait until the address has no such part."""
    visitor.until("(part) => !decodeURIComponent(location.search).includes(part)", part)


def expect_verdicts(visitor: Visitor) -> None:
    """Expect the verdicts of the Scene in the address."""
    for run, said in expected.verdicts(visitor.link()).items():
        expect(visitor.sentence(run)).to_have_text(said.partition(": ")[2])


def await_idle_worker(visitor: Visitor) -> dict[str, int]:
    """The compute worker's counters, once it has nothing to do."""
    while True:
        worker: dict[str, int] = visitor.page.request.get(f"{visitor.address}/healthz").json()["worker"]
        if not worker["active"] + worker["queued"]:
            return worker
        visitor.frames(2)
